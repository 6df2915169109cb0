"""Loads the demonstration: agencies, catalogue, dossiers, accounts, Trà Bồng's report."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, Kind, User
from calendars.loading import default_calendar, working_time
from demonstration import accounts, day, fees, narrative, this_month, tra_bong, workbook
from demonstration.histories import Author, Office, Rows
from demonstration.offices import open_offices
from dossiers import apology, risk
from dossiers.models import ImportBatch
from procedures.posting import post_procedures

PROVINCE = "51"
PERIOD = "2024-Q2"
COMMUNE_GSO = "21115"  # xã Trà Bồng since 1/7/2025
CATALOGUE = Path(__file__).resolve().parent.parent / "procedures" / "catalogue" / "demo.csv"
Say = Callable[[str], None]


def load(folder: Path, now: datetime, say: Say) -> list[dict[str, str]]:
    """Everything, in order; what is there already is left as it is. Returns the accounts."""
    say("Đơn vị hành chính của tỉnh Quảng Ngãi, trước và sau 01/7/2025 …")
    call_command("load_agencies", province=PROVINCE, verbosity=0)
    say("Danh mục thủ tục minh họa …")
    call_command("import_procedures", str(CATALOGUE), verbosity=0)
    with transaction.atomic():
        post_procedures(since=date(2023, 1, 1))
    quarter, month = folder / "ho-so-tra-bong-2024-q2.xlsx", folder / "ho-so-xa-tra-bong.xlsx"
    say("627 + 217 hồ sơ quý II/2024 của huyện Trà Bồng …")
    _once(quarter, _quarter)
    fees.waive_business_fees()
    say("Hồ sơ gần đây của xã Trà Bồng …")
    _once(month, lambda: _month(timezone.localdate(now)))
    commune, province = (
        _committee(gso, timezone.localdate(now)) for gso in (COMMUNE_GSO, PROVINCE)
    )
    offices = open_offices(commune, _counter(commune), province)
    district = _committee(tra_bong.DISTRICT_GSO, tra_bong.LAST)
    seated = accounts.create(accounts.seats(offices, district, province), folder / "accounts.json")
    say("Một ngày ở xã Trà Bồng …")
    people = User.objects.in_bulk([one["username"] for one in seated], field_name="username")
    day.spend(day.Desks(offices, people), now)
    # What the schedule finds by itself a quarter of an hour later.
    risk.mark_all(now)
    apology.draft_all(now)
    say("Báo cáo quý II/2024 của huyện Trà Bồng …")
    _report(folder, now)
    return seated


def _report(folder: Path, now: datetime) -> None:
    """The reporter's draft, and its files as the command builds them, once."""
    if (folder / f"{narrative.KIND}-{tra_bong.DISTRICT_GSO}-{PERIOD}.pdf").exists():
        return
    narrative.type_in(
        _committee(tra_bong.DISTRICT_GSO, tra_bong.LAST),
        PERIOD,
        reporter=User.objects.get(username=accounts.REPORTER),
        now=now,
    )
    call_command(
        "build_report",
        narrative.KIND,
        agency=tra_bong.DISTRICT_GSO,
        period=PERIOD,
        out=folder,
        verbosity=0,
    )


def _once(path: Path, write: Callable[[], Rows]) -> None:
    """Write and import a file, unless it was imported by an earlier run."""
    if ImportBatch.objects.filter(file_name=path.name).exists():
        return
    workbook.write(write(), path)
    call_command("import_dossiers", str(path), demo=True, verbosity=0)


def _quarter() -> Rows:
    district = _committee(tra_bong.DISTRICT_GSO, tra_bong.LAST)
    communes = Agency.objects.filter(parent=district, kind=Kind.COMMITTEE)
    author = Author(2024, working_time(default_calendar()), tra_bong.LAST)
    offices = [_office(commune) for commune in communes.valid_on(tra_bong.LAST)]
    return tra_bong.write(author, _office(district), offices)


def _month(today: date) -> Rows:
    author = Author(2026, working_time(default_calendar()), today)
    return this_month.write(author, _office(_committee(COMMUNE_GSO, today)), today)


def _office(committee: Agency) -> Office:
    return Office(_counter(committee).code, committee.name.removeprefix("Ủy ban nhân dân "))


def _counter(committee: Agency) -> Agency:
    return Agency.objects.get(committee=committee, kind=Kind.COUNTER)


def _committee(gso_code: str, on: date) -> Agency:
    return Agency.objects.valid_on(on).get(gso_code=gso_code, kind=Kind.COMMITTEE)
