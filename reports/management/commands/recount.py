"""`recount [--repair] [--json]`: do the counts say what the dossiers say? Exit 1 when not."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from motcua.commands import Command as BaseCommand
from reports import recount
from reports.recount import Result


class Command(BaseCommand):
    help = "Đếm lại từ hồ sơ, so với bảng đếm; --repair thay bảng đếm bằng số đếm lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = recount.repair() if options["repair"] else recount.compare()
        if options["json"]:
            self.stdout.write(json.dumps(found.to_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(found)))
        if found.differences:
            sys.exit(1)


def _lines(found: Result) -> list[str]:
    lines = [f"Đã so {found.compared} ô, {len(found.differences)} chỗ khác nhau."]
    lines += [
        f"{one['agency']} từ {one['from']}, {one['by']} {one['key']}, {one['measure']}: "
        f"bảng đếm {one['counted']}, đếm lại {one['recounted']}"
        for one in found.differences
    ]
    return lines
