"""Why dossiers are late, and when people are warned: administrators change both."""

from django.db import migrations

CAUSES = [
    ("power", "Mất điện, sự cố đường truyền"),
    ("software", "Lỗi phần mềm, hệ thống dùng chung"),
    ("interagency", "Cơ quan phối hợp trả lời chậm"),
    ("staff", "Thiếu nhân lực, công chức vắng mặt"),
    ("workload", "Số lượng hồ sơ tăng đột biến"),
    ("complexity", "Hồ sơ phức tạp, phải xác minh thêm"),
    ("citizen", "Phải chờ tổ chức, cá nhân cung cấp thông tin"),
    ("disaster", "Thiên tai, dịch bệnh"),
    ("other", "Nguyên nhân khác"),
]


def seed(apps, schema_editor):
    LatenessCause = apps.get_model("dossiers", "LatenessCause")
    for position, (code, name) in enumerate(CAUSES, start=1):
        LatenessCause.objects.get_or_create(
            code=code, defaults={"name": name, "position": position}
        )
    WarningPolicy = apps.get_model("dossiers", "WarningPolicy")
    WarningPolicy.objects.get_or_create(agency=None, defaults={"days": [1, 2, 3]})


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0011_index_step_pace")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
