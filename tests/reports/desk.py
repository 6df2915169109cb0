"""A district with a counter, a reporter and a few dossiers: what a report needs."""

from dataclasses import dataclass

from agencies.models import Agency, Level, Role, User
from dossiers.models import Dossier
from reports import drafting
from reports.models import Report
from tests import make

NOW = make.at("2024-06-17 09:00")
PERIOD = "2024-Q2"
KIND = Report.Kind.DISTRICT_QUARTER


@dataclass(frozen=True)
class Desk:
    district: Agency
    counter: Agency
    reporter: User
    dossiers: list[Dossier]


def make_desk(count: int = 3) -> Desk:
    province = make.agency("Ủy ban nhân dân tỉnh Quảng Ngãi", level=Level.PROVINCE, gso_code="51")
    district = make.agency(
        "Ủy ban nhân dân huyện Trà Bồng",
        code="DEMO.525",
        level=Level.DISTRICT,
        parent=province,
        gso_code="525",
    )
    counter = make.agency(
        "Bộ phận Một cửa huyện Trà Bồng", level=Level.DISTRICT, committee=district
    )
    version = make.version(
        posted_at=district, field=make.field("Hộ tịch"), name="Đăng ký khai sinh"
    )
    clerk = make.staff(counter)
    dossiers = [
        make.dossier(agency=counter, version=version, officer=clerk, now=make.NOW)
        for _ in range(count)
    ]
    return Desk(district, counter, make.staff(district, Role.REPORTER), dossiers)


def draft(desk: Desk) -> Report:
    return drafting.open_draft(KIND, desk.district, PERIOD, "nd09", actor=desk.reporter, now=NOW)


def complete(report: Report) -> Report:
    """The draft with every blank filled."""
    texts = {
        key: text.replace("[điền:", "[").replace("[", "").replace("]", "")
        for key, text in report.narrative.items()
    }
    texts["paper.signer"] = "Nguyễn Văn Ước"
    Report.objects.filter(pk=report.pk).update(narrative=texts)
    report.refresh_from_db()
    return report
