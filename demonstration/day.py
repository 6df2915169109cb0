"""What lies on the desks of a commune on the day of the demonstration, done by the real acts.

Online dossiers that wait, one sent back for papers, one on its way to an office, one that an
office works on with an opinion overdue, results to hand over, late ones with and without a
letter, who sits at the counter. Persons and dates are invented; each dossier is marked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from agencies import roster
from agencies.models import Duty, User
from calendars.loading import working_time
from demonstration import sample_papers
from demonstration.offices import Offices
from demonstration.people import person
from dossiers import (
    apology,
    attaching,
    files,
    forwarding,
    handover,
    intake,
    lifecycle,
    opinion,
    result,
    submission,
    supplement,
)
from dossiers.intake import ComponentGiven, IntakeRequest
from dossiers.letters import Words
from dossiers.models import Dossier, LatenessCause, StoredFile
from dossiers.parties import PartyDetails
from feedback.models import Rating
from procedures.models import Channel, ProcedureVersion, Step

BIRTH, MARRIAGE, HOUSE, LAND = "1.001193", "1.000894", "1.009994", "2.000889"
SUPPORT, PERMIT = "1.001731", "1.013227"
CLERK, OFFICER = "xa.motcua", "xa.chuyenmon"


@dataclass(frozen=True)
class Desks:
    """Who sits where, by the name of the account."""

    offices: Offices
    people: Mapping[str, User]


def spend(desks: Desks, now: datetime) -> None:
    """Written once: a second run finds the first dossier and leaves everything as it is."""
    if Dossier.objects.filter(intake_key=_key("first")).exists():
        return
    day = _Day(desks, now)
    for part in (_at_the_counter, _behind_it, _results, _late):
        part(day)
    with transaction.atomic():
        day.run()
        _sit_down(day)


class _Day:
    """A script of acts with their moments, run in the order in which they happened."""

    def __init__(self, desks: Desks, now: datetime) -> None:
        self.offices, self.people, self.now = desks.offices, desks.people, now
        self.office = working_time(desks.offices.counter.calendar)
        self.dossiers: dict[str, Dossier] = {}
        self.script: list[tuple[datetime, Callable[[datetime], None]]] = []

    def run(self) -> None:
        for at, act in sorted(self.script, key=lambda line: line[0]):
            act(at)
        made = [dossier.pk for dossier in self.dossiers.values()]
        Dossier.objects.filter(pk__in=made).update(is_demo=True)

    def back(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """That hour of the working day so many working days ago."""
        day: date = timezone.localdate(self.now)
        for _ in range(days):
            day -= timedelta(days=1)
            while not self.office.is_working_day(day):
                day -= timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def hours_ago(self, hours: int) -> datetime:
        """So many working hours before now."""
        worked = self.office.worked_before(self.now) - hours * 3600 * 1_000_000
        return self.office.when_worked(worked)

    def online(self, at: datetime, name: str, code: str) -> None:
        def submit(at: datetime) -> None:
            request = self._request(name, code, at, Channel.ONLINE)
            self.dossiers[name] = submission.submit(request, actor=None, now=at)

        self.script.append((at, submit))

    def takes_in(self, at: datetime, name: str, code: str) -> None:
        def accept(at: datetime) -> None:
            request = self._request(name, code, at, Channel.DIRECT)
            self.dossiers[name] = intake.accept(request, officer=self.people[CLERK], now=at)

        self.script.append((at, accept))

    def does(
        self, at: datetime, name: str, act: Callable[..., Dossier], by: str = CLERK, **given: Any
    ) -> None:
        """The act on the dossier of this name; an argument that is a function is asked then."""

        def perform(at: datetime) -> None:
            dossier = self.dossiers[name]
            told = {
                key: each(dossier, at) if callable(each) else each for key, each in given.items()
            }
            key = _key(f"{name} {act.__module__}.{act.__name__}")
            self.dossiers[name] = act(
                dossier, actor=self.people[by], now=at, request_id=key, **told
            )

        self.script.append((at, perform))

    def works_on(self, at: datetime, name: str, code: str) -> None:
        """Taken in, passed on to the office behind and worked on there."""
        self.takes_in(at, name, code)
        to = self.offices.economy
        self.does(at + timedelta(minutes=20), name, forwarding.send, to_agency=to, step=_appraisal)
        self.does(at + timedelta(minutes=45), name, forwarding.acknowledge, by=OFFICER)

    def scan(self, title: str) -> Callable[[Dossier, datetime], UUID]:
        """An upload of the clerk's own, marked as invented on every page."""

        def store(dossier: Dossier, at: datetime) -> UUID:
            return self._store(title, at).public_id

        return store

    def scans(self, dossier: Dossier, at: datetime) -> dict[int, UUID]:
        papers = dossier.components.order_by("position")[:2]
        return {paper.position: self._store(paper.name, at).public_id for paper in papers}

    def _store(self, title: str, at: datetime) -> StoredFile:
        return files.store(
            BytesIO(sample_papers.paper(title)),
            title,
            stored_by=self.people[CLERK],
            now=at,
            retention=StoredFile.Retention.TEMPORARY,
        )

    def _request(self, name: str, code: str, at: datetime, channel: str) -> IntakeRequest:
        versions = ProcedureVersion.objects.in_force(timezone.localdate(at))
        version = versions.get(procedure__code=code)
        key = _key(name)
        unit = self.offices.committee.name.removeprefix("Ủy ban nhân dân ")
        number = 700_000 + key.int % 90_000
        who = person(Random(name), number, unit)  # noqa: S311 - invented persons
        return IntakeRequest(
            intake_key=key,
            agency=self.offices.counter,
            version=version,
            channel=channel,
            holder=PartyDetails(who.kind, who.name, who.citizen_id, who.phone, address=who.address),
            components=tuple(
                ComponentGiven(one.pk, one.name, "original") for one in version.components.all()
            ),
            submitted_at=at if channel == Channel.ONLINE else None,
        )


def _at_the_counter(day: _Day) -> None:
    day.online(day.hours_ago(2), "first", BIRTH)
    day.online(day.hours_ago(7), "second", MARRIAGE)
    day.online(day.hours_ago(11), "third", BIRTH)
    day.online(day.hours_ago(9), "fourth", SUPPORT)
    day.does(
        day.hours_ago(5),
        "fourth",
        supplement.request,
        items=["Giấy chứng tử của người được mai táng", "Hóa đơn chi phí mai táng"],
        reason="Tệp tải lên bị mờ, không đọc được số và ngày cấp.",
    )


def _behind_it(day: _Day) -> None:
    """On its way, worked on, and waiting for what another office thinks."""
    economy, registry = day.offices.economy, day.offices.land_registry
    day.takes_in(day.back(1, 14, 30), "house to come", HOUSE)
    day.does(
        day.back(1, 15, 10), "house to come", forwarding.send, to_agency=economy, step=_appraisal
    )
    day.works_on(day.back(6), "house", HOUSE)
    day.does(
        day.back(5, 8, 30),
        "house",
        opinion.ask,
        by=OFFICER,
        of=registry,
        question="Thửa đất có nằm trong phạm vi thu hồi hoặc đang tranh chấp không?",
        limit_value=2,
    )
    day.takes_in(day.back(4), "land", LAND)
    day.does(day.back(4, 10), "land", forwarding.send, to_agency=registry, step=_appraisal)


def _results(day: _Day) -> None:
    for name, code, taken, ready in (
        ("marriage done", MARRIAGE, 3, 2),
        ("birth done", BIRTH, 2, 1),
        ("support unclaimed", SUPPORT, 50, 46),
    ):
        day.takes_in(day.back(taken), name, code)
        day.does(day.back(taken, 9, 30), name, attaching.attach, papers=day.scans)
        day.does(day.back(taken, 10), name, lifecycle.start_processing)
        day.does(
            day.back(ready, 15),
            name,
            result.record,
            title="Kết quả giải quyết (minh họa)",
            number="01/MH",
            issued_on=timezone.localdate(day.back(ready)),
            file_id=day.scan("Kết quả giải quyết"),
        )
        day.does(day.back(ready, 16), name, result.finish)
    day.takes_in(day.back(4, 8), "birth returned", BIRTH)
    day.does(day.back(4, 15), "birth returned", result.finish)
    day.does(day.back(4, 16), "birth returned", handover.hand_over, settle=True)


def _late(day: _Day) -> None:
    day.works_on(day.back(6, 8), "permit late", PERMIT)
    day.works_on(day.back(20, 8), "house late", HOUSE)
    day.does(day.back(5, 8), "house late", apology.draft, by=OFFICER)
    day.does(day.back(5, 10), "house late", apology.sign, by="xa.lanhdao", words=_apologetic)


def _apologetic(dossier: Dossier, at: datetime) -> Words:
    return Words(
        cause=LatenessCause.objects.get(code="interagency"),
        explanation="Cơ quan đăng ký đất đai chưa trả lời về hiện trạng thửa đất.",
    )


def _sit_down(day: _Day) -> None:
    """This week's roster of the counter; one citizen was satisfied."""
    monday = roster.week_of(timezone.localdate(day.now))[0]
    for ahead in range(5):
        Duty.objects.get_or_create(
            agency=day.offices.counter,
            user=day.people[CLERK],
            day=monday + timedelta(days=ahead),
            defaults={"starts": time(7), "ends": time(17), "window": "1"},
        )
    Rating.objects.create(
        dossier=day.dossiers["birth returned"],
        agency=day.offices.counter,
        score=Rating.Score.SATISFIED,
        at=day.back(4, 16, 1),
        channel=Rating.Channel.TABLET,
    )


def _appraisal(dossier: Dossier, at: datetime) -> Step | None:
    """The step of the office behind the counter."""
    return dossier.version.steps.filter(role="officer").order_by("position").first()


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"motcua:demonstration:{name}")
