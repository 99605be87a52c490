from django.db import migrations

# As in 0001, but for rates: snapshots have no slug, and a currency is known by its code.
LOG = r"""
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

    dependencies = [
        ('changes', '0001_initial'),
    ]

    operations = [
        # The older function would do for all that is there when this is taken back.
        migrations.RunSQL(LOG, migrations.RunSQL.noop),
    ]
