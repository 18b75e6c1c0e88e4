"""Texts that must be given are, and lists name nothing twice, whoever writes."""

from django.db import migrations, models


def each_once(table: str, column: str) -> migrations.RunSQL:
    """A list names nothing twice."""
    name = f"{table}_{column}_names_each_once"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (portal_names_each_once({column}))",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("contacts", "0003_texts_are_given"),
        ("policies", "0002_rules_in_sql"),
    ]

    operations = [
        each_once("policies_policysubmission", "responsible_institutions"),
        each_once("policies_glossaryterm", "synonyms_en"),
        each_once("policies_glossaryterm", "synonyms_es"),
        each_once("policies_glossaryterm", "synonyms_pt"),
        each_once("policies_glossaryterm", "synonyms_fr"),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(condition=models.Q(("definition_en", ""), _negated=True), name="policies_glossaryterm_definition_en_is_given"),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(condition=models.Q(("definition_es", ""), _negated=True), name="policies_glossaryterm_definition_es_is_given"),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(condition=models.Q(("definition_pt", ""), _negated=True), name="policies_glossaryterm_definition_pt_is_given"),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(condition=models.Q(("definition_fr", ""), _negated=True), name="policies_glossaryterm_definition_fr_is_given"),
        ),
        migrations.AddConstraint(
            model_name="policyfile",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="policies_policyfile_name_is_given"),
        ),
        migrations.AddConstraint(
            model_name="policyfile",
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name="policies_file_versions_begin_at_one"),
        ),
    ]
