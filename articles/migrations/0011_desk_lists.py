import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


# A body can have more words than a tsvector can hold (1 MB), and no save may fail for that.
INSTALL = r"""
CREATE OR REPLACE FUNCTION articles_desk_words(title text, kicker text, summary text, body text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT
AS $$
BEGIN
    RETURN to_tsvector('dastan_simple', left(title, 5000) || ' ' || left(kicker, 5000) || ' ' ||
        left(summary, 5000) || ' ' || left(body, 80000));
END
$$;
CREATE OR REPLACE FUNCTION articles_audit_words(subject text, by_name text, address text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT
AS $$
BEGIN
    RETURN to_tsvector('dastan_simple', left(subject, 5000) || ' ' || left(by_name, 200) || ' ' ||
        left(address, 200));
END
$$;
"""
REMOVE = """
DROP FUNCTION articles_desk_words(text, text, text, text);
DROP FUNCTION articles_audit_words(text, text, text);"""


class Migration(migrations.Migration):

    atomic = False  # for the indexes, which are made while the desk works

    dependencies = [
        ('articles', '0010_comments'),
    ]

    operations = [
        migrations.RunSQL(INSTALL, REMOVE),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('publish_at__isnull', False)), fields=['publish_at'], name='articles_article_publish_at'),
        ),
        AddIndexConcurrently(
            model_name='article',
            index=models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='articles_article_trashed'),
        ),
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
        AddIndexConcurrently(
            model_name='article',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('title'), models.F('kicker'), models.F('summary'), models.F('body_html'), function='articles_desk_words', output_field=django.contrib.postgres.search.SearchVectorField()), name='articles_article_words'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(fields=['by_name', '-at', '-id'], name='articles_audit_who'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(fields=['verb', '-at', '-id'], name='articles_audit_verb'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('subject'), models.F('by_name'), models.F('address'), function='articles_audit_words', output_field=django.contrib.postgres.search.SearchVectorField()), name='articles_audit_words'),
        ),
    ]
