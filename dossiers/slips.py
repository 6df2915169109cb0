"""The statutory papers of a dossier: issued once each, numbered by agency, kind and year.

Numbered ones (phiếu hướng dẫn, từ chối, xin lỗi, thông báo dừng) are issued by the act that they
tell of, in its transaction: no gaps in the numbers. Receipt and control slip carry the dossier's
code alone and are issued when they are first printed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Agency, User
from dossiers import numbering
from dossiers.models import Apology, Dossier, Slip, SlipKind, SlipPrint, Status, SupplementRequest

NUMBERED = frozenset({SlipKind.SUPPLEMENT, SlipKind.REFUSAL, SlipKind.APOLOGY, SlipKind.STOP})
# The counter speaks to the citizen; a leader of the competent agency stops and apologises.
BY_COMPETENT = frozenset({SlipKind.APOLOGY, SlipKind.STOP})


@dataclass(frozen=True)
class Paper:
    """A slip that was issued or may be printed now, for the dossier's page."""

    kind: str
    title: str
    slip: Slip | None
    prints: int = 0

    @property
    def number(self) -> int | None:
        return self.slip.number if self.slip else None

    @property
    def reference(self) -> str:
        """ "05/2024", as lists name a numbered slip."""
        if self.slip is None or self.slip.number is None:
            return ""
        return f"{self.slip.number:02d}/{self.slip.year}"


def issue(
    dossier: Dossier,
    kind: str,
    *,
    actor: User | None,
    now: datetime,
    supplement: SupplementRequest | None = None,
    apology: Apology | None = None,
) -> Slip:
    """The slip, numbered; one that was issued before is given again.

    The dossier's row is locked by whoever calls (an act, or `papers.printing`).
    """
    slips = Slip.objects.filter(dossier=dossier, kind=kind, supplement=supplement, apology=apology)
    if (found := slips.first()) is not None:
        return found
    agency = issuer(dossier, kind)
    year, number = timezone.localdate(now).year, None
    if kind in NUMBERED:
        year, number = numbering.next_slip(agency, kind, now)
    return Slip.objects.create(
        dossier=dossier,
        kind=kind,
        supplement=supplement,
        apology=apology,
        agency=agency,
        year=year,
        number=number,
        issued_at=now,
        issued_by=actor,
    )


def issuer(dossier: Dossier, kind: str) -> Agency:
    return dossier.competent if kind in BY_COMPETENT else dossier.lodged_at


def may_issue(dossier: Dossier, kind: str) -> bool:
    """Is there something to print of the kind that no act issues (receipt, control slip)?"""
    if kind in {SlipKind.RECEIPT, SlipKind.CONTROL_SLIP}:
        return dossier.accepted_at is not None
    # of dossiers that were refused or stopped elsewhere, or before slips were kept
    if kind == SlipKind.REFUSAL:
        return dossier.status == Status.REFUSED
    return kind == SlipKind.STOP and dossier.status == Status.STOPPED


# Counted beside: to group by every column of three tables costs more than all the rest.
_PRINTS = SlipPrint.objects.filter(slip=OuterRef("pk")).order_by().values("slip")
_PRINTED = Coalesce(Subquery(_PRINTS.annotate(number=Count("pk")).values("number")), 0)


def of(dossier: Dossier, *, were_issued: bool = True) -> list[Paper]:
    """Those issued (one query; none when it is known that none were), and those printable."""
    issued = list(_issued(dossier)) if were_issued else []
    papers = [Paper(one.kind, _title(one.kind), one, one.printed) for one in issued]
    known = {one.kind for one in issued}
    more = (kind for kind in SlipKind.values if kind not in known and may_issue(dossier, kind))
    order = list(SlipKind.values)
    papers += [Paper(kind, _title(kind), None) for kind in more]
    return sorted(papers, key=lambda paper: order.index(paper.kind))


def _issued(dossier: Dossier) -> QuerySet[Any]:
    slips = Slip.objects.filter(dossier=dossier).select_related("supplement", "apology")
    return slips.annotate(printed=_PRINTED).order_by("issued_at", "pk")


def _title(kind: str) -> str:
    return SlipKind(kind).label
