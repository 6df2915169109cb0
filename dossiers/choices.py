"""Which heir was chosen for which dossier? (danh sách phân giao hồ sơ khi chia tách)

A CSV file, UTF-8, with the columns `code` (of the dossier) and `agency` (e-identifier of the
heir). Dossiers that it does not name go to the default heir.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from agencies.models import Agency
from dossiers.errors import ChoicesRefused
from dossiers.models import Dossier
from motcua.text import clean

COLUMNS = ["code", "agency"]
MAX_BYTES = 50 * 1024**2


def read_choices(path: Path) -> dict[int, int]:
    """dossier id → agency id; refuses unknown codes, naming the row."""
    rows = list(_rows(path))
    dossiers = dict(
        Dossier.objects.filter(code__in=[code for _, code, _ in rows]).values_list("code", "pk")
    )
    agencies = dict(
        Agency.objects.filter(code__in={agency for _, _, agency in rows}).values_list("code", "pk")
    )
    choices: dict[int, int] = {}
    for number, code, agency in rows:
        if code not in dossiers:
            raise ChoicesRefused(f"dòng {number}, cột “code”: không có hồ sơ “{code}”.")
        if agency not in agencies:
            raise ChoicesRefused(f"dòng {number}, cột “agency”: không có cơ quan “{agency}”.")
        if choices.setdefault(dossiers[code], agencies[agency]) != agencies[agency]:
            raise ChoicesRefused(f"dòng {number}: hồ sơ “{code}” được giao cho hai cơ quan.")
    return choices


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ChoicesRefused("Tệp quá lớn.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, None) != COLUMNS:
                raise ChoicesRefused(f"Dòng đầu phải là: {','.join(COLUMNS)}.")
            for number, row in enumerate(reader, start=2):
                if len(row) != len(COLUMNS):
                    raise ChoicesRefused(f"dòng {number}: phải có {len(COLUMNS)} cột.")
                yield number, clean(row[0]), clean(row[1])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ChoicesRefused(f"Không đọc được tệp “{path.name}”.") from error
