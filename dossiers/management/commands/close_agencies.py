"""Hand over what the agencies that closed on a day left open."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from agencies.errors import NotClosedYet
from dossiers.choices import read_choices
from dossiers.inheritance import hand_over
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Bàn giao hồ sơ đang giải quyết của các cơ quan kết thúc hoạt động cho cơ quan kế thừa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", required=True, help="ngày cuối cùng, ví dụ 2025-06-30")
        parser.add_argument("--heirs", type=Path, help="tệp CSV: code,agency (dossiers/choices.py)")

    def handle(self, *args: Any, **options: Any) -> None:
        choices = read_choices(options["heirs"]) if options["heirs"] else {}
        done = hand_over(_day(options["on"]), now=timezone.now(), choices=choices)
        self.stdout.write(f"Đã bàn giao {done.legs} việc đang giải quyết, {done.dossiers} hồ sơ.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotClosedYet(f"“{text}” không phải là ngày (yyyy-mm-dd).") from error
