"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01), A5, with a QR code.

Number, title and the fields of the form come from the dossier's rule set (Thông tư
01/2018/TT-VPCP, then 03/2025/TT-VPCP): `forms["receipt"]` = {"number", "title"} and, when a
circular changes them, "fields" in its order. The citizen's number and phone are printed masked:
a receipt that is lost tells nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.models import Agency
from dossiers.models import Dossier
from dossiers.secrets import decrypt, mask
from motcua import papers, pdf
from motcua.errors import DomainError
from procedures.models import ProcedureVersion, RuleSet

FIELDS = (
    "counter", "holder", "address", "phone", "email", "citizen_id", "request", "components",
    "sets", "limit", "received", "due", "delivery", "fees", "register",
)  # fmt: skip
DEFAULT_FORM = {"number": "01", "title": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"}


class NoReceiptYet(DomainError):
    code = "no_receipt_yet"
    message = "Hồ sơ chưa được tiếp nhận nên chưa có giấy tiếp nhận."


@dataclass(frozen=True)
class Line:
    """One field of the form; `rows` for the table of papers handed in."""

    label: str
    value: str = ""
    rows: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What stands on the paper, the fields of the form in its order."""

    heading: papers.Heading
    number: str
    title: str
    code: str
    place: str
    day: str
    lines: tuple[Line, ...]
    handed_in_by: str
    taken_in_by: str
    link: str
    created: datetime
    is_demo: bool


def receipt_pdf(dossier: Dossier) -> bytes:
    """The receipt as an A5 PDF; the same dossier always gives the same paper."""
    receipt = receipt_of(dossier)
    qr = segno.make(receipt.link, error="m").svg_inline(border=0, omitsize=True)
    return pdf.render(render_to_string("papers/receipt.html", {"receipt": receipt, "qr": qr}))


def receipt_of(dossier: Dossier) -> Receipt:
    if dossier.accepted_at is None or dossier.code is None:
        raise NoReceiptYet
    # read anew: the act of intake hands on a rule set without its forms
    forms = RuleSet.objects.values_list("forms", flat=True).get(pk=dossier.rule_set_id)
    form = {**DEFAULT_FORM, **forms.get("receipt", {})}
    committee = dossier.lodged_at.committee or dossier.lodged_at
    return Receipt(
        heading=_heading(dossier.lodged_at),
        number=form["number"],
        title=form["title"],
        code=dossier.code,
        place=papers.place(committee.name),
        day=papers.day_line(timezone.localdate(dossier.accepted_at)),
        lines=tuple(_WRITERS[field](dossier) for field in form.get("fields", FIELDS)),
        handed_in_by=(dossier.applicant.name if dossier.applicant else dossier.holder_name),
        taken_in_by=_taken_in_by(dossier),
        link=lookup_link(dossier),
        created=dossier.accepted_at,
        is_demo=dossier.is_demo,
    )


def lookup_link(dossier: Dossier) -> str:
    """The public look-up of the dossier: an unguessable id, nothing personal."""
    return f"{settings.PUBLIC_URL}/tra-cuu/{dossier.public_id}"


def _heading(agency: Agency) -> papers.Heading:
    above = agency.committee or agency.parent
    return papers.Heading(
        papers.in_capitals(above.name) if above else None, papers.in_capitals(agency.name)
    )


def _taken_in_by(dossier: Dossier) -> str:
    event = dossier.events.filter(to_status=2, actor__isnull=False).select_related("actor").first()
    return str(event.actor) if event else ""


def _masked(cipher: bytes | memoryview | None) -> str:
    return mask(decrypt(bytes(cipher))) if cipher else ""


def _components(dossier: Dossier) -> Line:
    rows = tuple((p.name, p.get_form_display(), p.quantity) for p in dossier.components.all())
    return Line("Thành phần hồ sơ nộp", "" if rows else "theo danh mục đã công khai", rows)


def _limit(dossier: Dossier) -> Line:
    version = dossier.version
    unit = ProcedureVersion.Unit(version.limit_unit).label
    return Line("Thời gian giải quyết hồ sơ theo quy định", f"{version.limit_value} {unit}")


def _due(dossier: Dossier) -> Line:
    due = dossier.original_due_at
    return Line("Thời gian trả kết quả giải quyết hồ sơ", papers.moment(due) if due else "")


def _fees(dossier: Dossier) -> Line:
    fees = [f"{fee.name}: {papers.number(fee.amount_vnd)} đồng" for fee in dossier.fees.all()]
    return Line("Phí, lệ phí", "; ".join(fees) or "không")


def _counter(dossier: Dossier) -> Line:
    return Line("Bộ phận tiếp nhận và trả kết quả", dossier.lodged_at.name)


def _received(dossier: Dossier) -> Line:
    assert dossier.accepted_at is not None
    return Line("Thời gian nhận hồ sơ", papers.moment(dossier.accepted_at))


def _register(dossier: Dossier) -> Line:
    running = (dossier.code or "").rsplit("-", 1)[-1]
    return Line("Vào Sổ theo dõi hồ sơ", f"Quyển số: ……, Số thứ tự: {running}")


_WRITERS: dict[str, Callable[[Dossier], Line]] = {
    "counter": _counter,
    "holder": lambda d: Line("Tiếp nhận hồ sơ của", d.holder_name),
    "address": lambda d: Line("Địa chỉ", d.holder_address),
    "phone": lambda d: Line("Số điện thoại", _masked(d.holder.phone_cipher)),
    "email": lambda d: Line("Email", d.holder.email),
    "citizen_id": lambda d: Line("Số định danh/Mã số thuế", _masked(d.holder.citizen_id_cipher)),
    "request": lambda d: Line("Nội dung yêu cầu giải quyết", d.summary or d.version.name),
    "components": _components,
    "sets": lambda _: Line("Số lượng hồ sơ", "01 (bộ)"),
    "limit": _limit,
    "received": _received,
    "due": _due,
    "delivery": lambda d: Line("Đăng ký nhận kết quả", d.get_delivery_display()),
    "fees": _fees,
    "register": _register,
}
