"""Refusals of the catalogue."""

from motcua.errors import DomainError


class NotPosted(DomainError):
    code = "not_posted"
    message = "Không có cơ quan nào niêm yết và có thẩm quyền giải quyết thủ tục này."


class FileRefused(DomainError):
    code = "file_refused"
    message = "Tệp không đọc được."


class RowsRefused(DomainError):
    """Rows of a catalogue file are wrong; `problems` names each by row and column."""

    code = "rows_refused"

    def __init__(self, problems: "list[dict[str, str | int]]") -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} lỗi trong tệp; không dòng nào được ghi.")


class DraftInvalid(DomainError):
    code = "draft_invalid"
    message = "Bản dự thảo còn lỗi."


class DraftTaken(DomainError):
    """Somebody else changed the draft: nothing was saved, what was typed is still in the form."""

    code = "draft_taken"
    message = "Người khác vừa sửa bản dự thảo này. Hãy tải lại trang rồi sửa tiếp."


class NotCatalogueKeeper(DomainError):
    code = "not_catalogue_keeper"
    message = "Chỉ quản trị viên cấp tỉnh sửa được quy trình nội bộ."
