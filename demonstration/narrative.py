"""The text of Trà Bồng's report for quarter II/2024, as its reporter would type it.

Taken from what the office published, without its slips (text of 2021, two dates for one plan,
figures that contradict each other); figures are left to the portal. Nobody's name stands here.
"""

from datetime import datetime

from agencies.models import Agency, User
from reports import drafting
from reports.models import Report

KIND = Report.Kind.DISTRICT_QUARTER

TEXTS = {
    "opening": (
        "Thực hiện Quyết định số 6352/QĐ-UBND ngày 25/12/2023 của Chủ tịch UBND huyện về việc ban"
        " hành Kế hoạch cải cách hành chính huyện Trà Bồng năm 2024, {{cơ quan}} báo cáo kết quả"
        " thực hiện công tác cải cách hành chính {{kỳ}} và phương hướng, nhiệm vụ {{kỳ sau}} như"
        " sau:"
    ),
    "direction": (
        "Trong {{kỳ}}, {{cơ quan}} triển khai thực hiện các văn bản sau:\n"
        "- Quyết định số 1201/QĐ-UBND ngày 04/3/2024 của Chủ tịch UBND huyện Trà Bồng về việc ban"
        " hành Kế hoạch hoạt động kiểm soát thủ tục hành chính năm 2024 trên địa bàn huyện;\n"
        "- Kế hoạch số 32/KH-UBND ngày 04/3/2024 của UBND huyện Trà Bồng về việc rà soát, đánh giá"
        " thủ tục hành chính năm 2024 trên địa bàn huyện.\n"
        "Kỷ cương hành chính được thực hiện nghiêm túc theo Quyết định số 20/2013/QĐ-UBND ngày"
        " 07/5/2013 của UBND tỉnh. Cổng thông tin điện tử của huyện được quản lý chặt chẽ; bộ thủ"
        " tục hành chính được cập nhật, công khai thường xuyên."
    ),
    "review": (
        "Trong {{kỳ}}, huyện đã thực hiện rà soát thủ tục hành chính theo Kế hoạch số 32/KH-UBND"
        " ngày 04/3/2024."
    ),
    "posting": (
        "Thủ tục hành chính được niêm yết tại trụ sở UBND huyện, tại Bộ phận Tiếp nhận và Trả kết"
        " quả và các phòng, ban; công khai trên Cổng thông tin điện tử của huyện."
    ),
    "petitions": (
        "Trong {{kỳ}}, huyện không tiếp nhận phản ánh, kiến nghị nào về hành vi hành chính và quy"
        " định hành chính."
    ),
    "modernisation": (
        "Việc ứng dụng công nghệ thông tin được thực hiện thường xuyên; phần mềm quản lý văn bản"
        " được triển khai đến hầu hết các cơ quan, ban, ngành huyện và UBND các xã, thị trấn; 100%"
        " cơ quan, đơn vị sử dụng mạng nội bộ (LAN) trong trao đổi công việc."
    ),
    "strengths": (
        "Công tác cải cách hành chính được sự quan tâm lãnh đạo, chỉ đạo, đạt nhiều kết quả, cải"
        " thiện mối quan hệ giữa cơ quan hành chính nhà nước với nhân dân;\n"
        "Chữ ký số, phần mềm quản lý văn bản và hệ thống quản lý chất lượng theo tiêu chuẩn quốc"
        " gia TCVN ISO 9001:2015 được áp dụng."
    ),
    "weaknesses": (
        "Một số cơ quan, đơn vị chưa chủ động số hóa hồ sơ, ứng dụng công nghệ thông tin trong giải"
        " quyết công việc;\n"
        "Việc hướng dẫn hồ sơ ban đầu ở địa phương còn sơ sài, có hồ sơ phải trả lại;\n"
        "Công dân ít theo dõi tiến độ hồ sơ trên mạng, chủ yếu đến trực tiếp để hỏi kết quả."
    ),
    "plan_procedures": (
        "Thực hiện kế hoạch kiểm soát thủ tục hành chính năm 2024 đối với tất cả lĩnh vực quản lý"
        " nhà nước trên địa bàn huyện;\n"
        "Thực hiện niêm yết, công khai, minh bạch thủ tục hành chính;\n"
        "Tiếp nhận, xử lý nghiêm túc phản ánh, kiến nghị của tổ chức, doanh nghiệp và công dân về"
        " thủ tục hành chính;\n"
        "Kiểm tra định kỳ và đột xuất việc giải quyết thủ tục hành chính tại Bộ phận Tiếp nhận và"
        " Trả kết quả huyện, UBND cấp xã;\n"
        "Giải quyết dứt điểm các hồ sơ đang quá hạn."
    ),
    "plan_modernisation": (
        "Ứng dụng có hiệu quả phần mềm một cửa, phần mềm quản lý văn bản;\n"
        "Nâng tỷ lệ sử dụng dịch vụ công trực tuyến; tiếp nhận hồ sơ và trả kết quả qua dịch vụ bưu"
        " chính công ích;\n"
        "Tiếp tục đầu tư trang thiết bị tại Bộ phận Tiếp nhận và Trả kết quả các cấp."
    ),
}


def type_in(agency: Agency, period: str, *, reporter: User, now: datetime) -> Report:
    """The draft with this text; a draft that somebody has edited since is left as it is."""
    report = drafting.open_draft(KIND, agency, period, "nd09", actor=reporter, now=now)
    if report.edited_at is None:
        base = {key: drafting.fingerprint(report.narrative.get(key, "")) for key in TEXTS}
        report = drafting.save(report, TEXTS, base=base, actor=reporter, now=now).report
    return report
