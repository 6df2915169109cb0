"""The same history gives the same rows, whether it went through the acts or came in a file."""

import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.models import Agency
from dossiers.importing.beside import NAMES
from dossiers.importing.rows import Act
from dossiers.models import Dossier, DossierEvent, Leg, TallyDelta
from tests import make
from tests.dossiers.acts import spans_of
from tests.dossiers.importing.books import bring, dossier_row, event_row
from tests.dossiers.test_random_histories import World, received, worlds

pytestmark = pytest.mark.django_db

# What the columns of a file have no room for: who worked on it, and how a result was handed over.
UNTOLD = {"officer", "method", "receiver", "fees"}
ACT_OF = {name: act for act, name in NAMES.items()}
steps = st.lists(
    st.tuples(
        st.sampled_from([name for name in ACT_OF if name != "accept"]),
        st.one_of(
            st.just(0), st.integers(1, 600), st.integers(600, 9_000), st.sampled_from([900, 1440])
        ),
        st.just(3),  # no step of the procedure: a file names none
    ),
    max_size=9,
)


@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(fields=worlds, at=received, acts=steps)
def test_an_imported_history_equals_the_same_acts(
    fields: dict[str, object], at: datetime, acts: list[tuple[str, int, int]]
) -> None:
    sid = transaction.savepoint()
    try:
        acted = World(fields).live(at, acts)
        before = counts()
        imported = through_a_file(acted)
        assert facts(imported) == facts(acted)
        assert counts() == doubled(before)  # the second dossier counts like the first
    finally:
        transaction.savepoint_rollback(sid)


def through_a_file(acted: Dossier) -> Dossier:
    events = acted.events.exclude(act="accept").order_by("pk")
    row = dossier_row(acted.lodged_at, acted.version, "B-1", accepted_at=acted.accepted_at)
    with tempfile.TemporaryDirectory() as folder:
        done = bring(Path(folder), [row], [as_row(event) for event in events])
    assert (done.inserted, done.errors) == (1, [])
    return Dossier.objects.get(code="B-1")


def as_row(event: DossierEvent) -> dict[str, Any]:
    act = ACT_OF[event.act]
    cells: dict[str, Any] = {}
    if act == Act.FORWARD:
        cells["agency"] = Agency.objects.get(pk=event.detail["to_agency"]).code
    if act == Act.EXTEND:
        cells["new_date"] = event.due_after or event.dossier.extensions.get(at=event.at).new_due_at
    if act in {Act.EXTEND, Act.WITHDRAW, Act.STOP, Act.SUSPEND}:
        cells["reason"] = "Theo quy định"
    return event_row(act.value, event.at, "B-1", **cells)


def facts(dossier: Dossier) -> dict[str, object]:
    """All that the history amounts to, but ids, actors and what only an act is told."""
    columns = (
        "status", "lodged_at", "competent", "held_by", "accepted_at", "original_due_at", "due_at",
        "lapses_at", "ended_at", "returned_at", "delivered_at", "closing_reason",
        "supplement_count", "version", "rule_set", "channel",
    )  # fmt: skip
    return {
        **Dossier.objects.values(*columns).get(pk=dossier.pk),
        "agency_ids": sorted(dossier.agency_ids),
        "legs": [leg_facts(leg) for leg in dossier.legs.order_by("position")],
        "waits": list(dossier.suspensions.order_by("pk").values_list("starts_at", "ends_at")),
        "supplements": list(
            dossier.supplements.order_by("number").values_list(
                "number", "stage", "requested_at", "completed_at"
            )
        ),
        "extensions": list(
            dossier.extensions.order_by("at", "pk").values_list(
                "leg__position", "at", "old_due_at", "new_due_at"
            )
        ),
        "steps": list(
            dossier.step_runs.order_by("sent_at", "pk").values_list(
                "leg__position", "agency", "sent_at", "acknowledged_at", "done_at", "due_at"
            )
        ),
        "events": event_facts(dossier),
    }


def event_facts(dossier: Dossier) -> list[tuple[object, ...]]:
    """Of several acts in one instant a file does not know which due moment lay between them."""
    events = list(dossier.events.order_by("pk"))
    together = Counter(event.at for event in events)
    return [
        (
            event.act,
            event.at,
            event.agency_id,
            event.from_status,
            event.to_status,
            {key: told for key, told in event.detail.items() if key not in UNTOLD},
            event.due_after if together[event.at] == 1 else None,
        )
        for event in events
    ]


def leg_facts(leg: Leg) -> tuple[object, ...]:
    columns = (
        "position", "is_forwarded", "agency", "procedure", "field", "block", "channel",
        "accepted_at", "limit_value", "limit_unit", "due_at", "lapses_at", "ended_at", "outcome",
    )  # fmt: skip
    spans = [span for span in spans_of(leg) if span.starts_at != span.ends_at]
    return (*Leg.objects.values_list(*columns).get(pk=leg.pk), spans)


def counts() -> Counter[tuple[object, ...]]:
    total: Counter[tuple[object, ...]] = Counter()
    for *key, amount in TallyDelta.objects.values_list(
        "bucket", "agency", "block", "channel", "is_forwarded", "measure", "amount"
    ):
        total[tuple(key)] += amount
    return Counter({key: amount for key, amount in total.items() if amount})


def doubled(before: Counter[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
    """`+` of counters would drop what is below zero: a lapse that is taken back."""
    return Counter({key: 2 * amount for key, amount in before.items()})


def test_nothing_is_lost_between_the_acts_and_a_file() -> None:
    """What the random test may miss by chance."""
    world = World({"limit_value": 5, "limit_unit": "working_day", "clock_policy": "pause"})
    acted = world.live(
        make.NOW,
        [
            ("supplement", 60, 3),
            ("supplemented", 3 * 1440, 3),
            ("extend", 30, 3),
            ("send", 30, 3),
            ("acknowledge", 30, 3),
            ("finish", 1440, 3),
            ("hand_over", 60, 3),
        ],
    )
    assert acted.status == 10
    before = counts()
    assert facts(through_a_file(acted)) == facts(acted)
    assert counts() == doubled(before)
