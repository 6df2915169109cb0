"""The accounts of the demonstration: one person for each seat, with made-up passwords."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agencies.models import Agency, Appointment, Role, User
from demonstration.offices import Offices

REPORTER = "huyen.baocao"


@dataclass(frozen=True)
class Seat:
    username: str
    full_name: str
    role: Role
    agency: Agency


def seats(commune: Offices, district: Agency, province: Agency) -> list[Seat]:
    """Who signs in: a commune with its offices, the district of 2024, the province."""
    return [
        Seat("xa.motcua", "Công chức một cửa xã (minh họa)", Role.CLERK, commune.counter),
        Seat("xa.chuyenmon", "Công chức kinh tế xã (minh họa)", Role.OFFICER, commune.economy),
        Seat("xa.lanhdao", "Lãnh đạo xã (minh họa)", Role.LEADER, commune.committee),
        Seat("xa.quantri", "Quản trị xã (minh họa)", Role.ADMINISTRATOR, commune.committee),
        Seat(
            "datdai.chuyenvien",
            "Viên chức đăng ký đất đai (minh họa)",
            Role.OFFICER,
            commune.land_registry,
        ),
        Seat("huyen.chuyenvien", "Chuyên viên huyện (minh họa)", Role.OFFICER, district),
        Seat(REPORTER, "Người lập báo cáo huyện (minh họa)", Role.REPORTER, district),
        Seat("huyen.lanhdao", "Lãnh đạo huyện (minh họa)", Role.LEADER, district),
        Seat("tinh.theodoi", "Người theo dõi cấp tỉnh (minh họa)", Role.INSPECTOR, province),
        Seat("tinh.quantri", "Quản trị cấp tỉnh (minh họa)", Role.ADMINISTRATOR, province),
    ]


def create(chosen: list[Seat], path: Path) -> list[dict[str, str]]:
    """Accounts with their roles; the passwords of the first run are kept in `path` (0600)."""
    known = _read(path)
    accounts = []
    for seat in chosen:
        password = known.get(seat.username) or secrets.token_urlsafe(9)
        user = _user(seat, password)
        # From the first day of the agency: the district of 2024 has staff in the demonstration.
        Appointment.objects.get_or_create(
            user=user,
            agency=seat.agency,
            role=seat.role,
            defaults={"valid_from": max(seat.agency.valid_from, date(2019, 1, 1))},
        )
        accounts.append(
            {
                "username": seat.username,
                "password": password,
                "role": str(seat.role),
                "role_name": str(seat.role.label),
                "agency": seat.agency.name,
            }
        )
    _write(path, accounts)
    return accounts


def _user(seat: Seat, password: str) -> User:
    user, _ = User.objects.get_or_create(
        username=seat.username, defaults={"full_name": seat.full_name}
    )
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def _read(path: Path) -> dict[str, str]:
    try:
        accounts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {account["username"]: account["password"] for account in accounts}


def _write(path: Path, accounts: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=2)
