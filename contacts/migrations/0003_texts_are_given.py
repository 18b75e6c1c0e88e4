"""Texts that must be given are, and lists name nothing twice, whoever writes."""

from django.db import migrations, models

NAMES_EACH_ONCE = """
CREATE FUNCTION portal_names_each_once(list anyarray) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT cardinality(list) = (SELECT count(DISTINCT one) FROM unnest(list) AS one) $$
"""


def each_once(table: str, column: str) -> migrations.RunSQL:
    """A list names nothing twice."""
    name = f"{table}_{column}_names_each_once"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (portal_names_each_once({column}))",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("contacts", "0002_rules_in_sql"),
    ]

    operations = [
        migrations.RunSQL(NAMES_EACH_ONCE, "DROP FUNCTION portal_names_each_once(anyarray)"),
        each_once("contacts_state", "official_languages"),
        each_once("contacts_pointofcontact", "languages"),
        each_once("contacts_pointofcontact", "competences"),
        migrations.AddConstraint(
            model_name="state",
            constraint=models.CheckConstraint(condition=models.Q(("name_en", ""), _negated=True), name="contacts_state_name_en_is_given"),
        ),
        migrations.AddConstraint(
            model_name="state",
            constraint=models.CheckConstraint(condition=models.Q(("name_es", ""), _negated=True), name="contacts_state_name_es_is_given"),
        ),
        migrations.AddConstraint(
            model_name="state",
            constraint=models.CheckConstraint(condition=models.Q(("name_pt", ""), _negated=True), name="contacts_state_name_pt_is_given"),
        ),
        migrations.AddConstraint(
            model_name="state",
            constraint=models.CheckConstraint(condition=models.Q(("name_fr", ""), _negated=True), name="contacts_state_name_fr_is_given"),
        ),
        migrations.AddConstraint(
            model_name="state",
            constraint=models.CheckConstraint(condition=models.Q(("capital", ""), _negated=True), name="contacts_state_capital_is_given"),
        ),
    ]
