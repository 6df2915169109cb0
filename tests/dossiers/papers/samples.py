"""Every slip of a commune's counter, through the acts, on a day of either circular."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from agencies.models import Agency, Kind, Role, User
from dossiers import forwarding, slips, stopping, submission, supplement
from dossiers.models import Apology, Dossier, LatenessCause, Slip
from dossiers.papers import printing
from procedures.models import ProcedureVersion
from tests import make

# Monday mornings, of Thông tư 01/2018 and of Thông tư 03/2025.
OF_2018, OF_2025 = make.NOW, make.at("2025-10-06 09:00")
COMPONENTS = ("Tờ khai theo mẫu", "Giấy chứng sinh")
HOLDER = "Nguyễn Thị Ước"


@dataclass
class Counter:
    agency: Agency
    commune: Agency
    clerk: User
    version: ProcedureVersion
    now: datetime
    name: str = HOLDER
    address: str = "Thôn Phú Long, xã Trà Phú, huyện Trà Bồng"

    @property
    def later(self) -> datetime:
        return self.now + timedelta(days=1)

    def dossier(self) -> Dossier:
        holder = make.person(
            self.name, phone="0905123456", address=self.address, email="uoc@example.vn"
        )
        return make.dossier(
            agency=self.agency,
            version=self.version,
            officer=self.clerk,
            now=self.now,
            holder=holder,
            summary="Đăng ký khai sinh cho con",
        )

    def slip(self, kind: str) -> Slip:
        return _MADE[kind](self)


def counter(
    now: datetime = OF_2018, components: tuple[str, ...] = COMPONENTS, name: str = HOLDER
) -> Counter:
    district = make.agency("Ủy ban nhân dân huyện Trà Bồng")
    commune = make.agency("Ủy ban nhân dân xã Trà Phú", parent=district)
    agency = make.agency("Bộ phận Một cửa xã Trà Phú", committee=commune, kind=Kind.COUNTER)
    Agency.objects.filter(pk=agency.pk).update(phone="0255 3865 124")
    agency.refresh_from_db()
    clerk = make.staff(commune, Role.CLERK, Role.LEADER, Role.OFFICER)
    version = make.version(
        posted_at=commune, name="Đăng ký khai sinh", components=components, fee_vnd=8000
    )
    return Counter(agency, commune, clerk, version, now, name)


def _receipt(place: Counter) -> Slip:
    return slips.issue(place.dossier(), "receipt", actor=place.clerk, now=place.now)


def _supplement(place: Counter) -> Slip:
    dossier = supplement.request(
        place.dossier(),
        actor=place.clerk,
        now=place.later,
        request_id=uuid4(),
        items=["Bản sao Giấy chứng nhận kết hôn", "Văn bản ủy quyền"],
        reason="Hồ sơ thiếu giấy tờ",
        legal_ground="Điều 16 Luật Hộ tịch",
    )
    return Slip.objects.get(dossier=dossier)


def _refusal(place: Counter) -> Slip:
    wanted = make.request(
        place.agency,
        place.version,
        channel="online",
        submitted_at=place.now,
        holder=make.person(place.name, address=place.address),
    )
    waiting = submission.submit(wanted, actor=None, now=place.now)
    reason = "Không thuộc thẩm quyền của Ủy ban nhân dân xã"
    submission.refuse(
        waiting, actor=place.clerk, now=place.later, request_id=uuid4(), reason=reason
    )
    return Slip.objects.get(dossier=waiting)


def _stop(place: Counter) -> Slip:
    reason = "Đã đăng ký ở nơi khác"
    dossier = stopping.stop(
        place.dossier(), actor=place.clerk, now=place.later, request_id=uuid4(), reason=reason
    )
    return Slip.objects.get(dossier=dossier)


def _apology(place: Counter) -> Slip:
    dossier = place.dossier()
    assert dossier.due_at is not None
    cause, _ = LatenessCause.objects.get_or_create(
        code="sample", defaults={"name": "Phần mềm bị lỗi", "position": 99}
    )
    letter = Apology.objects.create(
        dossier=dossier,
        cause=cause,
        explanation="Mất kết nối hai ngày",
        due_at=dossier.due_at,
        promised_at=dossier.due_at + timedelta(days=2),
        drafted_at=place.later,
        signed_at=place.later,
        signed_by=place.clerk,
    )
    return slips.issue(dossier, "apology", actor=place.clerk, now=place.later, apology=letter)


def _control_slip(place: Counter) -> Slip:
    office = make.agency("Phòng Tư pháp huyện Trà Bồng")
    officer = make.staff(office, Role.OFFICER)
    dossier = forwarding.send(
        place.dossier(), actor=place.clerk, now=place.later, request_id=uuid4(), to_agency=office
    )
    done = place.later + timedelta(hours=1)
    dossier = forwarding.acknowledge(dossier, actor=officer, now=done, request_id=uuid4())
    slip = printing.draft(dossier, "control_slip", done)
    slip.save()
    return slip


_MADE: dict[str, Callable[[Counter], Slip]] = {
    "receipt": _receipt,
    "supplement": _supplement,
    "refusal": _refusal,
    "apology": _apology,
    "stop": _stop,
    "control_slip": _control_slip,
}
KINDS = tuple(_MADE)
