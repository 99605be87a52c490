from django.db import migrations, models


INSTALL = r"""
-- AFTER a change of a public row: a row of the log, numbered at COMMIT. Arguments: topic, type, and
-- the columns, parted by commas, whose values before and after are kept with the change.
CREATE OR REPLACE FUNCTION changes_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text := '';
    kept text := 'SELECT to_jsonb(kept) FROM (SELECT '
        || regexp_replace(coalesce(TG_ARGV[2], 'id'), '(\w+)', '($1).\1', 'g') || ') kept';
    was jsonb;
    now_is jsonb;
BEGIN
    IF current_setting('dastan.bulk', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO changes_change (topic, action, type, slug, at)
        VALUES (TG_ARGV[0], 'reset', TG_ARGV[1], '', clock_timestamp());
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        EXECUTE kept INTO was USING OLD;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE kept INTO now_is USING NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF TG_ARGV[1] <> 'image' THEN
            name := OLD.slug;
        END IF;
        INSERT INTO changes_change (topic, action, type, object_id, slug, version, at, before)
        VALUES (TG_ARGV[0], 'delete', TG_ARGV[1], OLD.id, name,
                nextval('changes_version_seq'), clock_timestamp(), was);
    ELSE
        IF TG_ARGV[1] <> 'image' THEN
            name := NEW.slug;
        END IF;
        INSERT INTO changes_change (topic, action, type, object_id, slug, version, at, before, after)
        VALUES (TG_ARGV[0], 'upsert', TG_ARGV[1], NEW.id, name, NEW.version, clock_timestamp(),
                was, now_is);
    END IF;
    RETURN NULL;
END $$;
"""

RESTORE = r"""
CREATE OR REPLACE FUNCTION changes_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text := '';
BEGIN
    IF current_setting('dastan.bulk', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO changes_change (topic, action, type, slug, at)
        VALUES (TG_ARGV[0], 'reset', TG_ARGV[1], '', clock_timestamp());
    ELSIF TG_OP = 'DELETE' THEN
        IF TG_ARGV[1] <> 'image' THEN
            name := OLD.slug;
        END IF;
        INSERT INTO changes_change (topic, action, type, object_id, slug, version, at)
        VALUES (TG_ARGV[0], 'delete', TG_ARGV[1], OLD.id, name,
                nextval('changes_version_seq'), clock_timestamp());
    ELSE
        IF TG_ARGV[1] <> 'image' THEN
            name := NEW.slug;
        END IF;
        INSERT INTO changes_change (topic, action, type, object_id, slug, version, at)
        VALUES (TG_ARGV[0], 'upsert', TG_ARGV[1], NEW.id, name, NEW.version, clock_timestamp());
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]

    operations = [
        migrations.AddField("change", "before", models.JSONField(null=True)),
        migrations.AddField("change", "after", models.JSONField(null=True)),
        migrations.RunSQL(INSTALL, RESTORE),
        migrations.CreateModel(
            name='Consumer',
            fields=[
                ('name', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('epoch', models.UUIDField()),
                ('number', models.BigIntegerField()),
                ('moved_at', models.DateTimeField(auto_now=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('before__isnull', False), ('action', 'reset'), _connector='OR'), fields=['topic', '-number'], name='changes_change_altered'),
        ),
    ]
