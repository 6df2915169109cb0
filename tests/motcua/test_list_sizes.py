"""A list of fifty dossiers on a slow line: its HTML."""

import pytest
import time_machine
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
LARGEST = 60_000


@pytest.mark.parametrize(
    "address", ["/viec/", "/ho-so/", "/so-theo-doi/", "/qua-han/?list=without"]
)
def test_a_list_of_fifty_is_small(client: Client, address: str) -> None:
    commune = make.agency("Ủy ban nhân dân xã Trà Bồng", code="H48.51.21115")
    counter = make.agency("Trung tâm Phục vụ hành chính công xã Trà Bồng", committee=commune)
    version = make.version(posted_at=commune, name="Đăng ký, cấp Giấy chứng nhận lần đầu " * 2)
    clerk = make.staff(counter)
    with time_machine.travel(make.NOW, tick=False):
        for _ in range(51):
            make.dossier(
                agency=counter, version=version, officer=clerk, now=make.at("2024-05-06 09:00")
            )
        client.force_login(clerk)

        answer = client.get(address)

    assert answer.status_code == 200
    assert answer.content.count(counter.code.encode()) >= 50
    assert len(answer.content) <= LARGEST
