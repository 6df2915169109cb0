"""Which administrative units are there, before and after 1/7/2025? (đơn vị hành chính)

From the installed package `vietnamadminunits`: a table of each era, and its converter, which
says what became of each old commune. Nothing of the database here.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agencies.errors import UnknownProvince
from agencies.models import Level, Succession
from motcua.text import clean

# Nghị quyết 202/2025/QH15, Luật 72/2025/QH15: two tiers, 34 provinces.
TWO_TIERS_FROM = date(2025, 7, 1)
THREE_TIERS_UNTIL = date(2025, 6, 30)
# When the codes were fixed (Quyết định 124/2004/QĐ-TTg, 8/7/2004). The package knows the units
# as they stood at the end of June 2025, not when each was founded: its rows begin here.
THREE_TIERS_FROM = date(2004, 7, 8)

_SMALLEST = Decimal("0.00001")


@dataclass(frozen=True)
class Unit:
    """`key` is ours: era and code. `name` keeps the type: “Xã Trà Bồng”."""

    key: str
    gso_code: str
    name: str
    level: Level
    parent_key: str
    # Official codes are written from small to large until 2025 and from large to small since.
    code_parts: tuple[str, ...]
    valid_from: date
    valid_to: date | None

    @property
    def full_name(self) -> str:
        """With the type in lower case, as after “Ủy ban nhân dân”."""
        return self.name[0].lower() + self.name[1:]


@dataclass(frozen=True)
class Link:
    old_key: str
    new_key: str
    kind: Succession.Kind
    share: Decimal


@dataclass(frozen=True)
class Territory:
    """A province of today, what it was made of, and the way between."""

    new: tuple[Unit, ...]
    old: tuple[Unit, ...]
    links: tuple[Link, ...]


def territory(province: str) -> Territory:
    """The province with this code since 1/7/2025; refuses codes that are none."""
    with closing(sqlite3.connect(f"file:{_data('dataset.db')}?mode=ro", uri=True)) as source:
        source.row_factory = sqlite3.Row
        new_rows = source.execute(
            "SELECT * FROM admin_units WHERE provinceCode = ? ORDER BY wardCode", [province]
        ).fetchall()
        if not new_rows:
            raise UnknownProvince(f"Không có tỉnh mang mã “{province}” từ ngày 01/07/2025.")
        province_key = new_rows[0]["provinceKey"]
        before = _converter()["DICT_PROVINCE"][province_key]
        old_rows = source.execute(
            "SELECT * FROM admin_units_legacy"
            " WHERE provinceKey IN (SELECT value FROM json_each(?))"
            " ORDER BY provinceCode, districtCode, wardCode",
            [json.dumps(before)],
        ).fetchall()
    return Territory(
        new=tuple(_new_units(new_rows)),
        old=tuple(_old_units(old_rows)),
        links=tuple(_links(province_key, new_rows, old_rows)),
    )


def _data(name: str) -> Path:
    """Found without importing the package, which loads its parsers and numpy."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise UnknownProvince("Thiếu gói dữ liệu vietnamadminunits.")
    return Path(spec.origin).parent / "data" / name


@cache
def _converter() -> dict[str, Any]:
    converter: dict[str, Any] = json.loads(_data("converter_2025.json").read_text("utf-8"))
    return converter


def _new_units(rows: list[sqlite3.Row]) -> Iterator[Unit]:
    def unit(code: str, name: str, level: Level, parent: str, *parts: str) -> Unit:
        return Unit(
            f"new{code}", code, clean(name), level, parent, parts, TWO_TIERS_FROM, valid_to=None
        )

    province = rows[0]["provinceCode"]
    yield unit(province, rows[0]["province"], Level.PROVINCE, "", province)
    for row in rows:
        code = row["wardCode"]
        yield unit(code, row["ward"], Level.COMMUNE, f"new{province}", province, code)


def _old_units(rows: list[sqlite3.Row]) -> Iterator[Unit]:
    seen: set[str] = set()

    def unit(code: str, name: str, level: Level, parent: str, *parts: str) -> Iterator[Unit]:
        if code not in seen:
            seen.add(code)
            dates = (THREE_TIERS_FROM, THREE_TIERS_UNTIL)
            yield Unit(f"old{code}", code, clean(name), level, parent, parts, *dates)

    for row in rows:
        province, district, commune = row["provinceCode"], row["districtCode"], row["wardCode"]
        yield from unit(province, row["province"], Level.PROVINCE, "", "000", province)
        yield from unit(
            district, row["district"], Level.DISTRICT, f"old{province}", district, province
        )
        if commune:  # island districts (Lý Sơn) had none
            yield from unit(
                commune, row["ward"], Level.COMMUNE, f"old{district}", commune, district, province
            )


def _links(
    province_key: str, new_rows: list[sqlite3.Row], old_rows: list[sqlite3.Row]
) -> Iterator[Link]:
    parts = _parts(province_key, {row["wardKey"]: f"new{row['wardCode']}" for row in new_rows})
    origins = Counter(heir for heirs in parts.values() for heir in heirs)
    dissolved: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in old_rows:
        heirs = parts[f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"]
        yield from _commune_links(f"old{row['wardCode'] or row['districtCode']}", heirs, origins)
        if row["wardCode"]:
            weights = dissolved[f"old{row['districtCode']}"]
            weights |= {heir: weights.get(heir, 0) + share for heir, share in heirs.items()}
    for district, parts_of_it in dissolved.items():
        for heir, share in _shares(parts_of_it).items():
            yield Link(district, heir, Succession.Kind.DISSOLVE, share)
    old_provinces = sorted({row["provinceCode"] for row in old_rows})
    kind = Succession.Kind.MERGE if len(old_provinces) > 1 else Succession.Kind.RENAME
    for code in old_provinces:
        yield Link(f"old{code}", f"new{new_rows[0]['provinceCode']}", kind, Decimal(1))


def _commune_links(
    old: str, heirs: Mapping[str, Decimal], origins: Mapping[str, int]
) -> Iterator[Link]:
    for heir, share in heirs.items():
        if len(heirs) > 1:
            yield Link(old, heir, Succession.Kind.SPLIT, share)
        elif origins[heir] > 1:
            yield Link(old, heir, Succession.Kind.MERGE, share)
        else:
            yield Link(old, heir, Succession.Kind.RENAME, share)


def _parts(province_key: str, new_key: dict[str, str]) -> dict[str, dict[str, Decimal]]:
    """What became of each old commune: {its key in the converter: {heir: share}}.

    The converter knows into which communes a divided one went, and the area of these whole
    communes, not of the parts. The parts are taken in proportion to it, the largest for the
    commune to which the converter sends an address that it knows no more of. An estimate: the
    share decides nothing but the default heir, and can be corrected.
    """
    converter = _converter()
    whole = converter["DICT_PROVINCE_WARD_NO_DIVIDED"][province_key]
    parts = {old: {new_key[new]: Decimal(1)} for new, olds in whole.items() for old in olds}
    for old, heirs in converter["DICT_PROVINCE_WARD_DIVIDED"].get(province_key, {}).items():
        default_first = sorted(
            heirs, key=lambda heir: (not heir["isDefaultNewWard"], -heir["newWardAreaKm2"])
        )
        areas = sorted((Decimal(str(heir["newWardAreaKm2"])) for heir in heirs), reverse=True)
        weights = zip((new_key[heir["newWardKey"]] for heir in default_first), areas, strict=True)
        parts[old] = _shares(dict(weights))
    return parts


def _shares(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The weights as parts of one, to five decimals; what rounding leaves goes to the largest."""
    total = sum(weights.values())
    shares = {
        key: (weight / total).quantize(_SMALLEST, ROUND_HALF_UP) for key, weight in weights.items()
    }
    largest = max(shares, key=lambda key: shares[key])
    shares[largest] += 1 - sum(shares.values())
    return shares
