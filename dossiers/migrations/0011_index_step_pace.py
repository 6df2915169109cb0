from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('dossiers', '0010_warnings_given'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='steprun',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['agency', 'done_at'], name='step_run_pace'),
        ),
    ]
