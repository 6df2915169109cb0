"""How the calendar and the clock refuse."""

from motcua.errors import DomainError


class OutOfCalendar(DomainError):
    """A date outside the years for which working time is known."""

    code = "out_of_calendar"
    message = "Ngày nằm ngoài lịch làm việc đã có."


class InvalidLimit(DomainError):
    code = "invalid_limit"
    message = "Thời hạn phải là số nguyên dương."


class InvalidSuspension(DomainError):
    code = "invalid_suspension"
    message = "Khoảng tạm dừng không hợp lệ."


class UnknownCalendar(DomainError):
    code = "unknown_calendar"
    message = "Không có lịch làm việc này."
