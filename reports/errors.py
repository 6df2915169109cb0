"""Why a question about figures is refused."""

from motcua.errors import DomainError


class PeriodUnknown(DomainError):
    code = "period_unknown"
    message = (
        "Kỳ báo cáo không tồn tại; dùng dạng 2024-05, 2024-Q2, 2024-H1, 2024-H2, 2024-9M hoặc 2024."
    )


class CalendarUnknown(DomainError):
    code = "calendar_unknown"
    message = "Lịch kỳ báo cáo chỉ là nd09 (Nghị định 09/2019/NĐ-CP) hoặc civil (năm dương lịch)."


class PeriodNotBegun(DomainError):
    code = "period_not_begun"
    message = "Kỳ báo cáo chưa bắt đầu."


class AsOfOutside(DomainError):
    code = "as_of_outside"
    message = "Ngày chốt số liệu phải nằm trong kỳ báo cáo và không sau hôm nay."


class AgencyUnknown(DomainError):
    code = "agency_unknown"
    message = "Không có cơ quan này."


class ChoiceUnknown(DomainError):
    code = "choice_unknown"
    message = "Cách đếm hoặc cách phân tổ không có."


class BelowCountsOnce(DomainError):
    code = "below_counts_once"
    message = (
        "Số liệu gộp cả đơn vị cấp dưới chỉ đếm mỗi hồ sơ một lần (counted-once): "
        "đếm theo lượt tiếp nhận sẽ trùng hồ sơ liên thông."
    )


class CellUnknown(DomainError):
    code = "cell_unknown"
    message = "Không có ô số liệu này: cột từ c3 đến c13, khóa là khóa của một dòng."


class KindUnknown(DomainError):
    code = "kind_unknown"
    message = "Không có loại báo cáo này."


class NotAQuarter(DomainError):
    code = "not_a_quarter"
    message = "Báo cáo quý chỉ lập cho một quý, ví dụ 2024-Q2."


class NotReporter(DomainError):
    code = "not_reporter"
    message = "Chỉ người lập báo cáo hoặc lãnh đạo của cơ quan được lập và trình báo cáo này."


class NotDraft(DomainError):
    code = "not_draft"
    message = "Báo cáo đã trình nên không sửa được nữa."


class DraftChanged(DomainError):
    code = "draft_changed"
    message = "Bản dự thảo vừa được người khác sửa. Xin xem lại rồi trình."


class NotReady(DomainError):
    """`missing` lists what is to be written, or to be set right, first."""

    code = "not_ready"
    message = "Báo cáo chưa trình được vì còn chỗ để trống hoặc số liệu không khớp."

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__()
