from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("dossiers", "0003_clock_spans_are_only_closed")]

    operations = [
        AddIndexConcurrently(
            model_name="dossier",
            index=GinIndex(fields=["agency_ids"], name="dossier_scope"),
        ),
    ]
