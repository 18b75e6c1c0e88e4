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
        ("measures", "0002_activities_taken_back"),
    ]

    operations = [
        each_once("measures_activity", "partners"),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("title_en", ""), _negated=True), name="measures_milestone_title_en_is_given"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("title_es", ""), _negated=True), name="measures_milestone_title_es_is_given"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("title_pt", ""), _negated=True), name="measures_milestone_title_pt_is_given"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(condition=models.Q(("title_fr", ""), _negated=True), name="measures_milestone_title_fr_is_given"),
        ),
        migrations.AddConstraint(
            model_name="reportedfigure",
            constraint=models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="measures_reportedfigure_source_is_given"),
        ),
    ]
