import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0003_sort_by_bytes"),
        ("dossiers", "0014_find_recent_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "Hài lòng"), (2, "Bình thường"), (1, "Chưa hài lòng")],
                        verbose_name="mức độ",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="lý do")),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("tablet", "Máy tính bảng ở quầy"),
                            ("link", "Đường dẫn gửi cho công dân"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="agencies.agency",
                    ),
                ),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-at"], name="rating_of_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__in", [1, 2, 3])), name="rating_score_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["tablet", "link"])),
                        name="rating_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), ("score__lt", 3), _connector="OR"),
                        name="rating_explained_when_low",
                    ),
                ],
            },
        ),
    ]
