"""Which lists can be exported, and what stands in their rows."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from agencies.models import Agency, User
from agencies.scope import Scope, scope_of
from dossiers import errors, register, register_paper, work_lists
from dossiers.export_files import Table, Value
from dossiers.models import Dossier, Export
from dossiers.querysets import DossierQuerySet
from dossiers.register import Filters
from dossiers.register_form import RegisterFilter
from dossiers.secrets import decrypt, mask
from dossiers.time_left import time_left
from dossiers.work_filter import ListFilter, WorkFilter

Kind, Format = Export.Kind, Export.Format
NAMES = {"work": "viec", "list": "ho-so", "register": "so-theo-doi"}
OFFERED = {(kind, made) for kind in Kind for made in (Format.XLSX, Format.CSV)}
OFFERED.add((Kind.REGISTER, Format.PDF))
# What is laid out in a minute; more than that goes to the other formats.
MOST_PRINTED = 5000
_AT_ONCE = 1000
COLUMNS = (
    ("Mã hồ sơ", 28),
    ("Chủ hồ sơ", 28),
    ("Số định danh", 16),
    ("Điện thoại", 14),
    ("Mã thủ tục", 14),
    ("Thủ tục", 50),
    ("Lĩnh vực", 24),
    ("Kênh", 12),
    ("Trạng thái", 22),
    ("Tiếp nhận", 17),
    ("Hẹn trả ban đầu", 17),
    ("Hẹn trả", 17),
    ("Hẹn lại", 17),
    ("Thời hạn", 22),
    ("Có kết quả", 17),
    ("Trả kết quả", 17),
    ("Đang giữ", 36),
    ("Người xử lý", 26),
)


def check(kind: str, query: str, user: User, now: datetime) -> None:
    """Refuses a question that no list would answer."""
    if kind == Kind.REGISTER:
        _register(query, scope_of(user, timezone.localdate(now)))
    elif not _form(kind, query, scope_of(user, timezone.localdate(now))).is_valid():
        raise errors.ExportRefused("Điều kiện lọc không hợp lệ.")


def table(kind: str, query: str, user: User, scope: Scope, now: datetime) -> Table:
    """The list as it is asked for, in the scope of whoever asks."""
    if kind == Kind.REGISTER:
        return _register_table(query, scope, now)
    form = _form(kind, query, scope)
    if not form.is_valid():
        raise errors.ExportRefused("Điều kiện lọc không hợp lệ.")
    found, order = _asked(form, user, scope, now)
    rows = (_row(dossier, now) for dossier in _stream(found, order))
    return Table("Danh sách hồ sơ", COLUMNS, rows)


def _register(query: str, scope: Scope) -> tuple[Agency, Filters]:
    form = RegisterFilter(QueryDict(query), scope=scope)
    filters = form.asked() if form.is_valid() else None
    if filters is None or form.agency is None:
        raise errors.ExportRefused("Điều kiện lọc không hợp lệ.")
    return form.agency, filters


def _register_table(query: str, scope: Scope, now: datetime) -> Table:
    agency, filters = _register(query, scope)
    found = register.entries(scope, filters)

    def printed() -> bytes:
        lines = list(found[: MOST_PRINTED + 1])
        if len(lines) > MOST_PRINTED:
            raise errors.ExportRefused(
                f"Sổ có hơn {MOST_PRINTED} dòng; hãy chọn ít ngày hơn hoặc xuất XLSX."
            )
        return register_paper.render(agency, filters, lines, timezone.localdate(now))

    columns = [(name, 20) for name in register.COLUMNS]
    rows = (register.row(dossier) for dossier in found.iterator(chunk_size=_AT_ONCE))
    return Table("Sổ theo dõi hồ sơ", columns, rows, printed)


def _form(kind: str, query: str, scope: Scope) -> ListFilter:
    made: Callable[..., ListFilter] = WorkFilter if kind == Kind.WORK else ListFilter
    return made(QueryDict(query), scope=scope)


def _asked(
    form: ListFilter, user: User, scope: Scope, now: datetime
) -> tuple[DossierQuerySet, str]:
    if isinstance(form, WorkFilter):
        desk = work_lists.desk(user, scope, now, form.cleaned_data["whose"])
        return form.work_at(desk), form.order()
    return form.all_in(scope), form.order()


def _stream(found: DossierQuerySet, order: str) -> Iterator[Dossier]:
    """By a cursor of the server; a thousand at a time come to us."""
    sign = "-" if order.startswith("-") else ""
    return (
        found.order_by(order, f"{sign}pk")
        .prefetch_related("version__procedure", "version__field", "held_by", "officer", "holder")
        .iterator(chunk_size=_AT_ONCE)
    )


def _row(dossier: Dossier, now: datetime) -> list[Value]:
    version, holder = dossier.version, dossier.holder
    return [
        dossier.code or "",
        dossier.holder_name,
        _masked(holder.citizen_id_cipher),
        _masked(holder.phone_cipher),
        version.procedure.code,
        version.name,
        version.field.name,
        dossier.get_channel_display(),
        dossier.get_status_display(),
        dossier.accepted_at,
        dossier.original_due_at,
        dossier.due_at,
        dossier.promised_at,
        time_left(dossier, now).words,
        dossier.ended_at,
        dossier.returned_at,
        dossier.held_by.name,
        str(dossier.officer or ""),
    ]


def _masked(cipher: bytes | memoryview | None) -> str:
    return mask(decrypt(cipher)) if cipher else ""
