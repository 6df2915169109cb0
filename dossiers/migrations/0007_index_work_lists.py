from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Reverse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('dossiers', '0006_claim_exports')]

    operations = [
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('status', 1)), fields=['held_by', 'submitted_at', 'id'], name='dossier_to_receive'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('status', 9)), fields=['held_by', 'ended_at', 'id'], name='dossier_result_held'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(condition=models.Q(('status', 9)), fields=['lodged_at', 'ended_at', 'id'], name='dossier_result_lodged'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(fields=['accepted_at', 'id'], name='dossier_by_acceptance'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(fields=['holder_fold', 'id'], name='dossier_by_name'),
        ),
        AddIndexConcurrently(
            model_name='dossier',
            index=models.Index(OpClass(Reverse('code'), name='text_pattern_ops'), name='dossier_code_tail'),
        ),
    ]
