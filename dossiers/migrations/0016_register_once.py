from django.db import migrations, models


class Migration(migrations.Migration):
    """One line of a register for one dossier.

    The columns came with 0005, empty: nothing that is there can contradict. The index is made
    beside the work, for counters do not wait while a million rows are read.
    """

    atomic = False

    dependencies = [("dossiers", "0015_clear_import_runs")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS dossier_registered_once
                    ON dossiers_dossier
                        (lodged_at_id, register_year, register_volume, register_number)
                    WHERE register_number IS NOT NULL
                    """,
                    "DROP INDEX CONCURRENTLY IF EXISTS dossier_registered_once",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="dossier",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("register_number__isnull", False)),
                        fields=("lodged_at", "register_year", "register_volume", "register_number"),
                        name="dossier_registered_once",
                    ),
                )
            ],
        )
    ]
