"""Trà Bồng's quarter II of 2024 as a snapshot: the published counts, without any dossier."""

from datetime import UTC, date, datetime

from reports.cells import Cells
from reports.snapshot import BlockFigures, FieldFigures, Snapshot, Subject

CREATED = datetime(2024, 6, 17, 3, 0, tzinfo=UTC)


def cells(
    received: int, early: int = 0, on_time: int = 0, *, online: int = 0, lapsed: int = 0
) -> Cells:
    resolved = early + on_time
    return Cells(
        c3=received, c4=online, c5=received - online, c7=resolved, c8=early, c9=on_time,
        c11=received - resolved, c12=received - resolved - lapsed, c13=lapsed,
    )  # fmt: skip


def one(key: str, name: str, counted: Cells) -> FieldFigures:
    return FieldFigures(key, name, counted, counted)


def snapshot() -> Snapshot:
    welfare = FieldFigures("8", "Bảo trợ xã hội", Cells(), cells(217, 200, 17))
    return Snapshot(
        subject=Subject(
            "DEMO-525", "Ủy ban nhân dân huyện Trà Bồng", "district", "committee",
            "Ủy ban nhân dân huyện Trà Bồng", "Ủy ban nhân dân tỉnh Quảng Ngãi",
        ),
        period="2024-Q2",
        calendar="nd09",
        definition_version="ii06a-1",
        first_day=date(2024, 3, 15),
        last_day=date(2024, 6, 14),
        as_of=date(2024, 6, 14),
        taken_at=CREATED,
        blocks=(
            BlockFigures("Đăng ký đất đai", (
                one("1", "Đăng ký biện pháp bảo đảm", cells(250, 0, 250, online=250)),
                one("2", "Đất đai", cells(194, 120, 9, online=58)),
            )),
            BlockFigures("Xây dựng", (
                one("3", "Thẩm định báo cáo kinh tế - kỹ thuật", cells(14, 12, lapsed=2)),
                one("4", "Cấp phép xây dựng", cells(29, 6, lapsed=23)),
            )),
            BlockFigures("Tư pháp - Hộ tịch", (
                one("5", "Hộ tịch", cells(9, 2, 7)),
                one("6", "Chứng thực", cells(77, 0, 77)),
            )),
            BlockFigures("Bảo trợ xã hội", (welfare,)),
            BlockFigures(
                "Đăng ký kinh doanh",
                (one("9", "Hộ kinh doanh", cells(54, 54, online=54)),),
                fees_vnd=2_200_000,
            ),
            BlockFigures("Tài nguyên và Môi trường", (one("10", "Môi trường", Cells()),)),
        ),
        received_by_post=0,
        returned_by_post=0,
        posted=328,
        posted_added=18,
        is_demo=True,
    )  # fmt: skip
