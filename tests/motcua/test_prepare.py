"""Set-up: does each thing once, says the one command that a missing right keeps it from."""

import os
import shutil
from pathlib import Path

import pytest

from bin import prepare


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the set-up would have run."""
    commands: list[list[str]] = []

    def note(command: list[str], *, failure: str, env: dict[str, str] | None = None) -> None:
        commands.append(command)

    monkeypatch.setattr(prepare, "run", note)
    return commands


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ROOT", "VENV", "NODE_MODULES"):
        monkeypatch.setattr(prepare, name, tmp_path / getattr(prepare, name).name)
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    for folder in ("requirements", ".venv", "node_modules"):
        (tmp_path / folder).mkdir()
    for lock in ("requirements/base.lock", "requirements/dev.lock", "package-lock.json"):
        (tmp_path / lock).write_text(lock)
    return tmp_path


def test_a_second_run_installs_nothing(clone: Path, ran: list[list[str]]) -> None:
    for testing in (False, True):
        prepare.install_python_packages(testing=testing)
        prepare.install_npm_packages(testing=testing)
        assert len(ran) == 2
        ran.clear()
        prepare.install_python_packages(testing=testing)
        prepare.install_npm_packages(testing=testing)
        assert not ran


def test_what_the_tests_need_serves_the_demonstration_too(
    clone: Path, ran: list[list[str]]
) -> None:
    prepare.install_python_packages(testing=True)
    prepare.install_npm_packages(testing=True)
    ran.clear()
    prepare.install_python_packages(testing=False)
    prepare.install_npm_packages(testing=False)
    assert not ran


def test_a_changed_lock_is_installed_again(clone: Path, ran: list[list[str]]) -> None:
    prepare.install_python_packages(testing=False)
    (clone / "requirements/base.lock").write_text("another version")
    prepare.install_python_packages(testing=False)
    assert len(ran) == 2
    assert all("--require-hashes" in command for command in ran)


def test_without_the_right_to_install_it_names_the_command(
    monkeypatch: pytest.MonkeyPatch, ran: list[list[str]]
) -> None:
    monkeypatch.setattr(prepare, "missing_debian_packages", lambda *, testing: ["chromium"])
    monkeypatch.setattr(prepare, "may_install", lambda: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(prepare.SetUpError) as refused:
        prepare.install_debian_packages(testing=True)
    assert str(refused.value) == (
        "run this first: sudo apt-get install -y --no-install-recommends chromium"
    )
    assert not ran


def test_root_installs_what_is_missing_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, ran: list[list[str]]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare, "missing_debian_packages", lambda *, testing: ["fonts-croscore"])
    prepare.install_debian_packages(testing=False)
    assert [command[:2] for command in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert ran[1][-1] == "fonts-croscore"
    ran.clear()
    monkeypatch.setattr(prepare, "missing_debian_packages", lambda *, testing: [])
    prepare.install_debian_packages(testing=False)
    assert not ran


def test_only_tests_want_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    demo = prepare.missing_debian_packages(testing=False)
    assert "chromium" not in demo
    assert set(prepare.missing_debian_packages(testing=True)) - set(demo) == {
        "chromium",
        "poppler-utils",
    }


def test_other_words_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare.main(["deploy"]) == 2
    assert capsys.readouterr().err == "usage: prepare.py demo | test\n"
