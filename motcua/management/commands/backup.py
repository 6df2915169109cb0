"""`backup [--out FOLDER]`: database, stored files and their inventory in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from motcua.backup import making
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và tệp vào một tệp duy nhất."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=settings.VAR_DIR / "backups")

    def handle(self, *args: Any, **options: Any) -> None:
        path = making.make(options["out"], timezone.now())
        self.stdout.write(f"{path}\n")
