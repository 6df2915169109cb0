"""`import_dossiers FILE.xlsx`: histories kept elsewhere become dossiers (docs/import-ho-so.md)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from dossiers.importing.faults import Fault
from dossiers.importing.listing import write_errors
from dossiers.importing.run import Imported, import_file
from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused


class Command(BaseCommand):
    help = "Nhập hồ sơ từ tệp XLSX (hai trang dossiers, events): nhập tất cả hoặc không nhập gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.xlsx", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--errors", metavar="FILE", type=Path, help="ghi mọi lỗi vào tệp này")
        parser.add_argument("--demo", action="store_true", help="đánh dấu là hồ sơ minh họa")

    def handle(self, *args: Any, **options: Any) -> None:
        done = import_file(
            options["file"],
            now=timezone.now(),
            dry_run=options["dry_run"],
            is_demo=options["demo"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(done), ensure_ascii=False))
        if done.errors:
            raise CommandRefused(_told(options["file"], done.errors, _listed(options, done)))
        if not options["json"]:
            self.stdout.write(_summary(done, dry_run=options["dry_run"]))


def _as_dict(done: Imported) -> dict[str, object]:
    return {
        "inserted": done.inserted,
        "unchanged": done.unchanged,
        "errors": [error.as_dict() for error in done.errors],
    }


def _told(file: Path, errors: list[Fault], listed: str) -> str:
    """One line: how many, the first of them, where to find the rest."""
    first = errors[0]
    places = (first.sheet, f"dòng {first.row}" if first.row else "", first.column)
    where = ", ".join(place for place in places if place)
    example = f"{where}: {first.message}" if where else first.message
    return f"{file.name}: {len(errors)} lỗi, không nhập gì{listed}. {example}"


def _listed(options: dict[str, Any], done: Imported) -> str:
    """Where the whole list is: in the file named, else beside the one imported."""
    beside = options["file"].with_name(f"{options['file'].name}.errors.jsonl")
    if not options["errors"] and not any(error.row for error in done.errors):
        return ""  # the file as a whole is wrong: the line says it all
    target = options["errors"] or beside
    try:
        write_errors(done.errors, target)
    except OSError:
        return f", không ghi được {target}"
    return f", xem {target}"


def _summary(done: Imported, *, dry_run: bool) -> str:
    if dry_run:
        return f"Không có lỗi. Sẽ nhập {done.checked} hồ sơ, {done.unchanged} đã có. Chưa ghi gì."
    return f"Đã nhập {done.inserted} hồ sơ, {done.unchanged} đã có từ trước."
