"""Rates name their denominator and round half up; identities say where they fail."""

import pytest

from reports import checks, rates
from reports.cells import Cells, Row
from reports.rates import Rate


@pytest.mark.parametrize(
    ("num", "den", "percent"),
    [
        (0, 0, None),
        (0, 3, "0.00"),
        (3, 3, "100.00"),
        (2, 3, "66.67"),
        (1, 3, "33.33"),
        (9999, 10000, "99.99"),
        (99995, 100000, "100.00"),  # half up
        (99985, 100000, "99.99"),
        (12345, 100000, "12.35"),
        (125547 - 65, 125547, "99.95"),
    ],
)
def test_a_rate_has_two_decimals_half_up_and_none_for_nothing(
    num: int, den: int, percent: str | None
) -> None:
    assert Rate(num, den).percent == percent


def test_a_rate_of_nothing_is_shown_as_a_dash() -> None:
    assert Rate(0, 0).shown == "—"
    assert Rate(1999, 2000).shown == "99,95 %"


def test_each_rate_has_its_own_denominator() -> None:
    cells = Cells(c3=10, c4=3, c5=5, c6=2, c7=6, c8=4, c9=1, c10=1, c11=4, c12=3, c13=1)
    assert rates.of(cells) == {
        "resolved": Rate(5, 6),
        "received": Rate(5, 10),
        "with_open": Rate(8, 10),
    }


GOOD = Cells(c3=10, c4=3, c5=5, c6=2, c7=6, c8=4, c9=1, c10=1, c11=4, c12=3, c13=1)


def test_figures_that_agree_pass_every_check() -> None:
    found = checks.run(GOOD, [Row.of("x", "X", GOOD)], opening=3, inherited=-1)
    assert [check.ok for check in found] == [True] * 6


def test_without_rows_their_sum_is_not_judged() -> None:
    assert checks.run(GOOD, None, opening=2, inherited=0)[-1].ok is None


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"c4": 4}, "c3=c4+c5+c6"),
        ({"c8": 5}, "c7=c8+c9+c10"),
        ({"c13": 2}, "c11=c12+c13"),
        ({"c11": 5, "c12": 4}, "c3=c7+c11"),
    ],
)
def test_a_broken_identity_is_named(changed: dict[str, int], broken: str) -> None:
    cells = Cells(**{**GOOD.values, **changed})
    failed = [check for check in checks.run(cells, None, 2, 0) if check.ok is False]
    assert [check.rule for check in failed] == [broken]
    assert "≠" in failed[0].detail


def test_carried_in_is_what_the_period_before_left_open() -> None:
    failed = [check.rule for check in checks.run(GOOD, None, 1, 0) if check.ok is False]
    assert failed == ["carried_in"]


def test_rows_that_do_not_add_up_are_found() -> None:
    failed = [check for check in checks.run(GOOD, [], 2, 0) if check.ok is False]
    assert [check.rule for check in failed] == ["sum_of_rows"]
