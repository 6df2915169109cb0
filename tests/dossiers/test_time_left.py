"""Time left in words: what a clerk reads, at its edges."""

import pytest

from dossiers.models import Dossier, Status
from dossiers.time_left import TimeLeft, time_left
from tests.make import at

NOW = "2024-06-12 10:00"  # a Wednesday


def open_dossier(due: str | None, lapses: str | None, status: int = Status.PROCESSING) -> Dossier:
    return Dossier(
        accepted_at=at("2024-06-01 09:00"),
        status=status,
        due_at=at(due) if due else None,
        lapses_at=at(lapses) if lapses else None,
    )


@pytest.mark.parametrize(
    ("due", "lapses", "kind", "words"),
    [
        ("2024-06-20 17:00", "2024-06-21 00:00", "in-time", "Còn 8 ngày"),
        ("2024-06-14 17:00", "2024-06-15 00:00", "in-time", "Còn 2 ngày"),
        ("2024-06-13 17:00", "2024-06-14 00:00", "soon", "Hạn ngày mai"),
        ("2024-06-12 17:00", "2024-06-13 00:00", "soon", "Hạn hôm nay, 17:00"),
        ("2024-06-11 17:00", "2024-06-12 00:00", "late", "Quá hạn 1 ngày"),
        # by hours: overdue from the very moment on
        ("2024-06-12 10:00", "2024-06-12 10:00", "late", "Quá hạn 0 phút"),
        ("2024-06-12 09:15", "2024-06-12 09:15", "late", "Quá hạn 45 phút"),
        ("2024-06-12 07:30", "2024-06-12 07:30", "late", "Quá hạn 2 giờ"),
        ("2024-06-12 10:30", "2024-06-12 10:30", "soon", "Hạn hôm nay, 10:30"),
    ],
)
def test_the_clock_runs(due: str, lapses: str, kind: str, words: str) -> None:
    assert time_left(open_dossier(due, lapses), at(NOW)) == TimeLeft(kind, words)


def test_the_clock_stands_still() -> None:
    waiting = open_dossier(None, None, Status.SUPPLEMENT)
    assert time_left(waiting, at(NOW)).words == "Tạm dừng, chờ bổ sung"
    paying = open_dossier(None, None, Status.FINANCIAL)
    assert time_left(paying, at(NOW)).words == "Tạm dừng, chờ tài chính"


def test_a_suspension_after_the_lapse_leaves_it_overdue() -> None:
    late = open_dossier("2024-06-10 17:00", "2024-06-11 00:00", Status.SUPPLEMENT)
    assert time_left(late, at(NOW)) == TimeLeft("late", "Quá hạn 2 ngày")


def test_before_and_after_the_work() -> None:
    assert time_left(Dossier(status=Status.REGISTERED), at(NOW)).words == "Chưa tiếp nhận"
    ended = open_dossier("2024-06-20 17:00", "2024-06-21 00:00", Status.DONE)
    ended.ended_at = at("2024-06-11 09:00")
    assert time_left(ended, at(NOW)) == TimeLeft("ended", "Đã kết thúc")
