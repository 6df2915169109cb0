"""The outline of the district's quarter report as data: its sections and what stands in each.

It follows what districts send: I. direction, II. results (1–7), III. assessment, IV. tasks of
the next quarter. A section prints its figures, then the text that the reporter typed. A new
draft starts from neutral sentences in which everything that only the reporter knows is a blank
`[điền: …]`; figures are linked tokens `{{…}}` (reports.tokens), never typed numbers.
"""

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How the typed lines are set."""

    NONE = "none"  # a heading, or figures alone
    TEXT = "text"  # paragraphs; lines that begin with "-" or "+" are items
    LIST = "list"  # every line is an item


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    level: int
    shape: Shape = Shape.TEXT
    # the name of a block of figures (reports.figure_blocks), blank for none
    figures: str = ""
    default: str = ""

    @property
    def name(self) -> str:
        """For lists and messages: the untitled ones are the first and the last."""
        untitled = {"opening": "Mở đầu", "closing": "Kết thúc"}
        return self.title or untitled[self.key]


DISTRICT_QUARTER = (
    Section(
        "opening",
        "",
        0,
        default=(
            "Thực hiện [điền: số, ngày và tên văn bản giao kế hoạch cải cách hành chính năm"
            " {{năm}}], {{cơ quan}} báo cáo kết quả thực hiện công tác cải cách hành chính"
            " {{kỳ}} và phương hướng, nhiệm vụ {{kỳ sau}} như sau:"
        ),
    ),
    Section(
        "direction",
        "I. Công tác chỉ đạo, điều hành cải cách hành chính",
        1,
        default=(
            "Trong {{kỳ}}, {{cơ quan}} đã ban hành, triển khai các văn bản sau:\n"
            "- [điền: từng văn bản – số, ký hiệu, ngày, trích yếu];\n"
            "Công tác kiểm tra, tuyên truyền cải cách hành chính: [điền: kết quả trong kỳ]."
        ),
    ),
    Section("results", "II. Những kết quả đạt được", 1, Shape.NONE),
    Section(
        "review",
        "1. Về rà soát, đánh giá thủ tục hành chính",
        2,
        default="[điền: kế hoạch rà soát, đánh giá và kết quả thực hiện trong kỳ].",
    ),
    Section(
        "posting",
        "2. Việc niêm yết công khai, minh bạch thủ tục hành chính",
        2,
        figures="posting",
        default="Địa điểm và trang thông tin niêm yết, công khai: [điền: địa điểm, địa chỉ].",
    ),
    Section(
        "petitions",
        "3. Việc tiếp nhận, xử lý phản ánh, kiến nghị của cá nhân, tổ chức đối với quy định"
        " hành chính",
        2,
        default=(
            "Trong {{kỳ}}, số phản ánh, kiến nghị đã tiếp nhận: [điền: số]; đã xử lý: [điền: số]."
        ),
    ),
    Section(
        "counter",
        "4. Kết quả tiếp nhận, giải quyết hồ sơ tại Bộ phận Tiếp nhận và Trả kết quả",
        2,
        figures="counter",
        default="",
    ),
    Section(
        "online",
        "5. Về tình hình, kết quả cung cấp dịch vụ công trực tuyến",
        2,
        figures="online",
        default="",
    ),
    Section(
        "postal",
        "6. Về tiếp nhận hồ sơ và trả kết quả giải quyết thủ tục hành chính qua dịch vụ bưu chính"
        " công ích",
        2,
        figures="postal",
        default="",
    ),
    Section(
        "modernisation",
        "7. Về hiện đại hóa hành chính",
        2,
        default="[điền: ứng dụng công nghệ thông tin, chuyển đổi số, hệ thống quản lý chất lượng].",
    ),
    Section("assessment", "III. Đánh giá chung", 1, Shape.NONE),
    Section("strengths", "1. Ưu điểm", 2, Shape.LIST, default="[điền: ưu điểm]."),
    Section(
        "weaknesses",
        "2. Những tồn tại, hạn chế",
        2,
        Shape.LIST,
        figures="overdue",
        default="[điền: tồn tại, hạn chế và nguyên nhân].",
    ),
    Section("plan", "IV. Phương hướng, nhiệm vụ {{kỳ sau}}", 1, Shape.NONE),
    Section(
        "plan_procedures",
        "1. Cải cách thủ tục hành chính",
        2,
        Shape.LIST,
        default=(
            "Tổ chức thực hiện kế hoạch kiểm soát thủ tục hành chính năm {{năm của kỳ sau}} đối với"
            " tất cả lĩnh vực quản lý nhà nước trên địa bàn;\n"
            "Thực hiện niêm yết công khai, minh bạch thủ tục hành chính;\n"
            "Tiếp nhận, xử lý nghiêm túc phản ánh, kiến nghị của tổ chức, doanh nghiệp và công dân"
            " về thủ tục hành chính;\n"
            "[điền: nhiệm vụ khác]."
        ),
    ),
    Section(
        "plan_modernisation",
        "2. Hiện đại hóa hành chính",
        2,
        Shape.LIST,
        default=(
            "Nâng tỷ lệ sử dụng dịch vụ công trực tuyến; tiếp nhận và trả kết quả qua dịch vụ bưu"
            " chính công ích;\n"
            "[điền: nhiệm vụ khác]."
        ),
    ),
    Section(
        "closing",
        "",
        0,
        default=(
            "Trên đây là báo cáo kết quả thực hiện công tác cải cách hành chính {{kỳ}} và phương"
            " hướng, nhiệm vụ {{kỳ sau}} của {{cơ quan}}."
        ),
    ),
)

TITLE = "BÁO CÁO"
SUBJECT = (
    "Kết quả thực hiện công tác cải cách hành chính {{kỳ}} và phương hướng, nhiệm vụ {{kỳ sau}}"
)
# The parts of the paper around the text (Nghị định 30/2020/NĐ-CP); several lines where marked.
PAPER = {
    "paper.parent": "Cơ quan chủ quản (để trống nếu không có)",
    "paper.issuer": "Cơ quan ban hành",
    "paper.symbol": "Ký hiệu",
    "paper.place": "Địa danh",
    "paper.dated": "Ngày ký (để trống khi chưa ban hành)",
    "paper.addressees": "Kính gửi (mỗi dòng một nơi)",
    "paper.grounds": "Căn cứ (mỗi dòng một căn cứ, có thể để trống)",
    "paper.signature": "Quyền hạn, chức vụ của người ký (mỗi dòng một dòng in)",
    "paper.signer": "Họ và tên người ký",
    "paper.recipients": "Nơi nhận (mỗi dòng một nơi)",
}
SECTIONS = {section.key: section for section in DISTRICT_QUARTER}
