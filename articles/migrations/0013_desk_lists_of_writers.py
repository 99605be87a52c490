from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # for the indexes, which are made while the desk works

    dependencies = [
        ('articles', '0012_import_digests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('trashed_at__isnull', True)), fields=['-saved_at', '-id'], include=('state', 'created_by'), name='articles_article_lines'),
        ),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('trashed_at__isnull', True)), fields=['state', '-saved_at', '-id'], include=('created_by',), name='articles_article_lines_state'),
        ),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('trashed_at__isnull', True)), fields=['created_by', '-saved_at', '-id'], include=('state',), name='articles_article_lines_by'),
        ),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('trashed_at__isnull', True)), fields=['language', '-saved_at', '-id'], include=('state', 'created_by'), name='articles_article_lines_in'),
        ),
        RemoveIndexConcurrently(model_name='article', name='articles_article_listed'),
        RemoveIndexConcurrently(model_name='article', name='articles_article_listed_state'),
        RemoveIndexConcurrently(model_name='article', name='articles_article_listed_by'),
        RemoveIndexConcurrently(model_name='article', name='articles_article_listed_in'),
    ]
