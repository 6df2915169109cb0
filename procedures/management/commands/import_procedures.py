"""`import_procedures FILE.csv|xlsx`: the catalogue, all rows or none.

Columns and rules: docs/import_procedures.md.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused
from procedures import catalogue_file
from procedures.errors import RowsRefused


class Command(BaseCommand):
    changes_audited_rows = True
    help = "Nhập danh mục thủ tục hành chính từ tệp CSV hoặc XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--errors", metavar="FILE", type=Path, help="ghi các lỗi vào tệp này")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = catalogue_file.load(options["file"])
        except RowsRefused as refused:
            self._report(refused, options["errors"], as_json=options["json"])
            raise
        if options["json"]:
            self.stdout.write(json.dumps({**vars(done), "errors": []}))
        else:
            self.stdout.write(
                f"Thêm {done.inserted} phiên bản, kết thúc {done.closed}, "
                f"không đổi {done.unchanged}."
            )

    def _report(self, refused: RowsRefused, errors: Path | None, *, as_json: bool) -> None:
        if as_json:
            nothing = {"inserted": 0, "closed": 0, "unchanged": 0, "errors": refused.problems}
            text = json.dumps(nothing, ensure_ascii=False)
        else:
            text = "\n".join(
                f"dòng {each['row']}, cột {each['column']}: {each['message']}"
                for each in refused.problems
            )
        if errors is None:
            self.stdout.write(text)
            return
        try:
            errors.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandRefused(f"Không ghi được tệp lỗi {errors}.") from error
