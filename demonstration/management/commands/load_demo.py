"""load_demo: the demonstration into the database and var/demo/ (only with DEMO=1)."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from demonstration import loading
from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused


class Command(BaseCommand):
    changes_audited_rows = True
    help = "Nạp dữ liệu minh họa: người và ngày tháng được đặt ra."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandRefused("Dữ liệu minh họa chỉ nạp được khi DEMO=1.")
        folder = settings.VAR_DIR / "demo"
        accounts = loading.load(folder, timezone.now(), self.stderr.write)
        if options["json"]:
            self.stdout.write(json.dumps(accounts, ensure_ascii=False))
