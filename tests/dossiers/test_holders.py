"""What an agency has of a leg's counts is what it would count at every edge of a half-month."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dossiers.holders import HandOver, Holdings, spread
from dossiers.ledger import Span
from dossiers.models import Leg, TallyDelta
from dossiers.tally import bucket_start, contributions

Measure = TallyDelta.Measure
START = datetime(2025, 1, 1, tzinfo=UTC)
FIRST, LAST = 24 * 2025, 24 * 2025 + 12


def _moment(hours: int) -> datetime:
    return START + timedelta(hours=hours)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Leg, list[Span], list[HandOver]]:
    """A leg with up to two suspensions and two hand-overs while it was open."""
    hours = st.integers(0, 24 * 150)
    cuts = sorted(draw(st.lists(hours, min_size=2, max_size=6, unique=True)))
    ended = draw(st.booleans())
    edges = [_moment(h) for h in cuts]
    spans: list[Span] = []
    lapsed = False
    for number, begins in enumerate(edges[:-1]):
        lapses = _moment(draw(hours))
        suspended = number % 2 == 1
        is_last = number == len(edges) - 2
        until = edges[number + 1] if ended or not is_last else None
        due = None if suspended else lapses
        spans.append(Span(begins, until, due, due, suspended, lapsed, "test"))
        lapsed = until is not None and spans[-1].has_lapsed(until)
    leg = Leg(
        accepted_at=edges[0],
        ended_at=edges[-1] if ended else None,
        outcome="overdue" if ended else "",
    )
    until_hour = cuts[-1] if ended else 24 * 150
    moments = draw(st.lists(st.integers(cuts[0] + 1, until_hour), max_size=2, unique=True))
    chain = [(_moment(h), n, n + 1) for n, h in enumerate(sorted(moments))]
    return leg, spans, chain


def _holder(chain: list[HandOver], moment: datetime) -> int:
    """The holder at a half-open moment: the predecessor of the first hand-over at or after it."""
    return next((old for at, old, _ in chain if at >= moment), len(chain))


def _is_overdue(spans: list[Span], moment: datetime) -> bool:
    for span in spans:
        if span.starts_at < moment and (span.ends_at is None or moment <= span.ends_at):
            return span.has_lapsed(moment)
    return False


def _sum(held: Holdings, agency: int, until: int, *measures: str) -> int:
    return sum(
        amount
        for (who, bucket, measure), amount in held.items()
        if who == agency and bucket < until and measure in measures
    )


@given(lives())
def test_counts_at_every_edge_are_those_of_the_holder(
    life: tuple[Leg, list[Span], list[HandOver]],
) -> None:
    leg, spans, chain = life
    held = spread(contributions(leg, spans), chain, len(chain))

    for bucket in range(FIRST, LAST + 1):
        moment = bucket_start(bucket)
        is_open = leg.accepted_at < moment and not (leg.ended_at and leg.ended_at < moment)
        for agency in range(len(chain) + 1):
            mine = is_open and _holder(chain, moment) == agency
            came = _sum(held, agency, bucket, Measure.RECEIVED, Measure.INHERITED)
            went = _sum(
                held, agency, bucket, Measure.BEQUEATHED, Measure.EARLY, Measure.OVERDUE
            )  # fmt: skip
            assert came - went == mine
            overdue = mine and _is_overdue(spans, moment)
            assert _sum(held, agency, bucket, Measure.LAPSED) == overdue


@given(lives())
def test_all_agencies_together_have_what_the_leg_adds(
    life: tuple[Leg, list[Span], list[HandOver]],
) -> None:
    leg, spans, chain = life
    counts = contributions(leg, spans)

    together: Counter[tuple[int, str]] = Counter()
    for (_, bucket, measure), amount in spread(counts, chain, len(chain)).items():
        if measure not in {Measure.INHERITED, Measure.BEQUEATHED}:
            together[bucket, measure] += amount

    assert {key: n for key, n in together.items() if n} == dict(counts)
