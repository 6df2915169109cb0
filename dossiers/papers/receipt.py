"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01 of both circulars)."""

from django.db.models import Prefetch

from dossiers.models import DossierEvent, SlipKind
from dossiers.papers.content import SIGN_HERE, Content, Field, Signature, Source, Table, Value
from dossiers.papers.fields import ADDRESS, EMAIL, HOLDER, PHONE, REQUEST, masked, submitter
from motcua.papers import moment, number
from procedures.models import ProcedureVersion

COLUMNS = ("STT", "Tên giấy tờ", "Loại", "Số lượng")
ACCEPTANCES = Prefetch(
    "dossier__events",
    DossierEvent.objects.filter(to_status=2, actor__isnull=False).select_related("actor"),
    to_attr="acceptances",
)


def taken_in_by(source: Source) -> str:
    found: list[DossierEvent] = source.dossier.acceptances  # type: ignore[attr-defined]
    return str(found[0].actor) if found else ""


def _components(source: Source) -> Value:
    handed_in = source.dossier.components.all()
    rows = tuple(
        (str(place), one.name, one.get_form_display(), str(one.quantity))
        for place, one in enumerate(handed_in, start=1)
    )
    if not rows:
        return "theo danh mục đã công khai"
    return Table(COLUMNS, rows, frozenset({0, 2, 3}))


def _limit(source: Source) -> str:
    version = source.dossier.version
    return f"{version.limit_value} {ProcedureVersion.Unit(version.limit_unit).label}"


def _received(source: Source) -> str:
    return moment(source.dossier.accepted_at) if source.dossier.accepted_at else ""


def _due(source: Source) -> str:
    due = source.dossier.original_due_at
    return moment(due) if due else ""


def _fees(source: Source) -> str:
    fees = source.dossier.fees.all()
    return "; ".join(f"{fee.name}: {number(fee.amount_vnd)} đồng" for fee in fees) or "không"


def _register(source: Source) -> str:
    dossier = source.dossier
    volume, line = dossier.register_volume or "……", dossier.register_number or "……"
    return f"Quyển số: {volume}, Số thứ tự: {line}"


def _delivery(source: Source) -> str:
    return str(source.dossier.get_delivery_display())


def _signatures(source: Source) -> tuple[Signature, ...]:
    return (
        Signature("NGƯỜI NỘP HỒ SƠ", SIGN_HERE, submitter(source.dossier)),
        Signature("NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN_HERE, taken_in_by(source)),
    )


CONTENT = Content(
    kind=SlipKind.RECEIPT,
    fields=(
        Field("counter", "Bộ phận tiếp nhận và trả kết quả", lambda s: s.dossier.lodged_at.name),
        HOLDER,
        ADDRESS,
        PHONE,
        EMAIL,
        Field(
            "citizen_id",
            "Số định danh/Mã số thuế",
            lambda s: masked(s.dossier.holder.citizen_id_cipher),
        ),
        REQUEST,
        Field("components", "Thành phần hồ sơ nộp", _components),
        Field("sets", "Số lượng hồ sơ", lambda _: "01 (bộ)"),
        Field("limit", "Thời gian giải quyết hồ sơ theo quy định", _limit),
        Field("received", "Thời gian nhận hồ sơ", _received),
        Field("due", "Thời gian trả kết quả giải quyết hồ sơ", _due),
        Field("delivery", "Đăng ký nhận kết quả", _delivery),
        Field("fees", "Phí, lệ phí", _fees),
        Field("register", "Vào Sổ theo dõi hồ sơ", _register),
    ),
    signatures=_signatures,
    notes=(
        "Giấy này lập thành 02 liên: một liên giao cho người nộp hồ sơ, một liên lưu tại Bộ phận "
        "tiếp nhận và trả kết quả. Khi đến nhận kết quả, mang theo giấy này và giấy tờ tùy thân; "
        "người được ủy quyền mang theo giấy ủy quyền. Tra cứu tình trạng hồ sơ: quét mã QR.",
    ),
    needs=("dossier__components", "dossier__fees", ACCEPTANCES),
)
