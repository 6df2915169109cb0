"""What production is made of: the compose file, and settings that refuse to be half set."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ",
    "FIELD_KEYS": "one:b25lLW9uZS1vbmUtb25lLW9uZS1vbmUtb25lLW9uZS0=",
    "FIELD_HASH_KEY": "0123456789-hash",
}


def compose_file() -> str:
    return (ROOT / "docker-compose.yml").read_text()


@pytest.mark.machine
@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_accepts_the_file() -> None:
    secrets = {**SECRETS, "PUBLIC_HOST": "example.test", "POSTGRES_PASSWORD": "p"}
    done = subprocess.run(
        ["docker-compose", "config"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "REDIS_PASSWORD": "r", "POSTGRES_APP_PASSWORD": "a"}
        | secrets,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for service in ("web", "worker", "beat", "postgres", "redis", "nginx"):
        assert f"\n  {service}:" in done.stdout


def test_no_secret_stands_in_the_compose_file() -> None:
    for line in compose_file().splitlines():
        if any(word in line for word in ("PASSWORD:", "SECRET_KEY:", "FIELD_")) and ":" in line:
            assert "${" in line, line


def test_the_image_runs_as_an_ordinary_user_on_hashed_packages() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert text.rpartition("\nUSER ")[2].split()[0] not in {"root", "0"}
    assert "--require-hashes" in text
    assert "npm ci --ignore-scripts" in text


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": "postgresql://nobody@localhost:1/none",
            "REDIS_URL": "redis://localhost:1/0",
            "DEMO": "0",
            "PUBLIC_URL": "https://example.test",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.machine
def test_the_settings_of_production_pass_the_deployment_checks() -> None:
    done = check(**SECRETS)
    assert done.returncode == 0, done.stderr


@pytest.mark.machine
@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_production_does_not_start_without_each_secret(secret: str) -> None:
    done = check(**{**SECRETS, secret: ""})
    assert done.returncode != 0
    assert secret in done.stderr
