from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('dossiers', '0008_close_register_volumes')]

    operations = [
        AddIndexConcurrently(
            model_name='dossier',
            index=GinIndex(SearchVector('holder_fold', config='simple'), name='dossier_holder_words'),
        ),
        RemoveIndexConcurrently(model_name='dossier', name='dossier_holder_trgm'),
    ]
