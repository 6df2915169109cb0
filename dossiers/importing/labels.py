"""What our columns are called for people, by sheet. Pure."""

from dossiers.importing.faults import DOSSIERS, EVENTS

LABELS = {
    DOSSIERS: {
        "code": "Mã hồ sơ",
        "procedure": "Mã thủ tục",
        "agency": "Nơi nộp",
        "competent_agency": "Cơ quan có thẩm quyền",
        "channel": "Kênh nộp",
        "submitted_at": "Nộp trực tuyến lúc",
        "accepted_at": "Tiếp nhận lúc",
        "due_at": "Hẹn trả",
        "holder": "Chủ hồ sơ",
        "holder_kind": "Loại chủ hồ sơ",
        "citizen_id": "Số định danh, mã số thuế",
        "phone": "Điện thoại",
        "address": "Địa chỉ",
        "fee_vnd": "Phí, lệ phí (đồng)",
        "result_at": "Có kết quả lúc",
        "handover_at": "Trả kết quả lúc",
    },
    EVENTS: {
        "code": "Mã hồ sơ",
        "at": "Lúc nào",
        "act": "Việc gì",
        "agency": "Cơ quan",
        "new_date": "Hẹn trả mới",
        "reason": "Lý do",
    },
}
