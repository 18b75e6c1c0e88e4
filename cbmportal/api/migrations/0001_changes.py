"""The log of changes that clients follow, and the triggers that fill it."""

import cbmportal.api.models
from django.db import migrations, models

# Every record of the API: its kind, the key in its address, its state, and who may see it at the widest.
RECORDS = """
CREATE VIEW api_record (kind, record, key, state, audience) AS
SELECT 'states', id, iso3::text, id, 2 FROM contacts_state
UNION ALL SELECT 'measures', id, number::text, NULL, 2 FROM measures_measure
UNION ALL SELECT 'contacts', id, uuid::text, state_id, 1 FROM contacts_pointofcontact
UNION ALL SELECT 'policies', id, ref::text, state_id, CASE WHEN status IN ('published', 'compiled') THEN 2 ELSE 0 END
    FROM policies_policysubmission
UNION ALL SELECT 'institutions', id, uuid::text, state_id,
    CASE audience WHEN 'public' THEN 2 WHEN 'members' THEN 1 ELSE 0 END FROM contacts_institution
UNION ALL SELECT 'activities', id, uuid::text, state_id,
    CASE WHEN taken_back THEN 0 WHEN audience = 'public' THEN 2 ELSE 1 END FROM measures_activity
UNION ALL SELECT 'milestones', id, uuid::text, NULL, 2 FROM measures_milestone
UNION ALL SELECT 'glossary', id, key::text, NULL, 2 FROM policies_glossaryterm
"""

# For rows that came past the triggers: each gets the line that it lacks; says how many those were.
FILL = """
CREATE FUNCTION portal_fill_changes() RETURNS bigint LANGUAGE sql AS $$
    WITH added AS (
        INSERT INTO api_change (kind, record, key, state, audience)
        SELECT kind, record, key, state, audience FROM api_record AS one
        WHERE NOT EXISTS (SELECT FROM api_change AS line WHERE line.kind = one.kind AND line.record = one.record)
        RETURNING 1
    )
    SELECT count(*) FROM added
$$
"""

# The table of each kind of record.
OWN = {
    "contacts_state": "states",
    "measures_measure": "measures",
    "contacts_pointofcontact": "contacts",
    "policies_policysubmission": "policies",
    "contacts_institution": "institutions",
    "measures_activity": "activities",
    "measures_milestone": "milestones",
    "policies_glossaryterm": "glossary",
}
# Rows that are written inside another record: the table, the kind of that record, and the column that names it.
PARTS = (
    ("contacts_participation", "states", "state_id"),
    ("measures_measuretext", "measures", "measure_id"),
    ("policies_policytranslation", "policies", "policy_id"),
    ("policies_policyfile", "policies", "policy_id"),
)
# Columns that other records quote: the table, its columns, the kind, and which records quote the row.
QUOTED = (
    ("contacts_institution", "uuid, name, audience", "contacts",
     "SELECT id FROM contacts_pointofcontact WHERE institution_id = NEW.id"),
    ("accounts_user", "full_name", "contacts",
     "SELECT id FROM contacts_pointofcontact WHERE confirmed_by_id = NEW.id"),
    ("accounts_user", "full_name", "policies",
     "SELECT id FROM policies_policysubmission WHERE submitted_by_id = NEW.id"),
    ("policies_policysubmission", "ref, status", "policies",
     "SELECT id FROM policies_policysubmission WHERE superseded_by_id = NEW.id"),
    ("policies_repositorysettings", "show_compiled", "policies",
     "SELECT id FROM policies_policysubmission WHERE status = 'compiled'"),
    ("contacts_state", "iso3", "contacts", "SELECT id FROM contacts_pointofcontact WHERE state_id = NEW.id"),
    ("contacts_state", "iso3", "policies", "SELECT id FROM policies_policysubmission WHERE state_id = NEW.id"),
    ("contacts_state", "iso3", "institutions", "SELECT id FROM contacts_institution WHERE state_id = NEW.id"),
    ("contacts_state", "iso3", "activities", "SELECT id FROM measures_activity WHERE state_id = NEW.id"),
    ("measures_measure", "number", "activities", "SELECT id FROM measures_activity WHERE measure_id = NEW.id"),
)


def trigger(name, table, event, body, columns=""):
    """A function and its trigger; an update that changes nothing, or none of `columns`, notes nothing."""
    if columns:
        changed = ", ".join(f"OLD.{one.strip()}" for one in columns.split(","))
        condition = f"WHEN (({changed}) IS DISTINCT FROM ({changed.replace('OLD.', 'NEW.')}))"
    else:
        condition = "WHEN (OLD.* IS DISTINCT FROM NEW.*)" if event == "UPDATE" else ""
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body} RETURN NULL; END $$;"
        f" CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}();"
    )


def note(kind, records):
    """The kind stands in the statement, so that the database plans it for one table and keeps the plan."""
    return (
        "INSERT INTO api_change (kind, record, key, state, audience)"
        " SELECT one.kind, one.record, one.key, one.state, one.audience FROM api_record AS one"
        f" WHERE one.kind = '{kind}' AND one.record = ANY ({records});"
    )


def note_end(kind):
    """What the record was called stands in its last line."""
    return (
        "INSERT INTO api_change (kind, record, key, state, audience)"
        " SELECT last.kind, last.record, last.key, last.state, last.audience FROM api_change AS last"
        f" WHERE last.kind = '{kind}' AND last.record = OLD.id"
        " ORDER BY last.transaction DESC, last.id DESC LIMIT 1;"
    )


def triggers():
    for table, kind in OWN.items():
        yield trigger(f"api_{kind}_added", table, "INSERT", note(kind, "ARRAY[NEW.id]"))
        yield trigger(f"api_{kind}_changed", table, "UPDATE", note(kind, "ARRAY[NEW.id]"))
        yield trigger(f"api_{kind}_ended", table, "DELETE", note_end(kind))
    for table, kind, column in PARTS:
        part = table.split("_")[1]
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "OLD,NEW"), ("DELETE", "OLD")):
            records = ", ".join(f"{row}.{column}" for row in rows.split(","))
            yield trigger(f"api_{part}_{event.lower()}", table, event, note(kind, f"ARRAY[{records}]"))
    for number, (table, columns, kind, records) in enumerate(QUOTED):
        yield trigger(f"api_quoted_{number}", table, "UPDATE", note(kind, f"ARRAY({records})"), columns)


def names():
    for kind in OWN.values():
        yield from (f"api_{kind}_{what}" for what in ("added", "changed", "ended"))
    for table, _kind, _column in PARTS:
        yield from (f"api_{table.split('_')[1]}_{event}" for event in ("insert", "update", "delete"))
    yield from (f"api_quoted_{number}" for number in range(len(QUOTED)))


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_accounts_secured"),
        ("contacts", "0003_texts_are_given"),
        ("policies", "0003_texts_are_given"),
        ("measures", "0003_texts_are_given"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "transaction",
                    cbmportal.api.models.TransactionId(db_default=cbmportal.api.models.ThisTransaction()),
                ),
                ("at", models.DateTimeField(db_default=cbmportal.api.models.ThisMoment())),
                ("kind", models.CharField(max_length=20)),
                ("record", models.BigIntegerField()),
                ("key", models.CharField(max_length=100)),
                ("state", models.BigIntegerField(null=True)),
                (
                    "audience",
                    models.PositiveSmallIntegerField(choices=[(0, "Its State"), (1, "Members"), (2, "Public")]),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["transaction", "id"], name="api_changes_in_order"),
                    models.Index(fields=["kind", "record", "transaction", "id"], name="api_changes_of_a_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField()),
                ("database", models.CharField(max_length=200)),
                ("forgotten", models.BigIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="api_epoch_is_one_row")],
            },
        ),
        migrations.RunSQL(RECORDS, "DROP VIEW api_record"),
        *(
            migrations.RunSQL(created, f"DROP FUNCTION {name}() CASCADE")
            for created, name in zip(triggers(), names(), strict=True)
        ),
        migrations.RunSQL(FILL, "DROP FUNCTION portal_fill_changes"),
        migrations.RunSQL("SELECT portal_fill_changes()", migrations.RunSQL.noop),
    ]
