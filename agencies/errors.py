"""How agencies and their loading refuse."""

from motcua.errors import DomainError


class UnknownProvince(DomainError):
    code = "unknown_province"
    message = "Không có tỉnh này."


class ProvisionalCodeRefused(DomainError):
    """Official e-identifiers are in no public data set: made-up ones serve the demonstration."""

    code = "provisional_code_refused"
    message = "Không được dùng mã tạm ngoài chế độ minh họa."


class OfficesRefused(DomainError):
    """The offices file has rows that cannot be taken: nothing of it was."""

    code = "offices_refused"
    message = "Tệp danh sách cơ quan có lỗi."


class NoHeir(DomainError):
    code = "no_heir"
    message = "Cơ quan đã giải thể không có cơ quan kế thừa."


class NotAnHeir(DomainError):
    code = "not_an_heir"
    message = "Cơ quan được chọn không phải là cơ quan kế thừa."


class NotClosedYet(DomainError):
    code = "not_closed_yet"
    message = "Ngày này chưa kết thúc, chưa thể bàn giao."


class DutyInvalid(DomainError):
    code = "duty_invalid"
    message = "Không xếp ca trực như vậy được."


class NotRosterKeeper(DomainError):
    code = "not_roster_keeper"
    message = "Bạn không lập lịch trực cho quầy này."


class ShiftInvalid(DomainError):
    code = "shift_invalid"
    message = "Chọn ít nhất một ngày trong tuần; giờ bắt đầu phải trước giờ kết thúc."


class NotCalendarKeeper(DomainError):
    code = "not_calendar_keeper"
    message = "Lịch này dùng chung với cơ quan khác, hoặc bạn không quản trị cơ quan này."
