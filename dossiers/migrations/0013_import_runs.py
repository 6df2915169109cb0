"""The life of an import run, and the one door through which a whole import is undone.

The application's database role may not delete events and spans of the clock (motcua.grants). The
function below may, for one batch, after it has seen that nothing but the import itself ever
happened to its dossiers. It belongs to the owner of the tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

UNDO = """
CREATE FUNCTION dossiers_undo_import(batch bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    imported timestamptz;
    removed integer;
    parties bigint[];
BEGIN
    SELECT imported_at INTO imported FROM dossiers_importbatch WHERE id = batch FOR UPDATE;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    -- Acts lock the dossier first: whoever comes second sees what the first one did.
    PERFORM FROM dossiers_dossier WHERE batch_id = batch ORDER BY id FOR UPDATE;
    -- The import wrote its events, and the hand-over to heirs, at one moment and in nobody's name.
    IF EXISTS (
        SELECT FROM dossiers_dossierevent event
        JOIN dossiers_dossier dossier ON dossier.id = event.dossier_id
        WHERE dossier.batch_id = batch
          AND (event.recorded_at <> imported OR event.actor_id IS NOT NULL)
    ) THEN
        RETURN -1;
    END IF;
    SELECT array_agg(DISTINCT holder_id) INTO parties
    FROM dossiers_dossier WHERE batch_id = batch;

    -- What the nights drew from the dossiers by themselves.
    DELETE FROM dossiers_riskmark mark USING dossiers_dossier dossier
    WHERE dossier.id = mark.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_apology letter USING dossiers_dossier dossier
    WHERE dossier.id = letter.dossier_id AND dossier.batch_id = batch
      AND letter.drafted_by_id IS NULL AND letter.signed_at IS NULL;

    DELETE FROM dossiers_dossierevent event USING dossiers_dossier dossier
    WHERE dossier.id = event.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_feedue fee USING dossiers_dossier dossier
    WHERE dossier.id = fee.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_steprun step USING dossiers_dossier dossier
    WHERE dossier.id = step.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_extension extension USING dossiers_dossier dossier
    WHERE dossier.id = extension.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_suspension suspension USING dossiers_dossier dossier
    WHERE dossier.id = suspension.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_supplementrequest supplement USING dossiers_dossier dossier
    WHERE dossier.id = supplement.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_clockspan span USING dossiers_leg leg, dossiers_dossier dossier
    WHERE leg.id = span.leg_id AND dossier.id = leg.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_inheritance handed USING dossiers_leg leg, dossiers_dossier dossier
    WHERE leg.id = handed.leg_id AND dossier.id = leg.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_leg leg USING dossiers_dossier dossier
    WHERE dossier.id = leg.dossier_id AND dossier.batch_id = batch;
    DELETE FROM dossiers_dossier WHERE batch_id = batch;
    GET DIAGNOSTICS removed = ROW_COUNT;
    -- Those that came with this import and that nobody else knows.
    DELETE FROM dossiers_party party
    WHERE party.id = ANY(parties) AND party.created_at = imported
      AND NOT EXISTS (SELECT FROM dossiers_dossier WHERE holder_id = party.id)
      AND NOT EXISTS (SELECT FROM dossiers_dossier WHERE applicant_id = party.id)
      AND NOT EXISTS (SELECT FROM dossiers_maskedview WHERE party_id = party.id)
      AND NOT EXISTS (SELECT FROM dossiers_storedpaper WHERE party_id = party.id);
    -- Whatever else refers to them (a paper, a view of a number, a result …) refuses it here.
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN removed;
END $$;
REVOKE ALL ON FUNCTION dossiers_undo_import(bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_sort_by_bytes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("dossiers", "0012_seed_lateness"),
    ]

    operations = [
        # No run was ever made before this: the wizard comes with it.
        migrations.AddField(
            model_name="importrun",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="import_runs",
                to="agencies.agency",
            ),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="import_runs",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Đã tải lên"),
                    ("checking", "Đang kiểm tra"),
                    ("checked", "Đã kiểm tra"),
                    ("importing", "Đang nhập"),
                    ("done", "Đã nhập"),
                    ("failed", "Không thành công"),
                    ("undoing", "Đang hoàn tác"),
                    ("undone", "Đã hoàn tác"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="attempt",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="done",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="total",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrun", name="glance", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="importrun",
            name="error",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveIndex(model_name="importrun", name="import_run_waiting"),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(
                condition=models.Q(("state__in", ["checking", "importing", "undoing"])),
                fields=["uploaded_at"],
                name="import_run_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "undone"),
                        ("undone_at__isnull", False),
                        ("undone_by__isnull", False),
                    ),
                    models.Q(("state", "undone"), _negated=True),
                    _connector="OR",
                ),
                name="import_run_undone_by_somebody",
            ),
        ),
        migrations.RunSQL(UNDO, "DROP FUNCTION dossiers_undo_import(bigint)"),
    ]
