"""`figures --agency CODE --period P …`: the columns of II.06a, and the dossiers behind a cell."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused
from reports import drill, figures, questions, rates
from reports.cells import COLUMNS, Cells
from reports.figures import Figures
from reports.periods import Calendar
from reports.questions import By, Interagency, Question


class Command(BaseCommand):
    help = "Số liệu giải quyết thủ tục hành chính của một cơ quan trong một kỳ (Biểu II.06a)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", metavar="CODE", required=True)
        parser.add_argument("--below", action="store_true")
        parser.add_argument("--period", metavar="P", required=True)
        parser.add_argument("--calendar", default=Calendar.ND09.value, choices=list(Calendar))
        parser.add_argument("--as-of", metavar="DATE", type=_day)
        parser.add_argument(
            "--interagency", default=Interagency.COUNTED_ONCE.value, choices=list(Interagency)
        )
        parser.add_argument("--by", choices=list(By))
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--list", dest="column", metavar="cN", choices=list(COLUMNS))
        parser.add_argument("--key", metavar="K")

    def handle(self, *args: Any, **options: Any) -> None:
        question = _question(options)
        now = timezone.now()
        if options["column"]:
            frame = questions.frame(question, now)
            codes = drill.codes(frame, options["column"], options["key"])
            if options["json"]:
                self.stdout.write(json.dumps(codes))
            elif codes:
                self.stdout.write("\n".join(codes))
            return
        if options["key"] is not None:
            raise CommandRefused("--key chỉ đi cùng --list.")
        found = figures.compute(question, now)
        if options["json"]:
            self.stdout.write(json.dumps(found.to_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(found)))


def _question(options: dict[str, Any]) -> Question:
    agency = questions.find_agency(options["agency"], options["period"], options["calendar"])
    return Question(
        agency=agency,
        period=options["period"],
        calendar=options["calendar"],
        below=options["below"],
        as_of=options["as_of"],
        interagency=options["interagency"],
        by=options["by"],
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” không phải là ngày, ví dụ 2024-06-14") from error


def _lines(found: Figures) -> list[str]:
    period = found.frame.period
    lines = [
        found.question.agency.name,
        f"{period.name}: từ ngày {period.starts_on:%d/%m/%Y} đến ngày {period.ends_on:%d/%m/%Y}, "
        f"chốt số liệu hết ngày {found.frame.as_of:%d/%m/%Y}",
    ]
    lines += [_line(f"({name})" for name in COLUMNS)]
    lines += [_line(map(str, _values(row)), row.name) for row in found.rows]
    lines += [_line(map(str, _values(found.total)), "Tổng số")]
    lines += [
        f"{rates.NAMES[name]}: {rate.shown} ({rate.num}/{rate.den})"
        for name, rate in found.rates.items()
    ]
    words = {True: "đúng", False: "SAI", None: "—"}
    lines += [f"{check.rule}: {words[check.ok]} ({check.detail})" for check in found.checks]
    return lines


def _values(cells: Cells) -> list[int]:
    return list(cells.values.values())


def _line(values: Iterable[str], name: str = "") -> str:
    return "".join(f"{value:>8}" for value in values) + f"  {name}".rstrip()
