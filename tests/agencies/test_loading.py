"""Both eras of a province, the way between them, and offices from a file."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum
from openpyxl import Workbook

from agencies.errors import OfficesRefused, ProvisionalCodeRefused, UnknownProvince
from agencies.loading import load
from agencies.models import Agency, Kind, Level, Succession
from agencies.offices import Office, read_offices
from agencies.units import territory
from motcua.commands import CommandRefused

pytestmark = pytest.mark.django_db

LAST_DAY, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)
HEADER = ["code", "name", "kind", "committee", "valid_from", "valid_to", "successor"]


@pytest.fixture
def _loaded() -> None:
    load(territory("51"))


def _committee(gso_code: str, day: date) -> Agency:
    return Agency.objects.valid_on(day).get(kind=Kind.COMMITTEE, gso_code=gso_code)


def _file(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "offices"
    for row in (HEADER, *rows):
        page.append(list(row))
    book.save(path / "offices.xlsx")
    return path / "offices.xlsx"


@pytest.mark.usefixtures("_loaded")
def test_both_eras_are_counted_by_level() -> None:
    def units(day: date) -> Counter[tuple[str, str]]:
        rows = Agency.objects.valid_on(day).filter(kind=Kind.COMMITTEE)
        return Counter(
            (row.code.split(".")[-1] if day == LAST_DAY else "51", row.level) for row in rows
        )

    assert units(FIRST_DAY) == {("51", "province"): 1, ("51", "commune"): 96}
    assert units(LAST_DAY) == {
        ("51", "province"): 1,
        ("51", "district"): 13,
        ("51", "commune"): 170,
        ("62", "province"): 1,
        ("62", "district"): 10,
        ("62", "commune"): 102,
    }


@pytest.mark.usefixtures("_loaded")
def test_a_gso_code_means_the_unit_of_the_day() -> None:
    before, after = _committee("21115", LAST_DAY), _committee("21115", FIRST_DAY)

    assert before.name == "Ủy ban nhân dân thị trấn Trà Xuân"
    assert before.parent == _committee("525", LAST_DAY)
    assert after.name == "Ủy ban nhân dân xã Trà Bồng"
    assert after.parent == _committee("51", FIRST_DAY)
    assert (before.code, after.code) == ("DEMO.21115.525.51", "DEMO.51.21115")
    assert before.is_provisional


@pytest.mark.usefixtures("_loaded")
def test_every_committee_has_its_counter() -> None:
    counters = Agency.objects.filter(kind=Kind.COUNTER)
    committees = Agency.objects.filter(kind=Kind.COMMITTEE)

    names = {
        counters.get(committee=_committee(code, day)).name
        for code, day in (("525", LAST_DAY), ("21115", FIRST_DAY), ("51", LAST_DAY))
    }

    assert not committees.annotate(n=Count("offices")).exclude(n=1).exists()
    assert names == {
        "Bộ phận Tiếp nhận và Trả kết quả huyện Trà Bồng",
        "Trung tâm Phục vụ hành chính công xã Trà Bồng",
        "Trung tâm Phục vụ hành chính công tỉnh Quảng Ngãi",
    }


@pytest.mark.usefixtures("_loaded")
def test_a_divided_commune_goes_to_two_and_the_larger_share_is_the_default() -> None:
    parts = Succession.objects.filter(predecessor=_committee("21142", LAST_DAY))

    assert list(parts.order_by("-share").values_list("successor__name", "kind", "share")) == [
        ("Ủy ban nhân dân xã Cà Đam", "split", Decimal("0.53459")),
        ("Ủy ban nhân dân xã Tây Trà Bồng", "split", Decimal("0.46541")),
    ]


@pytest.mark.usefixtures("_loaded")
def test_every_closed_agency_goes_over_wholly() -> None:
    closed = Agency.objects.filter(valid_to=LAST_DAY).annotate(whole=Sum("succeeded_by__share"))

    assert closed.count() == 2 * (1 + 13 + 170 + 1 + 10 + 102)
    assert not closed.exclude(whole=1).exists()


@pytest.mark.usefixtures("_loaded")
def test_districts_dissolve_into_what_their_communes_became() -> None:
    links = Succession.objects.filter(predecessor=_committee("525", LAST_DAY))
    island = Succession.objects.get(predecessor=_committee("536", LAST_DAY))
    provinces = Succession.objects.filter(successor=_committee("51", FIRST_DAY))

    assert {link.kind for link in links} == {"dissolve"}
    assert links.get(successor__gso_code="21115").share == Decimal("0.18750")  # 3 of 16
    assert (island.successor.name, island.kind) == ("Ủy ban nhân dân đặc khu Lý Sơn", "rename")
    assert {link.predecessor.gso_code for link in provinces} == {"51", "62"}
    assert {link.kind for link in provinces} == {"merge"}


@pytest.mark.usefixtures("_loaded")
def test_loading_again_changes_nothing_and_keeps_corrections() -> None:
    corrected = Succession.objects.filter(predecessor=_committee("21142", LAST_DAY)).earliest(
        "share"
    )
    corrected.delete()
    before = list(Agency.objects.order_by("pk").values())

    again = load(territory("51"))

    assert not +again.added
    assert again.changed == 0
    assert list(Agency.objects.order_by("pk").values()) == before
    assert not Succession.objects.filter(pk=corrected.pk).exists()


def test_the_command_prints_what_it_loaded() -> None:
    out = StringIO()

    call_command("load_agencies", province="51", stdout=out)

    lines = out.getvalue().splitlines()
    assert "96 đơn vị cấp xã" in lines[0]
    assert "13 đơn vị cấp huyện, 170 đơn vị cấp xã" in lines[1]
    assert "10 đơn vị cấp huyện, 102 đơn vị cấp xã" in lines[2]


@pytest.mark.parametrize("province", ["62", "99", "", "x' OR 1=1"])
def test_refuses_a_province_that_is_none_today(province: str) -> None:
    with pytest.raises(UnknownProvince):
        territory(province)


def test_refuses_made_up_codes_outside_the_demonstration(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]

    with pytest.raises(ProvisionalCodeRefused, match="394 đơn vị"):
        load(territory("51"))
    assert not Agency.objects.exists()


def test_official_codes_alone_are_enough_outside_the_demonstration(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    units = territory("51")
    offices = [
        Office(
            row, f"H51.{unit.key}", "", "committee", unit.gso_code, unit.valid_from,
            None, "", "", "", "",
        )
        for row, unit in enumerate((*units.new, *units.old), start=2)
    ]  # fmt: skip

    load(units, offices)

    assert not Agency.objects.filter(is_provisional=True).exists()
    assert _committee("21115", FIRST_DAY).code == "H51.new21115"


def test_offices_come_from_a_file(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        ["H51.1", "", "committee", "51", "01/07/2025"],
        ["H51.2", "Sở Tư pháp", "department", "51", date(2025, 7, 1)],
        [
            "000.1.H51",
            "Phòng Tư pháp huyện",
            "department",
            "525",
            "01/01/2019",
            "30/06/2025",
            "H51.2",
        ],
    )

    first = load(territory("51"), read_offices(path))
    again = load(territory("51"), read_offices(path))

    office = Agency.objects.get(code="H51.2")
    assert first.added["offices"] == 2
    assert (+again.added, again.changed) == (Counter(), 0)
    assert office.committee is not None
    assert (office.committee.code, office.level) == ("H51.1", Level.PROVINCE)
    assert Succession.objects.get(predecessor__code="000.1.H51").effective_on == FIRST_DAY


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["", "Sở", "department", "51", "01/07/2025"], "dòng 2, cột “code”"),
        (["X1", "", "department", "51", "01/07/2025"], "cột “name”"),
        (["X1", "Sở", "ministry", "51", "01/07/2025"], "cột “kind”"),
        (["X1", "Sở", "department", "5x", "01/07/2025"], "cột “committee”"),
        (["X1", "Sở", "department", "99", "01/07/2025"], "Không có Ủy ban nhân dân"),
        (["X1", "Sở", "department", "51", "hôm nay"], "cột “valid_from”"),
        (["X1", "Sở", "department", "51", "01/07/2025", "01/06/2025"], "cột “valid_to”"),
        (["X1", "Phòng", "department", "525", "01/07/2024"], "chỉ đến hết 30/06/2025"),
        (["X1", "Sở", "department", "51", "01/07/2025", None, "X2"], "cột “successor”"),
        (["DEMO.51.21115", "Sở", "department", "51", "01/07/2025"], "Mã này là của"),
    ],
)
def test_an_offices_file_with_one_wrong_row_loads_nothing(
    tmp_path: Path, row: list[object], says: str
) -> None:
    good = ["H51.3", "Sở Tài chính", "department", "51", "01/07/2025"]
    path = _file(tmp_path, row, good)

    with pytest.raises(OfficesRefused, match=says):
        load(territory("51"), read_offices(path))
    assert not Agency.objects.exists()


def test_the_command_refuses_a_broken_file_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"junk")

    with pytest.raises(CommandRefused) as refusal:
        call_command("load_agencies", province="51", offices=tmp_path / "a.xlsx")
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
