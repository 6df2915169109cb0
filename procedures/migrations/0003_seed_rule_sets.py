"""The rule sets since Thông tư 01/2018/TT-VPCP: facts of the law, corrected in the admin."""

from datetime import date, time

from django.db import migrations

TT01 = "Thông tư 01/2018/TT-VPCP"
TT03 = "Thông tư 03/2025/TT-VPCP"


def _form(number, title, source):
    return {"number": number, "title": title, "source": source}


# Six forms, for A5 (06: A4).
FORMS_2018 = {
    "receipt": _form("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", TT01),
    "supplement": _form("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", TT01),
    "refusal": _form("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", TT01),
    "apology": _form("04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả", TT01),
    "control_slip": _form("05", "Phiếu kiểm soát quá trình giải quyết hồ sơ", TT01),
    "register": _form("06", "Sổ theo dõi hồ sơ", TT01),
}
# Seven: a notice of stopping is new, the apology carries the extension.
FORMS_2025 = {
    "receipt": _form("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", TT03),
    "supplement": _form("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", TT03),
    "refusal": _form("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", TT03),
    "apology": _form("04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", TT03),
    "stop": _form("05", "Thông báo dừng giải quyết hồ sơ", TT03),
    "control_slip": _form("06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", TT03),
    "register": _form("07", "Sổ theo dõi hồ sơ", TT03),
}

RULE_SETS = [
    {
        "code": "tt01-2018",
        "name": "Nghị định 61/2018/NĐ-CP, biểu mẫu Thông tư 01/2018/TT-VPCP",
        "effective_on": date(2019, 1, 6),
        "legal_basis": "Nghị định 61/2018/NĐ-CP (sửa đổi bởi Nghị định 107/2021/NĐ-CP); "
        "Thông tư 01/2018/TT-VPCP; QCVN 102:2016/BTTTT.",
        "forms": FORMS_2018,
        "code_format": "qcvn102",
    },
    {
        "code": "nd118-2025",
        "name": "Nghị định 118/2025/NĐ-CP, biểu mẫu Thông tư 01/2018/TT-VPCP",
        "effective_on": date(2025, 7, 1),
        "legal_basis": "Nghị định 118/2025/NĐ-CP; Thông tư 01/2018/TT-VPCP; "
        "Quyết định 20/2020/QĐ-TTg (sửa đổi bởi Quyết định 09/2025/QĐ-TTg).",
        "forms": FORMS_2018,
        "code_format": "qd20",
    },
    {
        "code": "tt03-2025",
        "name": "Nghị định 118/2025/NĐ-CP, biểu mẫu Thông tư 03/2025/TT-VPCP",
        # The day of issue; the administrator corrects it if the circular names another one.
        "effective_on": date(2025, 9, 15),
        "legal_basis": "Nghị định 118/2025/NĐ-CP (sửa đổi bởi Nghị định 367/2025/NĐ-CP); "
        "Thông tư 03/2025/TT-VPCP; "
        "Quyết định 20/2020/QĐ-TTg (sửa đổi bởi Quyết định 09/2025/QĐ-TTg).",
        "forms": FORMS_2025,
        "code_format": "qd20",
    },
]


def seed(apps, schema_editor):
    RuleSet = apps.get_model("procedures", "RuleSet")
    for values in RULE_SETS:
        given = {"pass_on_until": time(15), "supplements_allowed": 1, **values}
        RuleSet.objects.get_or_create(code=values["code"], defaults=given)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_freeze_published_versions")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
