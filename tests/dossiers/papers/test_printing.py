"""Printing: kept each time, copies marked, one click one print; who may, and who may not."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import papers
from dossiers.models import Dossier, Slip, SlipForm, SlipPrint
from dossiers.papers import printing
from tests import make
from tests.dossiers.papers.reading import read
from tests.dossiers.papers.samples import Counter, counter

pytestmark = pytest.mark.django_db
A5 = (8, 10, 9, 14)


@pytest.fixture
def place() -> Counter:
    return counter()


def printed(place: Counter, dossier: Dossier, **given: Any) -> str:
    values: dict[str, Any] = {
        "actor": place.clerk,
        "now": place.later,
        "request_id": uuid4(),
    } | given
    return read(printing.print_slip(dossier, "receipt", **values), A5).text


def test_the_second_print_says_that_it_is_a_copy(place: Counter) -> None:
    dossier = place.dossier()
    texts = [printed(place, dossier) for _ in range(3)]
    assert "BẢN IN LẠI" not in texts[0]
    assert "BẢN IN LẠI (lần 2)" in texts[1]
    assert "BẢN IN LẠI (lần 3)" in texts[2]
    assert Slip.objects.count() == 1
    assert SlipPrint.objects.count() == 3


def test_the_same_request_again_is_the_same_print(place: Counter) -> None:
    dossier, key = place.dossier(), uuid4()
    texts = [printed(place, dossier, request_id=key) for _ in range(2)]
    assert texts[0] == texts[1]
    assert SlipPrint.objects.count() == 1


def test_a_request_of_another_slip_is_refused(place: Counter) -> None:
    key = uuid4()
    printed(place, place.dossier(), request_id=key)
    with pytest.raises(printing.PrintReplayed):
        printed(place, place.dossier(), request_id=key)


def test_what_does_not_exist_is_not_printed(place: Counter) -> None:
    with pytest.raises(printing.NothingToPrint):
        printing.find(place.dossier(), "refusal")


def test_many_slips_are_one_pdf_each_marked_by_its_own_prints(place: Counter) -> None:
    first, second = place.slip("receipt"), place.slip("supplement")
    printed(place, first.dossier)
    key = uuid4()
    given: dict[str, Any] = {"actor": place.clerk, "now": place.later, "request_id": key}
    content = printing.print_many([first, second], **given)
    texts = read(content, A5).texts
    assert ["BẢN IN LẠI (lần 2)" in text for text in texts] == [True, False]
    assert [text.splitlines()[-1] for text in texts] == ["1/1", "1/1"]
    assert printing.print_many([first, second], **given) == content
    assert SlipPrint.objects.count() == 3


def test_a_province_s_form_goes_over_the_law_s(place: Counter) -> None:
    province = place.commune.parent
    assert province is not None
    layout = {"title": "Giấy hẹn trả kết quả", "labels": {"due": "Hẹn trả"}, "notes": ["Gọi 1022."]}
    SlipForm.objects.create(
        agency=province,
        kind="receipt",
        effective_from=make.SINCE,
        legal_basis="Quyết định 1179/QĐ-UBND",
        layout=layout,
    )
    text = read(papers.pdf_of(place.slip("receipt")), A5).text
    assert "GIẤY HẸN TRẢ KẾT QUẢ" in text
    assert "Hẹn trả: 17 giờ 00 phút" in text
    assert "Gọi 1022." in text
    SlipForm.objects.update(effective_to=make.SINCE)
    assert "GIẤY TIẾP NHẬN" in read(papers.pdf_of(place.slip("receipt")), A5).text


def address(name: str, dossier: Dossier, kind: str = "receipt") -> str:
    return reverse(f"dossiers:{name}", args=[dossier.public_id, kind])


def test_a_click_prints_and_a_look_does_not(client: Client, place: Counter) -> None:
    dossier = place.dossier()
    client.force_login(place.clerk)
    seen = client.get(address("paper", dossier))
    assert seen["Content-Type"] == "application/pdf"
    assert "BẢN XEM" in read(seen.content, A5).text
    assert not Slip.objects.exists()
    answer = client.post(address("print", dossier), {"request_id": str(uuid4())})
    assert answer["Content-Type"] == "application/pdf"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert SlipPrint.objects.get().printed_by == place.clerk


def test_to_strangers_there_is_no_paper(client: Client, place: Counter) -> None:
    dossier = place.dossier()
    client.force_login(make.user(at=make.agency()))
    assert client.get(address("paper", dossier)).status_code == 404
    assert client.post(address("print", dossier)).status_code == 404
    client.force_login(place.clerk)
    assert client.get(address("paper", dossier, "stop")).status_code == 404
    assert client.get(address("paper", dossier) + "?slip=x").status_code == 404
    assert client.post(address("print", dossier), {"request_id": "x"}).status_code == 404
    assert not SlipPrint.objects.exists()
