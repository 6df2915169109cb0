"""What is installed is pinned, hashed, and names no place to download it from."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    return set(re.findall(r"^([a-z0-9][^ ]*==[^ ;]+)", text, flags=re.MULTILINE))


def test_tests_run_on_the_versions_of_production() -> None:
    assert pins("base")
    assert pins("base") <= pins("dev")


def test_every_pin_has_a_hash_and_no_lock_names_an_index() -> None:
    for name in ("base", "dev"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text()
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks), name


def test_npm_packages_are_pinned_by_content_not_by_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {"node_modules/@tabler/core", "node_modules/axe-core"} <= set(packages)
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert packages["node_modules/axe-core"]["dev"] is True
