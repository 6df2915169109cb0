"""How the acts on a dossier refuse."""

from motcua.errors import DomainError


class PartyInvalid(DomainError):
    code = "party_invalid"
    message = "Thông tin chủ hồ sơ hoặc người nộp chưa đúng."


class VersionNotInForce(DomainError):
    code = "version_not_in_force"
    message = "Thủ tục này chưa có hiệu lực hoặc đã hết hiệu lực vào ngày tiếp nhận."


class MissingComponents(DomainError):
    code = "missing_components"
    message = "Hồ sơ thiếu thành phần bắt buộc."


class UnknownComponent(DomainError):
    code = "unknown_component"
    message = "Thành phần hồ sơ không thuộc thủ tục này."


class OutOfScope(DomainError):
    code = "out_of_scope"
    message = "Bạn không có quyền thực hiện việc này tại cơ quan này."


class KeyReplayed(DomainError):
    """Says the same to a stranger and to other content: nothing of the first dossier."""

    code = "key_replayed"
    message = "Yêu cầu này đã được dùng cho một hồ sơ khác. Hãy mở biểu mẫu mới."


class RequestReplayed(DomainError):
    code = "request_replayed"
    message = "Yêu cầu này đã được dùng cho một việc khác. Hãy tải lại trang."


class AgencyClosed(DomainError):
    code = "agency_closed"
    message = "Cơ quan này không hoạt động vào ngày thực hiện."


class NoRuleSet(DomainError):
    code = "no_rule_set"
    message = "Không có bộ quy định nào có hiệu lực vào ngày này."


class ChannelInvalid(DomainError):
    code = "channel_invalid"
    message = "Kênh tiếp nhận không hợp lệ."


class SubmissionInvalid(DomainError):
    code = "submission_invalid"
    message = "Hồ sơ trực tuyến cần có thời điểm nộp, không sau thời điểm tiếp nhận."


class CapacityInvalid(DomainError):
    code = "capacity_invalid"
    message = "Tư cách của người nộp chưa đúng."


class MomentInvalid(DomainError):
    code = "moment_invalid"
    message = "Thời điểm tiếp nhận không hợp lệ: ở tương lai, hoặc trước lúc gửi quá 7 ngày."


class DraftRefused(DomainError):
    code = "draft_refused"
    message = "Biểu mẫu này đã được tiếp nhận hoặc không còn; không lưu nháp nữa."


class NotImmediate(DomainError):
    code = "not_immediate"
    message = "Thủ tục này không thuộc loại giải quyết ngay."


class MoveNotAllowed(DomainError):
    code = "move_not_allowed"
    message = "Trạng thái hiện tại của hồ sơ không cho phép việc này."


class DossierChanged(DomainError):
    code = "dossier_changed"
    message = "Hồ sơ vừa được người khác cập nhật. Hãy tải lại trang."


class TooEarly(DomainError):
    code = "too_early"
    message = "Thời điểm thực hiện trước việc gần nhất đã ghi của hồ sơ."


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = "Cần ghi lý do cụ thể."


class SecondSupplement(DomainError):
    code = "second_supplement"
    message = "Hồ sơ đã được yêu cầu bổ sung đủ số lần pháp luật cho phép."


class ExtensionInvalid(DomainError):
    code = "extension_invalid"
    message = "Thời hạn mới phải sau thời hạn cũ."


class NothingToPay(DomainError):
    code = "nothing_to_pay"
    message = "Hồ sơ không có khoản phí, lệ phí nào phải nộp."


class HandOverInvalid(DomainError):
    code = "hand_over_invalid"
    message = "Không chuyển hồ sơ đến nơi này được."


class AssignmentInvalid(DomainError):
    code = "assignment_invalid"
    message = "Không giao hồ sơ cho người này được."


class ReceiptInvalid(DomainError):
    """Who received the result and how: something is missing."""

    code = "receipt_invalid"
    message = "Thông tin trả kết quả chưa đúng."


class FeesUnsettled(DomainError):
    code = "fees_unsettled"
    message = "Còn phí, lệ phí chưa nộp: ghi đã thu đủ, hoặc lý do được miễn, rồi trả kết quả."


class OpinionInvalid(DomainError):
    code = "opinion_invalid"
    message = "Không lấy ý kiến phối hợp như vậy được."


class FileRefused(DomainError):
    code = "file_refused"
    message = "Tệp không được chấp nhận."


class ChoicesRefused(DomainError):
    code = "choices_refused"
    message = "Tệp phân giao hồ sơ có lỗi."


class OfflineFormInvalid(DomainError):
    """An entry of a browser's queue, as typed, is no complete form."""

    code = "form_invalid"
    message = "Có mục chưa đúng; hãy mở ra sửa rồi gửi lại."


class ImportInUse(DomainError):
    code = "import_in_use"
    message = (
        "Không hoàn tác được: đã có việc được làm trên hồ sơ của lần nhập này (xử lý, in giấy, "
        "xem số giấy tờ…)."
    )


class ImportStep(DomainError):
    """The run is not where this step begins: somebody else went on meanwhile."""

    code = "import_step"
    message = "Lần nhập này đang ở bước khác. Hãy xem lại trang."


class ViewInvalid(DomainError):
    code = "view_invalid"
    message = "Không lưu được bộ lọc này."


class ExportRefused(DomainError):
    code = "export_refused"
    message = "Không xuất được danh sách này."


class BulkRefused(DomainError):
    code = "bulk_refused"
    message = "Không thực hiện hàng loạt được."


class ApologyInvalid(DomainError):
    code = "apology_invalid"
    message = "Thư xin lỗi chưa đủ nội dung."


class AlreadyPromised(DomainError):
    code = "already_promised"
    message = "Hồ sơ đã được xin lỗi và hẹn lại một lần; pháp luật không cho hẹn lại lần nữa."


class NoApology(DomainError):
    code = "no_apology"
    message = "Hồ sơ không có dự thảo thư xin lỗi nào đang chờ."
