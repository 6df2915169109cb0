"""The figures of an agency for a period: columns of II.06a, rates, checks. One definition."""

from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Agency
from reports import breakdown, checks, counts, natural, questions, rates
from reports.cells import Cells, Row, total
from reports.checks import Check
from reports.questions import Frame, Question
from reports.rates import Rate

# Raised when a column's meaning changes; kept with every snapshot.
DEFINITION_VERSION = "ii06a-1"


@dataclass(frozen=True)
class Figures:
    question: Question
    frame: Frame
    rows: list[Row]
    total: Cells
    rates: dict[str, Rate]
    checks: list[Check]

    def to_json(self) -> dict[str, object]:
        """The format of the command `figures --json`, of the API and of snapshots."""
        period = self.frame.period
        return {
            "agency": _agency(self.question.agency),
            "period": period.text,
            "calendar": str(period.calendar),
            "from": period.starts_on.isoformat(),
            "to": period.ends_on.isoformat(),
            "as_of": self.frame.as_of.isoformat(),
            "interagency": str(self.question.interagency),
            "below": self.question.below,
            "definition_version": DEFINITION_VERSION,
            "rows": [{"key": row.key, "name": row.name, **row.values} for row in self.rows],
            "total": self.total.values,
            "rates": {name: rate.to_json() for name, rate in self.rates.items()},
            "checks": [check.to_json() for check in self.checks],
        }


def compute(question: Question, now: datetime) -> Figures:
    """From the counts when they can answer, otherwise from the legs: both say the same."""
    return answer_frame(question, questions.frame(question, now))


def answer_frame(question: Question, frame: Frame) -> Figures:
    return answer(question, frame, from_counts=counts.can_answer(frame))


def answer(question: Question, frame: Frame, *, from_counts: bool) -> Figures:
    if from_counts:
        counted, opening, inherited = counts.count(frame)
    else:
        counted = natural.count(frame)
        opening, inherited = natural.carried_over(frame)
    whole = total(list(counted.values()))
    rows = breakdown.rows(frame, counted)
    return Figures(
        question=question,
        frame=frame,
        rows=rows,
        total=whole,
        rates=rates.of(whole),
        checks=checks.run(whole, rows if frame.by else None, opening, inherited),
    )


def _agency(agency: Agency) -> dict[str, str | None]:
    return {
        "code": agency.code,
        "gso": agency.gso_code or None,
        "name": agency.name,
        "valid_from": _iso(agency.valid_from),
        "valid_to": _iso(agency.valid_to),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
