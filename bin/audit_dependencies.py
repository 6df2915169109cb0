"""Known holes in the locked packages (pip-audit); a note when the list cannot be reached."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Exit code 1 for a hole, 0 otherwise: a machine without the network is no reason to fail."""
    tool = Path(sys.executable).with_name("pip-audit")
    lock = ROOT / "requirements" / "base.lock"
    words: list[str | Path] = [
        tool,
        "--requirement",
        lock,
        "--disable-pip",
        "--timeout",
        "10",
        "--format",
        "json",
    ]
    try:
        found = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
        packages = json.loads(found.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return _say("skipped, the list of known holes cannot be reached")
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return _say("skipped, the list of known holes knows none of the packages here")
    holes = [package for package in audited if package["vulns"]]
    _say(f"{len(audited)} of {len(packages)} locked packages looked up, {len(holes)} with holes")
    for package in holes:
        known = ", ".join(hole["id"] for hole in package["vulns"])
        _say(f"{package['name']} {package['version']}: {known}")
    return 1 if holes else 0


def _say(line: str) -> int:
    sys.stdout.write(f"pip-audit: {line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
