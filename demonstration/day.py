"""What lies on the desks of a commune on the day of the demonstration, done by the real acts.

Online dossiers that wait, one sent back for papers, one on its way to an office, one that an
office works on with an opinion overdue, results to hand over, late ones with and without a
letter. Persons and dates are invented; each dossier is marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from calendars.loading import working_time
from demonstration.offices import Offices
from demonstration.people import person
from dossiers import (
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
from dossiers.models import Dossier
from dossiers.parties import PartyDetails
from procedures.models import Channel, ProcedureVersion

BIRTH, MARRIAGE, HOUSE, LAND = "1.001193", "1.000894", "1.009994", "2.000889"
SUPPORT, PERMIT = "1.001731", "1.013227"


@dataclass(frozen=True)
class Desks:
    """Who sits where, by the name of the account."""

    offices: Offices
    people: Mapping[str, User]

    def __getitem__(self, username: str) -> User:
        return self.people[username]


def spend(desks: Desks, now: datetime) -> None:
    """Written once: a second run finds the first dossier and leaves everything as it is."""
    if Dossier.objects.filter(intake_key=_key("first")).exists():
        return
    day = _Day(desks, now)
    with transaction.atomic():
        for part in (_at_the_counter, _behind_it, _results, _late):
            part(day)
        Dossier.objects.filter(intake_key__in=day.keys).update(is_demo=True)


class _Day:
    """Moments in the past, requests, and acts with an id of their own."""

    def __init__(self, desks: Desks, now: datetime) -> None:
        self.desks, self.now = desks, now
        self.keys: list[UUID] = []
        self.office = working_time(desks.offices.counter.calendar)

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

    def request(self, name: str, code: str, at: datetime, channel: str) -> IntakeRequest:
        version = ProcedureVersion.objects.in_force(timezone.localdate(at)).get(
            procedure__code=code
        )
        key = _key(name)
        self.keys.append(key)
        number = 700_000 + int(key.int % 90_000)
        unit = self.desks.offices.committee.name.removeprefix("Ủy ban nhân dân ")
        who = person(Random(name), number, unit)  # noqa: S311 - invented persons
        return IntakeRequest(
            intake_key=key,
            agency=self.desks.offices.counter,
            version=version,
            channel=channel,
            holder=PartyDetails(who.kind, who.name, who.citizen_id, who.phone, address=who.address),
            components=tuple(
                ComponentGiven(one.pk, one.name, "original") for one in version.components.all()
            ),
            submitted_at=at if channel == Channel.ONLINE else None,
        )

    def online(self, name: str, code: str, at: datetime) -> Dossier:
        return submission.submit(self.request(name, code, at, Channel.ONLINE), actor=None, now=at)

    def taken_in(self, name: str, code: str, at: datetime) -> Dossier:
        clerk = self.desks["xa.motcua"]
        return intake.accept(self.request(name, code, at, Channel.DIRECT), officer=clerk, now=at)

    def started(self, name: str, code: str, at: datetime, officer: str = "xa.chuyenmon") -> Dossier:
        """Taken in, passed on to the office behind and worked on there."""
        dossier = self.taken_in(name, code, at)
        step = dossier.version.steps.order_by("position").filter(role="officer").first()
        dossier = forwarding.send(
            dossier,
            actor=self.desks["xa.motcua"],
            now=at + timedelta(minutes=20),
            request_id=_key(f"{name} send"),
            to_agency=self.desks.offices.economy,
            step=step,
        )
        return forwarding.acknowledge(
            dossier,
            actor=self.desks[officer],
            now=at + timedelta(minutes=45),
            request_id=_key(f"{name} acknowledge"),
        )

    def finished(self, dossier: Dossier, name: str, at: datetime) -> Dossier:
        return result.finish(
            dossier, actor=self.desks["xa.motcua"], now=at, request_id=_key(f"{name} finish")
        )


def _at_the_counter(day: _Day) -> None:
    day.online("first", BIRTH, day.hours_ago(2))
    day.online("second", MARRIAGE, day.hours_ago(7))
    day.online("third", BIRTH, day.hours_ago(11))
    sent_back = day.online("fourth", SUPPORT, day.hours_ago(9))
    supplement.request(
        sent_back,
        actor=day.desks["xa.motcua"],
        now=day.hours_ago(5),
        request_id=_key("fourth supplement"),
        items=["Giấy chứng tử của người được mai táng", "Hóa đơn chi phí mai táng"],
        reason="Tệp tải lên bị mờ, không đọc được số và ngày cấp.",
    )


def _behind_it(day: _Day) -> None:
    """On its way, worked on, and waiting for what another office thinks."""
    desks = day.desks
    on_its_way = day.taken_in("house to come", HOUSE, day.back(1, 14, 30))
    forwarding.send(
        on_its_way,
        actor=desks["xa.motcua"],
        now=day.back(1, 15, 10),
        request_id=_key("house to come send"),
        to_agency=desks.offices.economy,
        step=on_its_way.version.steps.filter(role="officer").first(),
    )
    house = day.started("house", HOUSE, day.back(6))
    opinion.ask(
        house,
        actor=desks["xa.chuyenmon"],
        now=day.back(5, 8, 30),
        request_id=_key("house opinion"),
        of=desks.offices.land_registry,
        question="Thửa đất có nằm trong phạm vi thu hồi hoặc đang tranh chấp không?",
        limit_value=2,
    )
    land = day.taken_in("land", LAND, day.back(4))
    forwarding.send(
        land,
        actor=desks["xa.motcua"],
        now=day.back(4, 10),
        request_id=_key("land send"),
        to_agency=desks.offices.land_registry,
        step=land.version.steps.filter(role="officer").first(),
    )


def _results(day: _Day) -> None:
    clerk = day.desks["xa.motcua"]
    for name, code, taken, ready in (
        ("marriage done", MARRIAGE, 3, 2),
        ("birth done", BIRTH, 2, 1),
        ("support unclaimed", SUPPORT, 50, 46),
    ):
        dossier = day.taken_in(name, code, day.back(taken))
        dossier = lifecycle.start_processing(
            dossier, actor=clerk, now=day.back(taken, 10), request_id=_key(f"{name} start")
        )
        day.finished(dossier, name, day.back(ready, 16))
    returned = day.taken_in("birth returned", BIRTH, day.back(4, 8))
    returned = day.finished(returned, "birth returned", day.back(4, 15))
    handover.hand_over(
        returned,
        actor=clerk,
        now=day.back(4, 16),
        request_id=_key("birth returned hand over"),
        settle=True,
    )


def _late(day: _Day) -> None:
    day.started("permit late", PERMIT, day.back(6, 8))
    day.started("house late", HOUSE, day.back(20, 8))


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"motcua:demonstration:{name}")
