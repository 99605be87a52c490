from django.db import migrations, models


# As before, but with what stood in the columns that a third argument names, before and after: in
# which lists the row stood.
INSTALL = r"""
CREATE OR REPLACE FUNCTION changes_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    logged record;
    key bigint;
    name text := '';
    number bigint;
    kept text := 'SELECT to_jsonb(kept) FROM (SELECT '
        || regexp_replace(TG_ARGV[2], '(\w+)', '($1).\1', 'g') || ') kept';
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN '{}'::jsonb END;
    now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN '{}'::jsonb END;
BEGIN
    IF current_setting('dastan.bulk', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO changes_change (topic, action, type, slug, at)
        VALUES (TG_ARGV[0], 'reset', TG_ARGV[1], '', clock_timestamp());
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        logged := OLD;
        number := nextval('changes_version_seq');
    ELSE
        logged := NEW;
        number := NEW.version;
    END IF;
    IF TG_ARGV[1] = 'currency' THEN
        name := logged.code;
    ELSE
        key := logged.id;
        IF TG_ARGV[1] NOT IN ('image', 'snapshot') THEN
            name := logged.slug;
        END IF;
    END IF;
    IF TG_ARGV[2] IS NOT NULL THEN
        IF TG_OP <> 'INSERT' THEN
            EXECUTE kept INTO was USING OLD;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            EXECUTE kept INTO now_is USING NEW;
        END IF;
    END IF;
    INSERT INTO changes_change (topic, action, type, object_id, slug, version, at, before, after)
    VALUES (TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN 'delete' ELSE 'upsert' END, TG_ARGV[1],
            key, name, number, clock_timestamp(), was, now_is);
    RETURN NULL;
END $$;
"""

RESTORE = r"""
CREATE OR REPLACE FUNCTION changes_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    logged record;
    key bigint;
    name text := '';
    number bigint;
BEGIN
    IF current_setting('dastan.bulk', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO changes_change (topic, action, type, slug, at)
        VALUES (TG_ARGV[0], 'reset', TG_ARGV[1], '', clock_timestamp());
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        logged := OLD;
        number := nextval('changes_version_seq');
    ELSE
        logged := NEW;
        number := NEW.version;
    END IF;
    IF TG_ARGV[1] = 'currency' THEN
        name := logged.code;
    ELSE
        key := logged.id;
        IF TG_ARGV[1] NOT IN ('image', 'snapshot') THEN
            name := logged.slug;
        END IF;
    END IF;
    INSERT INTO changes_change (topic, action, type, object_id, slug, version, at)
    VALUES (TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN 'delete' ELSE 'upsert' END, TG_ARGV[1],
            key, name, number, clock_timestamp());
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0002_log_rates")]

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
