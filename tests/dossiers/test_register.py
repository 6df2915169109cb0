"""The register is live: filled by the acts, filtered, closed by volume, printed on A4."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from agencies.models import Role
from agencies.scope import Scope, scope_of
from dossiers import errors, register, register_paper
from dossiers.models import Dossier, RegisterClosing, RegisterCounter
from dossiers.register import OLD, Filters
from dossiers.views import register as view
from tests import make
from tests.dossiers.acts import Office, office
from tests.dossiers.papers.reading import read
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()
A4 = (15, 12, 13, 20)


@pytest.fixture
def place() -> Office:
    return office()


def scope_in(place: Office) -> Scope:
    return scope_of(place.leader, DAY)


def asked(place: Office, **narrower: Any) -> list[Dossier]:
    filters = Filters(place.agency.pk, 2024, **narrower)
    return list(register.entries(scope_in(place), filters))


def test_a_line_is_filled_by_the_acts(place: Office) -> None:
    other = make.agency()
    dossier = place.dossier(
        holder=make.person("Nguyễn Thị Ước", phone="0905123456", address="Xã Trà Phú")
    )
    dossier = place.do("send", dossier, make.at("2024-06-04 08:00"), to_agency=other)
    [line] = asked(place)
    cells = dict(zip(register.COLUMNS, register.row(line), strict=True))
    assert cells["TT"] == "1"
    assert cells["Mã hồ sơ"] == dossier.code
    assert cells["Tên cá nhân, tổ chức"] == "Nguyễn Thị Ước"
    assert cells["Địa chỉ, số điện thoại"] == "Xã Trà Phú, 0905•••456"
    assert cells["Nhận hồ sơ"] == "03/06/2024"
    assert cells["Hẹn trả kết quả"] == "10/06/2024"
    assert cells["Chuyển hồ sơ đến cơ quan giải quyết"] == "04/06/2024"
    assert cells["Trả kết quả: ngày, tháng, năm"] == cells["Ký nhận"] == ""


def test_result_and_hand_over_stand_in_the_line(place: Office) -> None:
    dossier = place.do("finish", place.dossier(), make.at("2024-06-05 10:00"))
    place.do(
        "hand_over",
        dossier,
        make.at("2024-06-06 10:00"),
        settle=True,
        receiver="authorised",
        receiver_name="Lê Văn Út",
    )
    [line] = asked(place)
    assert register.row(line)[10:14] == ("05/06/2024", "06/06/2024", "Trực tiếp", "Lê Văn Út")


def test_what_ended_otherwise_says_so(place: Office) -> None:
    place.history(("stop", "2024-06-04 09:00"))
    place.history(("withdraw", "2024-06-04 09:00"))
    assert [register.row(line)[-1] for line in asked(place)] == [
        "Dừng giải quyết",
        "Công dân rút hồ sơ",
    ]


def test_it_is_narrowed_by_volume_day_and_words(place: Office) -> None:
    RegisterCounter.objects.create(agency=place.agency, year=2024, volume=1, last=0, size=2)
    names = ("Nguyễn Thị Én", "Trần Văn Ất", "Lê Thị Ước")
    for name, day in zip(names, ("03", "04", "05"), strict=True):
        place.dossier(make.at(f"2024-06-{day} 09:00"), holder=make.person(name))
    assert [line.register_number for line in asked(place, volume=1)] == [1, 2]
    assert [line.holder_name for line in asked(place, volume=2)] == ["Lê Thị Ước"]
    found = asked(place, since=date(2024, 6, 4), until=date(2024, 6, 4))
    assert [line.holder_name for line in found] == ["Trần Văn Ất"]
    assert [line.holder_name for line in asked(place, text="le thi uoc")] == ["Lê Thị Ước"]


def test_what_came_without_a_line_stands_in_the_old_register(place: Office) -> None:
    dossier = place.dossier()
    Dossier.objects.filter(pk=dossier.pk).update(
        register_year=None, register_volume=None, register_number=None
    )
    assert asked(place) == []
    [line] = asked(place, volume=OLD)
    assert register.row(line)[0] == ""
    assert register.row(line)[-1] == "Theo sổ cũ"


def test_a_stranger_sees_no_line(place: Office) -> None:
    place.dossier()
    stranger = scope_of(make.user(at=make.agency()), DAY)
    assert not register.entries(stranger, Filters(place.agency.pk, 2024)).exists()
    assert not register.counters(stranger).exists()


def test_a_page_of_lines_is_one_query(place: Office, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        place.do("finish", place.dossier(), make.at("2024-06-05 10:00"))
    scope = scope_in(place)
    with django_assert_num_queries(1):
        rows = [
            register.row(line) for line in register.entries(scope, Filters(place.agency.pk, 2024))
        ]
    assert len(rows) == 5


def closed(place: Office, volume: int, **given: Any) -> RegisterClosing:
    values: dict[str, Any] = {"actor": place.leader, "now": make.NOW, "request_id": uuid4()} | given
    return register.close(place.agency, 2024, volume, **values)


def test_a_closed_volume_is_followed_by_the_next(place: Office) -> None:
    place.dossier()
    closing = closed(place, 1)
    assert (closing.last, closing.closed_by) == (1, place.leader)
    assert (place.dossier().register_volume, place.dossier().register_number) == (2, 2)


def test_a_volume_is_closed_once(place: Office) -> None:
    place.dossier()
    key = uuid4()
    assert closed(place, 1, request_id=key) == closed(place, 1, request_id=key)
    for volume in (1, 2, 3):  # closed already, empty, none at all
        with pytest.raises(register.VolumeClosed):
            closed(place, volume)
    assert RegisterCounter.objects.get().volume == 2


def test_only_the_counter_s_own_people_close_it(place: Office) -> None:
    place.dossier()
    for actor in (make.user(at=make.agency()), make.user(at=place.agency, role=Role.OFFICER)):
        with pytest.raises(errors.OutOfScope):
            closed(place, 1, actor=actor)


@pytest.mark.parametrize(("day", "number"), [("2024-06-03", "06"), ("2025-10-06", "07")])
def test_the_register_on_paper(place: Office, day: str, number: str) -> None:
    for name in ("Nguyễn Thị Ước", "Công Tằng Tôn Nữ Thị Nguyệt Hằng " * 3):
        place.dossier(make.at(f"{day} 09:00"), holder=make.person(name.strip()))
    filters = Filters(place.agency.pk, int(day[:4]), volume=1)
    found = register.entries(scope_in(place), filters)
    paper = read(register_paper.render(place.agency, filters, found, DAY), A4)
    assert paper.sizes == [(297, 210)]
    assert paper.outside == []
    assert paper.overlaps == []
    assert paper.unembedded == []
    assert f"Mẫu số {number}" in paper.text
    assert "SỔ THEO DÕI HỒ SƠ" in paper.text
    assert "Quyển số: 01 · Năm" in paper.text
    assert "Từ số 1 đến số 2" in paper.text


def test_many_lines_are_set_in_parts(place: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_paper, "LINES", 2)
    for _ in range(3):
        place.dossier()
    filters = Filters(place.agency.pk, 2024, volume=1)
    found = register.entries(scope_in(place), filters)
    paper = read(register_paper.render(place.agency, filters, found, DAY), A4)
    assert ["Từ số 1 đến số 2" in text for text in paper.texts] == [True, False]
    assert "Từ số 3 đến số 3" in paper.texts[1]


def test_an_empty_register_is_a_page(place: Office) -> None:
    filters = Filters(place.agency.pk, 2024)
    paper = read(register_paper.render(place.agency, filters, [], DAY), A4)
    assert "Không có hồ sơ nào." in paper.text


@pytest.fixture
def clerk(client: Client, place: Office) -> Client:
    client.force_login(place.leader)
    return client


def test_the_screen_shows_the_newest_line_first(
    clerk: Client, place: Office, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        place.dossier()
    with time_machine.travel(make.NOW, tick=False), django_assert_num_queries(SIGNED_IN + 7):
        answer = clerk.get(reverse("dossiers:register"))
    text = answer.content.decode()
    assert text.index("1/3") < text.index("1/1")
    assert "Đang ghi quyển 1, số cuối 3" in text


def test_the_next_page_goes_on_where_the_last_one_ended(
    clerk: Client, place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "PAGE_SIZE", 2)
    RegisterCounter.objects.create(agency=place.agency, year=2024, volume=1, last=0, size=2)
    for _ in range(3):
        place.dossier()
    address = reverse("dossiers:register") + "?year=2024"
    with time_machine.travel(make.NOW, tick=False):
        first = clerk.get(address)
        assert [one.register_number for one, _ in first.context["rows"]] == [1, 2]
        second = clerk.get(f"{address}&after={first.context['page'].after}")
    assert [one.register_number for one, _ in second.context["rows"]] == [1]
    assert second.context["page"].after == ""


def test_closing_from_the_screen(clerk: Client, place: Office) -> None:
    place.dossier()
    fields = {"counter": place.agency.pk, "year": 2024, "open_volume": 1, "request_id": uuid4()}
    with time_machine.travel(make.NOW, tick=False):
        answer = clerk.post(reverse("dossiers:close_volume"), fields)
        assert answer.status_code == 302
        assert clerk.post(reverse("dossiers:close_volume"), {}).status_code == 404
        odd = clerk.post(reverse("dossiers:close_volume"), {**fields, "open_volume": "²"})
        assert odd.status_code == 404
    assert RegisterCounter.objects.get().volume == 2


def test_printing_from_the_screen(clerk: Client, place: Office, monkeypatch: Any) -> None:
    place.dossier()
    place.dossier()
    address = reverse("dossiers:register_paper") + "?year=2024"
    with time_machine.travel(make.NOW, tick=False):
        assert clerk.get(address)["Content-Type"] == "application/pdf"
        monkeypatch.setattr(register_paper, "LINES", 1)
        assert clerk.get(address).status_code == 302


def test_strangers_have_no_register(client: Client, place: Office) -> None:
    place.dossier()
    client.force_login(make.user(at=make.agency()))
    query = f"?counter={place.agency.pk}&year=2024"
    assert "rows" not in client.get(reverse("dossiers:register") + query).context
    assert client.get(reverse("dossiers:register_paper") + query).status_code == 404
    fields = {"counter": place.agency.pk, "year": 2024, "open_volume": 1, "request_id": uuid4()}
    assert client.post(reverse("dossiers:close_volume"), fields).status_code == 404
