"""Load a province's agencies of both eras with the succession between them."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agencies.loading import load, summary
from agencies.offices import read_offices
from agencies.units import territory
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    changes_audited_rows = True
    help = "Nạp cơ quan của một tỉnh, trước và sau 01/07/2025, cùng quan hệ kế thừa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--province", required=True, help="mã tỉnh từ 01/07/2025, ví dụ 51")
        parser.add_argument("--offices", type=Path, help="tệp XLSX: xem agencies/offices.py")

    def handle(self, *args: Any, **options: Any) -> None:
        units = territory(options["province"])
        offices = read_offices(options["offices"]) if options["offices"] else []
        for line in summary(load(units, offices)):
            self.stdout.write(line)
