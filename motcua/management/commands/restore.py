"""`restore FILE`: replaces the present state by a backup's, after comparing every row of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.backup import restoring
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Phục hồi từ tệp sao lưu; so khớp từng bảng và số liệu trước khi thay thế."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        manifest = restoring.restore(options["file"])
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{len(manifest['tables'])} bảng, {rows} dòng, {len(manifest['files'])} tệp,"
            f" {len(manifest['figures'])} kỳ số liệu: khớp.\n"
        )
