"""build_report KIND --agency CODE --period P [--calendar …] --out DIR [--draft] [--json]."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused
from reports import output, periods, questions


class Command(BaseCommand):
    help = "Lập báo cáo (PDF, XLSX) của một cơ quan cho một kỳ"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="P")
        parser.add_argument("--calendar", default=periods.Calendar.ND09.value)
        parser.add_argument("--out", required=True, metavar="DIR", type=Path)
        parser.add_argument("--draft", action="store_true", help="bản dự thảo, số liệu hiện tại")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, code, period = options["kind"], options["agency"].strip(), options["period"]
        output.check_kind(kind, period, options["calendar"])
        agency = questions.find_agency(code, period, options["calendar"])
        source = output.source_for(
            agency, kind, period, options["calendar"], timezone.now(), draft=options["draft"]
        )
        folder: Path = options["out"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            files, warnings = output.write(
                folder, f"{kind}-{code}-{period}", source, lambda percent, step: None
            )
        except OSError as error:
            raise CommandRefused(f"Không ghi được vào {folder}: {error.strerror}.") from error
        if options["json"]:
            found = {"files": [file.to_json() for file in files], "warnings": warnings}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for file in files:
            self.stdout.write(file.path)
        for warning in warnings:
            self.stdout.write(f"Lưu ý: {warning}")
