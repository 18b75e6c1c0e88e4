"""Rules that the ORM cannot state: duty hours, folding for search, and references that stay within one state."""

from django.db import migrations

IS_ON_DUTY = """
CREATE FUNCTION portal_is_on_duty(hours jsonb, zone text, moment timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH here AS (
        SELECT to_char(moment AT TIME ZONE zone, 'HH24:MI') AS clock,
               hours ->> to_char(moment AT TIME ZONE zone, 'ID') AS today,
               hours ->> to_char((moment AT TIME ZONE zone) - interval '1 day', 'ID') AS before
    )
    SELECT COALESCE(
               left(today, 5) <= clock AND (clock < right(today, 5) OR right(today, 5) < left(today, 5)), false
           )
        OR COALESCE(right(before, 5) < left(before, 5) AND clock < right(before, 5), false)
    FROM here
$$
"""

FOLD = """
CREATE FUNCTION portal_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(normalize(words, NFD), '[\\u0300-\\u036f]', '', 'g'))
$$
"""

SPAN = "([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"

DUTY_HOURS = f"""
ALTER TABLE contacts_pointofcontact ADD CONSTRAINT contacts_pointofcontact_duty_hours_are_well_formed CHECK (
    jsonb_typeof(duty_hours) = 'object'
    AND NOT jsonb_path_exists(
        duty_hours,
        '$.keyvalue() ? (!(@.key like_regex "^[1-7]$") || @.value.type() != "string"'
        ' || !(@.value like_regex "^{SPAN}$"))'
    )
)
"""


def same_state(table: str, column: str, target: str) -> migrations.RunSQL:
    """`column` of `table` may only name a row of `target` that belongs to the same state."""
    name = f"{table}_{column}_same_state"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, state_id)"
        f" REFERENCES {target} (id, state_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def with_state(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_id_state UNIQUE (id, state_id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_id_state",
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RunSQL(IS_ON_DUTY, "DROP FUNCTION portal_is_on_duty"),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold"),
        migrations.RunSQL(
            DUTY_HOURS,
            "ALTER TABLE contacts_pointofcontact"
            " DROP CONSTRAINT contacts_pointofcontact_duty_hours_are_well_formed",
        ),
        with_state("contacts_institution"),
        with_state("contacts_pointofcontact"),
        same_state("contacts_pointofcontact", "institution_id", "contacts_institution"),
        same_state("contacts_directoryaccess", "contact_id", "contacts_pointofcontact"),
    ]
