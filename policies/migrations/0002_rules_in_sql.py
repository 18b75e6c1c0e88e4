"""A joined list for search, and a successor that is of the same state."""

from django.db import migrations

# array_to_string is only STABLE, because of what types could print; text prints itself.
JOIN = """
CREATE FUNCTION portal_join(words text[], separator text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT array_to_string(words, separator) $$
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        migrations.RunSQL(JOIN, "DROP FUNCTION portal_join"),
        migrations.RunSQL(
            "ALTER TABLE policies_policysubmission"
            " ADD CONSTRAINT policies_policysubmission_id_state UNIQUE (id, state_id),"
            " ADD CONSTRAINT policies_policysubmission_superseded_by_same_state"
            " FOREIGN KEY (superseded_by_id, state_id)"
            " REFERENCES policies_policysubmission (id, state_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE policies_policysubmission"
            " DROP CONSTRAINT policies_policysubmission_superseded_by_same_state,"
            " DROP CONSTRAINT policies_policysubmission_id_state",
        ),
    ]
