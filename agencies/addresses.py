"""An address as people say it, in the units of today (địa chỉ theo đơn vị hành chính mới).

The package `vietnamadminunits` reads typed addresses of both eras. Its own converter is not used:
for a commune that was divided it asks a geocoder on the internet, and an address is personal
data. Here its table alone says what a unit became; of a divided one all heirs are offered.

The import takes 0.6 s and 67 MB in a process, an address below a millisecond (measured): it is
loaded by the first address that a worker is asked for.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agencies.units import TWO_TIERS_FROM
from motcua.text import clean, fold

LONGEST = 300


@dataclass(frozen=True)
class Reading:
    """What was understood: the address in new units, or several for a divided commune."""

    # Typed in new units already: nothing to change.
    is_new: bool
    choices: tuple[str, ...]


def read(typed: str, on: date) -> Reading | None:
    """None for what cannot be understood, and before there were new units."""
    typed = clean(typed)[:LONGEST]
    if not typed or on < TWO_TIERS_FROM:
        return None
    if found := _from_old(typed):
        return Reading(is_new=False, choices=found)
    unit = _parse(typed, "FROM_2025")
    if unit is None or not unit.ward or not _says(typed, unit):
        return None
    return Reading(is_new=True, choices=(_written(_street(typed, unit), unit.ward, unit.province),))


def _from_old(typed: str) -> tuple[str, ...]:
    unit = _parse(typed, "LEGACY")
    if unit is None or not unit.ward:
        return ()
    street = _street(typed, unit)
    key = f"{unit.province_key}_{unit.district_key}_{unit.ward_key or ''}"
    return tuple(_written(street, ward, province) for ward, province in _heirs(key))


def _says(typed: str, unit: Any) -> bool:
    """The parser guesses: believe it where the commune's name stands, and no district."""
    words = f" {fold(typed).replace(',', ' ')} "
    is_old = any(f" {word} " in words for word in ("huyen", "quan", "thi xa", "thi tran"))
    return not is_old and f" {fold(unit.short_ward)} " in words


def _heirs(key: str) -> list[tuple[str, str]]:
    """(commune, province) of today for a commune of before, the main one first."""
    whole, divided, names = _table()
    keys = whole.get(key) or divided.get(key, [])
    return [names[each] for each in keys if each in names]


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, list[Any]], dict[str, list[Any]], dict[Any, tuple[str, str]]]:
    folder = _folder()
    table = json.loads((folder / "converter_2025.json").read_text("utf-8"))
    whole = {
        old: [(province, new)]
        for province, wards in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in wards.items()
        for old in olds
    }
    divided = {
        old: [
            (province, ward["newWardKey"])
            for ward in sorted(wards, key=lambda each: not each["isDefaultNewWard"])
        ]
        for province, olds in table["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, wards in olds.items()
    }
    return whole, divided, _names(folder)


def _names(folder: Path) -> dict[Any, tuple[str, str]]:
    query = "SELECT provinceKey, wardKey, ward, province FROM admin_units"
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as database:
        rows = database.execute(query).fetchall()
    database.close()
    return {(row[0], row[1]): (clean(row[2]), clean(row[3])) for row in rows}


def _folder() -> Path:
    spec = find_spec("vietnamadminunits")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data"


def _parse(typed: str, mode: str) -> Any:
    from vietnamadminunits import ParseMode, parse_address

    try:
        return parse_address(typed, mode=ParseMode[mode])
    except Exception:  # whatever people type, the field keeps it
        return None


def _street(typed: str, unit: Any) -> str:
    """The part below the commune as it was typed; the parser changes its capitals."""
    street = unit.street or ""
    parts = [part.strip() for part in typed.split(",")]
    for count in range(1, len(parts)):
        if fold(", ".join(parts[:count])) == fold(street):
            return ", ".join(parts[:count])
    return clean(street)


def _written(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
