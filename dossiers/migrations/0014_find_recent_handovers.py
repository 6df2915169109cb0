from django.db import migrations, models


class Migration(migrations.Migration):
    """Of an empty table: there is nothing to lock out."""

    dependencies = [("dossiers", "0013_import_runs")]

    operations = [
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["at"], name="handover_moment"),
        )
    ]
