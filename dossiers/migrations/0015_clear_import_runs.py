from django.db import migrations, models

STATES = [
    ("uploaded", "Đã tải lên"),
    ("checking", "Đang kiểm tra"),
    ("checked", "Đã kiểm tra"),
    ("importing", "Đang nhập"),
    ("done", "Đã nhập"),
    ("failed", "Không thành công"),
    ("undoing", "Đang hoàn tác"),
    ("undone", "Đã hoàn tác"),
    ("expired", "Đã hết hạn"),
]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0014_find_recent_handovers")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="cleared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(choices=STATES, default="uploaded", max_length=10),
        ),
    ]
