"""Sổ theo dõi hồ sơ (Mẫu 06 of Thông tư 01/2018/TT-VPCP, Mẫu 07 of 03/2025), live.

Nothing is typed into it: the line's number is given at acceptance, its dates and signatures are
those of the dossier's own history. Dossiers of another system have no line; they stand under
"sổ cũ". Phones are masked here as on every paper.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from agencies.models import Agency, Role, User
from agencies.scope import Scope
from dossiers import permission
from dossiers.models import (
    Delivery,
    Dossier,
    Handover,
    RegisterClosing,
    RegisterCounter,
    Status,
    StepRun,
)
from dossiers.papers.fields import masked
from dossiers.querysets import DossierQuerySet
from dossiers.search import matching
from motcua.errors import DomainError
from procedures.models import Channel

OLD = 0
# The columns of the form; the dates and the handing over under their common headings.
COLUMNS = (
    "TT", "Mã hồ sơ", "Tên thủ tục hành chính", "Số lượng hồ sơ (bộ)", "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại", "Cơ quan chủ trì giải quyết", "Nhận hồ sơ", "Hẹn trả kết quả",
    "Chuyển hồ sơ đến cơ quan giải quyết", "Nhận kết quả từ cơ quan giải quyết",
    "Trả kết quả: ngày, tháng, năm", "Phương thức nhận kết quả", "Ký nhận", "Ghi chú",
)  # fmt: skip
_NOTES = {
    Status.SUPPLEMENT: "Chờ bổ sung hồ sơ",
    Status.FINANCIAL: "Chờ nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân rút hồ sơ",
    Status.STOPPED: "Dừng giải quyết",
}
_METHODS = {
    Delivery.COUNTER: "Trực tiếp",
    Delivery.POST: "Bưu chính công ích",
    Delivery.ELECTRONIC: "Trực tuyến",
}


class VolumeClosed(DomainError):
    code = "volume_closed"
    message = "Quyển này đã đóng hoặc chưa có hồ sơ nào. Hãy tải lại trang."


@dataclass(frozen=True)
class Filters:
    """`volume` None: all of the year; OLD: those that came without a line."""

    agency_id: int
    year: int
    volume: int | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def is_old(self) -> bool:
        return self.volume == OLD


def entries(scope: Scope, filters: Filters) -> DossierQuerySet:
    """The lines in the register's order, with all that a line prints; one query."""
    found = Dossier.objects.in_scope(scope).filter(lodged_at=filters.agency_id)
    if filters.is_old:
        begin = _midnight(date(filters.year, 1, 1))
        end = _midnight(date(filters.year + 1, 1, 1))
        found = found.filter(
            register_number__isnull=True, accepted_at__gte=begin, accepted_at__lt=end
        ).order_by("accepted_at", "pk")
    else:
        found = found.filter(register_year=filters.year, register_number__isnull=False)
        if filters.volume is not None:
            found = found.filter(register_volume=filters.volume)
        found = found.order_by("register_volume", "register_number")
    return _with_lines(_narrowed(found, filters))


def row(dossier: Dossier) -> tuple[str, ...]:
    """One line, as text, in the order of COLUMNS."""
    phone = masked(dossier.holder.phone_cipher)
    return (
        str(dossier.register_number or ""),
        dossier.code or "",
        dossier.version.name,
        "01",
        dossier.holder_name,
        ", ".join(text for text in (dossier.holder_address, phone) if text),
        dossier.competent.name,
        _day(dossier.accepted_at),
        _day(dossier.original_due_at),
        _day(_annotated(dossier, "transferred_at")),
        _day(dossier.ended_at if dossier.status in {Status.DONE, Status.RETURNED} else None),
        _day(dossier.returned_at),
        *_received(dossier),
        _note(dossier),
    )


def counters(scope: Scope) -> QuerySet[Agency]:
    """The counters in the scope that keep a register, or took dossiers in before it."""
    return Agency.objects.filter(
        pk__in=RegisterCounter.objects.filter(agency__in=scope.agency_ids).values("agency")
    )


def may_close(scope: Scope, agency: Agency) -> bool:
    return permission.allows(scope, [agency], (Role.CLERK, Role.LEADER))


def close(
    agency: Agency, year: int, volume: int, *, actor: User, now: datetime, request_id: UUID
) -> RegisterClosing:
    """The next dossier begins the next volume; the same request again changes nothing."""
    with transaction.atomic():
        permission.require(actor, [agency], (Role.CLERK, Role.LEADER), now)
        place = RegisterCounter.objects.select_for_update()
        counter = place.filter(agency=agency, year=year).first()
        done = RegisterClosing.objects.filter(request_id=request_id).first()
        if done is not None and (done.agency_id, done.volume) == (agency.pk, volume):
            return done
        if done is not None or counter is None or counter.volume != volume or not counter.last:
            raise VolumeClosed
        closing = RegisterClosing.objects.create(
            agency=agency,
            year=year,
            volume=volume,
            last=counter.last,
            request_id=request_id,
            closed_at=now,
            closed_by=actor,
        )
        counter.volume, counter.last = volume + 1, 0
        counter.save(update_fields=["volume", "last"])
    return closing


def _narrowed(found: DossierQuerySet, filters: Filters) -> DossierQuerySet:
    if filters.since:
        found = found.filter(accepted_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(accepted_at__lt=_midnight(filters.until + timedelta(days=1)))
    return matching(found, filters.text) if filters.text else found


def _with_lines(found: DossierQuerySet) -> DossierQuerySet:
    runs = StepRun.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
    given = Handover.objects.filter(dossier=OuterRef("pk"), taken_back_at__isnull=True)
    return found.select_related("version", "holder", "competent").annotate(
        transferred_at=Subquery(runs.annotate(first=Min("sent_at")).values("first")),
        given_method=Subquery(given.values("method")[:1]),
        given_to=Subquery(given.values("receiver_name")[:1]),
        given_signature=Subquery(given.values("signature")[:1]),
    )


def _received(dossier: Dossier) -> tuple[str, str]:
    if dossier.returned_at is None:
        return "", ""
    method = _annotated(dossier, "given_method") or dossier.delivery
    name = _annotated(dossier, "given_to") or ""
    signed = "Đã ký" if _annotated(dossier, "given_signature") else ""
    return _METHODS[Delivery(method)], ": ".join(text for text in (signed, name) if text)


def _note(dossier: Dossier) -> str:
    said = [_NOTES.get(Status(dossier.status), "")]
    if dossier.promised_at:
        said.append(f"Hẹn lại {_day(dossier.promised_at)}")
    if dossier.channel != Channel.DIRECT:
        said.append(f"Nhận {dossier.get_channel_display().lower()}")
    if dossier.register_number is None:
        said.append("Theo sổ cũ")
    return "; ".join(text for text in said if text)


def _annotated(dossier: Dossier, name: str) -> Any:
    return getattr(dossier, name, None)


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y") if moment else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
