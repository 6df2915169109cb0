"""Open legs go from closed agencies to their heirs, once, and no figure is lost."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from agencies.errors import NoHeir, NotAnHeir, NotClosedYet
from agencies.models import Agency, Kind, Succession
from dossiers import inheritance
from dossiers.choices import read_choices
from dossiers.errors import ChoicesRefused
from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierEvent,
    Inheritance,
    Leg,
    Party,
    StepRun,
    TallyDelta,
)
from dossiers.tally import book, bucket_of, contributions, spans_of
from procedures.models import RuleSet
from reports import recount
from tests import make

pytestmark = pytest.mark.django_db

LAST_DAY, NEXT = date(2025, 6, 30), date(2025, 7, 1)
AT = timezone.make_aware(datetime(2025, 7, 1))  # noqa: DTZ001
NOW = AT + timedelta(hours=1)


def _at(day: int, month: int = 6) -> datetime:
    return timezone.make_aware(datetime(2025, month, day, 9))  # noqa: DTZ001


def _leg(agency: Agency, accepted: datetime, **fields: Any) -> Leg:
    """A dossier with its lodged leg, its only clock span and its deltas."""
    ended = fields.pop("ended_at", None)
    lapses = fields.pop("lapses_at", accepted + timedelta(days=10))
    held_by = fields.pop("held_by", agency)
    version = make.version()
    party = Party.objects.create(kind="person", name="Đinh Thị Hoa", created_at=accepted)
    dossier = Dossier.objects.create(
        code=f"T-{uuid4()}",
        intake_key=uuid4(),
        version=version,
        rule_set=RuleSet.on(accepted.date()),
        lodged_at=agency,
        competent=agency,
        held_by=held_by,
        agency_ids=sorted({agency.pk, held_by.pk}),
        channel="direct",
        status=9 if ended else 4,
        holder=party,
        accepted_at=accepted,
        due_at=lapses,
        lapses_at=lapses,
        ended_at=ended,
        **fields,
    )
    leg = Leg.objects.create(
        dossier=dossier,
        position=1,
        is_forwarded=False,
        agency=agency,
        procedure=version.procedure,
        field=version.field,
        block=version.field.block,
        channel="direct",
        accepted_at=accepted,
        limit_value=5,
        limit_unit="working_day",
        due_at=lapses,
        lapses_at=lapses,
        ended_at=ended,
        outcome=("on_time" if ended < lapses else "overdue") if ended else "",
    )
    span = ClockSpan.objects.create(
        leg=leg,
        in_force=DateTimeTZRange(accepted, ended),
        due_at=lapses,
        lapses_at=lapses,
        reason="accepted",
    )
    book(leg, contributions(leg, spans_of([span])))
    return leg


def _closing(*heirs: Agency, shares: tuple[str, ...] = ("1",), last_day: date = LAST_DAY) -> Agency:
    old = make.agency(valid_to=last_day)
    for heir, share in zip(heirs, shares, strict=True):
        Succession.objects.create(
            predecessor=old,
            successor=heir,
            kind="merge" if len(heirs) == 1 else "split",
            effective_on=last_day + timedelta(days=1),
            share=Decimal(share),
        )
    return old


def _tally(agency: Agency) -> dict[tuple[int, str], int]:
    rows = TallyDelta.objects.filter(agency=agency).values_list("bucket", "measure")
    sums = rows.annotate(total=Sum("amount"))
    return {(bucket, measure): total for bucket, measure, total in sums if total}


def test_an_open_leg_goes_to_the_heir_with_its_counts() -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    late = _leg(old, _at(2))  # overdue since 12/6
    running = _leg(old, _at(28))  # lapses on 8/7
    ended = _leg(old, _at(2), ended_at=_at(20))

    done = inheritance.hand_over(LAST_DAY, now=NOW)

    june1, june2, july1 = (bucket_of(_at(*day)) for day in ((1, 6), (20, 6), (1, 7)))
    assert (done.legs, done.dossiers) == (2, 3)
    assert {leg.agency_id for leg in Leg.objects.filter(pk__in=[late.pk, running.pk])} == {heir.pk}
    assert Leg.objects.get(pk=ended.pk).agency == old
    assert _tally(old) == {
        (june1, "received"): 2,
        (june2, "received"): 1,
        (june1, "lapsed"): 2,
        (june2, "lapsed"): -1,
        (june2, "overdue"): 1,
        (july1, "bequeathed"): 2,
        (july1, "lapsed"): -1,
    }
    assert _tally(heir) == {(july1, "inherited"): 2, (july1, "lapsed"): 2}
    assert recount.compare().differences == []


def test_the_dossier_follows_its_leg_and_keeps_its_past() -> None:
    heir = make.agency(valid_from=NEXT)
    new_counter = make.agency(valid_from=NEXT, committee=heir)
    old = _closing(heir)
    counter = make.agency(valid_to=LAST_DAY, committee=old)
    Succession.objects.create(
        predecessor=counter, successor=new_counter, kind="merge", effective_on=NEXT
    )
    leg = _leg(old, _at(28), held_by=counter)
    waiting = StepRun.objects.create(
        dossier=leg.dossier, leg=leg, agency=counter, sent_at=_at(29), officer=make.user()
    )

    inheritance.hand_over(LAST_DAY, now=NOW)

    dossier = Dossier.objects.get(pk=leg.dossier_id)
    waiting.refresh_from_db()
    assert (dossier.lodged_at, dossier.competent, dossier.held_by) == (old, heir, new_counter)
    assert set(dossier.agency_ids) == {old.pk, counter.pk, heir.pk, new_counter.pk}
    assert waiting.agency == new_counter
    events = DossierEvent.objects.filter(dossier=dossier).order_by("id")
    assert [(e.act, e.at, e.agency, e.detail["from_agency"]) for e in events] == [
        ("inherit", AT, heir, old.pk),
        ("inherit", AT, new_counter, counter.pk),
    ]


def test_a_result_not_yet_handed_out_is_handed_over_too() -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    leg = _leg(old, _at(2), ended_at=_at(5))

    done = inheritance.hand_over(LAST_DAY, now=NOW)

    assert (done.legs, done.dossiers) == (0, 1)
    assert Dossier.objects.get(pk=leg.dossier_id).held_by == heir


def test_a_split_gives_to_the_larger_share_unless_chosen() -> None:
    small, large = make.agency(valid_from=NEXT), make.agency(valid_from=NEXT)
    old = _closing(small, large, shares=("0.46541", "0.53459"))
    by_default, chosen = _leg(old, _at(28)), _leg(old, _at(28))

    inheritance.hand_over(LAST_DAY, now=NOW, choices={chosen.dossier_id: small.pk})

    assert Leg.objects.get(pk=by_default.pk).agency == large
    assert Leg.objects.get(pk=chosen.pk).agency == small
    assert Dossier.objects.get(pk=chosen.dossier_id).held_by == small


def test_refuses_a_choice_that_is_no_heir_and_moves_nothing() -> None:
    heir = make.agency(valid_from=NEXT)
    leg = _leg(_closing(heir), _at(28))

    with pytest.raises(NotAnHeir):
        inheritance.hand_over(LAST_DAY, now=NOW, choices={leg.dossier_id: make.agency().pk})
    assert not Inheritance.objects.exists()


def test_refuses_open_legs_without_an_heir_and_the_sweep_goes_on() -> None:
    _leg(_closing(shares=()), _at(28))
    earlier = date(2025, 3, 31)
    moved = _leg(_closing(make.agency(valid_from=NEXT), last_day=earlier), _at(2, month=3))

    with pytest.raises(NoHeir):
        inheritance.hand_over(LAST_DAY, now=NOW)
    assert inheritance.hand_over_all(NOW).legs == 1
    assert Leg.objects.get(pk=moved.pk).inheritances.count() == 1


def test_refuses_a_day_that_is_not_over() -> None:
    with pytest.raises(NotClosedYet):
        inheritance.hand_over(LAST_DAY, now=AT - timedelta(seconds=1))


def test_an_office_without_an_heir_leaves_to_that_of_its_committee() -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    office = make.agency(valid_to=LAST_DAY, committee=old, kind=Kind.LAND_REGISTRY)
    closed_alone = make.agency(valid_to=LAST_DAY, committee=heir, kind=Kind.OFFICE)
    first, second = _leg(office, _at(28)), _leg(closed_alone, _at(28))

    inheritance.hand_over(LAST_DAY, now=NOW)

    assert Leg.objects.get(pk=first.pk).agency == heir
    assert Leg.objects.get(pk=second.pk).agency == heir


def test_running_again_changes_nothing_and_finds_late_arrivals() -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    _leg(old, _at(28))
    inheritance.hand_over_all(NOW)
    before = _tally(old), _tally(heir), DossierEvent.objects.count()

    assert inheritance.hand_over_all(NOW) == inheritance.HandedOver(0, 0)
    assert (_tally(old), _tally(heir), DossierEvent.objects.count()) == before

    # imported afterwards: open at the closing, ended since
    arrived = _leg(old, _at(29), ended_at=_at(4, month=7))
    inheritance.hand_over_all(NOW)
    assert Leg.objects.get(pk=arrived.pk).agency == heir
    assert (bucket_of(_at(4, month=7)), "on_time") not in _tally(old)
    assert _tally(heir)[bucket_of(_at(4, month=7)), "on_time"] == 1


def test_two_mergers_in_a_chain_conserve_every_figure() -> None:
    last = make.agency(valid_from=date(2025, 9, 1))
    until = date(2025, 8, 31)
    middle = make.agency(valid_from=NEXT, valid_to=until)
    Succession.objects.create(
        predecessor=middle, successor=last, kind="rename", effective_on=date(2025, 9, 1)
    )
    first = _closing(middle)
    legs = [_leg(first, _at(2)), _leg(first, _at(28)), _leg(middle, _at(5, month=8))]
    legs.append(_leg(first, _at(29), ended_at=_at(20, month=7)))
    alone = Counter[tuple[int, str]]()
    for leg in legs:
        alone.update(contributions(leg, spans_of(list(leg.spans.all()))))

    inheritance.hand_over_all(_at(1, month=10))

    holders = {leg.agency_id for leg in Leg.objects.filter(pk__in=[leg.pk for leg in legs[:3]])}
    assert holders == {last.pk}
    assert [row.predecessor for row in legs[0].inheritances.order_by("at")] == [first, middle]
    together = Counter[tuple[int, str]]()
    for agency in (first, middle, last):
        together.update(_tally(agency))
    assert {k: n for k, n in together.items() if n and k[1] not in {"inherited", "bequeathed"}} == {
        key: amount for key, amount in alone.items() if amount
    }
    assert recount.compare().differences == []
    end = sum(
        sign * total
        for sign, measures in ((1, ("received", "inherited")), (-1, ("bequeathed", "on_time")))
        for (_, measure), total in _tally(last).items()
        if measure in measures
    )
    assert end == 3


def test_the_number_of_statements_does_not_grow(django_assert_num_queries: Any) -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    for _ in range(20):
        _leg(old, _at(28))

    with django_assert_num_queries(24):
        inheritance.hand_over(LAST_DAY, now=NOW)


def test_a_leg_is_handed_over_once_at_a_moment() -> None:
    heir = make.agency(valid_from=NEXT)
    old = _closing(heir)
    leg = _leg(old, _at(28))
    Inheritance.objects.create(leg=leg, predecessor=old, heir=heir, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Inheritance.objects.create(leg=leg, predecessor=old, heir=heir, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inheritance.objects.create(leg=leg, predecessor=old, heir=old, at=NOW)


def test_the_command_takes_choices_from_a_file(tmp_path: Path) -> None:
    small, large = make.agency(valid_from=NEXT), make.agency(valid_from=NEXT)
    leg = _leg(_closing(small, large, shares=("0.4", "0.6")), _at(28))
    path = tmp_path / "heirs.csv"
    path.write_text(f"code,agency\n{leg.dossier.code},{small.code}\n")

    call_command("close_agencies", on="2025-06-30", heirs=path)

    assert Leg.objects.get(pk=leg.pk).agency == small


@pytest.mark.parametrize(
    "text", ["", "code\n", "code,agency\nX,Y\n", "code,agency\nX\n", "code,agency\n\x00"]
)
def test_refuses_a_file_of_choices_that_is_wrong(tmp_path: Path, text: str) -> None:
    path = tmp_path / "heirs.csv"
    path.write_text(text)

    with pytest.raises(ChoicesRefused):
        read_choices(path)
