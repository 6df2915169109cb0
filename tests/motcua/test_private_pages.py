"""What a member of the staff was shown stays in no cache of a browser or a proxy."""

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/ho-so/", "/viec/", "/nhap-ho-so/", "/tiep-nhan/"])
def test_pages_of_somebody_signed_in_are_not_stored(client: Client, address: str) -> None:
    client.force_login(make.staff(make.agency(), "clerk", "administrator"))
    answer = client.get(address)
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_what_says_how_it_is_kept_says_it_to_everybody(client: Client) -> None:
    worker = client.get("/sw.js")
    client.force_login(make.staff(make.agency()))
    assert client.get("/sw.js").headers.get("Cache-Control") == worker["Cache-Control"]
