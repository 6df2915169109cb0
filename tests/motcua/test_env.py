"""The environment is read loudly: a wrong value stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from motcua import env


def test_a_missing_value_without_a_default_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_THERE", raising=False)
    with pytest.raises(ImproperlyConfigured, match="NOT_THERE"):
        env.env_str("NOT_THERE")
    monkeypatch.setenv("NOT_THERE", " ")
    with pytest.raises(ImproperlyConfigured, match="NOT_THERE"):
        env.env_list("NOT_THERE", None)


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("yes", True), ("off", False), ("", False)]
)
def test_a_switch_knows_the_usual_words(
    monkeypatch: pytest.MonkeyPatch, text: str, value: bool
) -> None:
    monkeypatch.setenv("SWITCH", text)
    assert env.env_bool("SWITCH", default=not value) is value


def test_a_switch_or_number_of_another_kind_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured):
        env.env_bool("SWITCH", default=True)
    with pytest.raises(ImproperlyConfigured):
        env.env_int("SWITCH", 1)


def test_a_database_address_may_name_a_folder_of_sockets() -> None:
    entry = env.database("postgresql://role:p%40ss@/name?host=/run/here&application_name=x")
    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("role", "p@ss", "name")
    assert entry["HOST"] == "/run/here"
    assert entry["OPTIONS"] == {"application_name": "x"}


def test_only_postgresql_is_a_database() -> None:
    with pytest.raises(ImproperlyConfigured):
        env.database("sqlite:///x")


def test_celery_gets_the_address_of_a_socket_in_its_own_dialect() -> None:
    assert env.broker("unix:///run/valkey.sock?db=3") == (
        "redis+socket:///run/valkey.sock?virtual_host=3"
    )
    assert env.broker("redis://redis:6379/0") == "redis://redis:6379/0"
