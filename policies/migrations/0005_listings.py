"""Lists are narrowed and ordered by an index alone."""

from django.db import migrations, models


def listing(name: str, fields: list[str], include: tuple[str, ...]) -> migrations.AddIndex:
    return migrations.AddIndex("policysubmission", models.Index(fields=fields, include=include, name=name))


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_search")]

    operations = [
        migrations.RemoveIndex("policysubmission", "policies_of_a_state"),
        migrations.RemoveIndex("policysubmission", "policies_by_date"),
        listing("policies_by_date", ["-date", "ref"], ("id", "state", "status", "kind", "language", "legal_status", "published_at")),
        listing("policies_of_a_state", ["state", "-date", "ref"], ("id", "status", "kind", "language", "legal_status", "published_at")),
        listing("policies_of_a_kind", ["kind", "-date", "ref"], ("id", "state", "status", "language", "legal_status", "published_at")),
        listing("policies_in_a_language", ["language", "-date", "ref"], ("id", "state", "status", "kind", "legal_status", "published_at")),
        listing("policies_of_a_legal_status", ["legal_status", "-date", "ref"], ("id", "state", "status", "kind", "language", "published_at")),
        listing("policies_by_publication", ["published_at"], ("id", "state", "status", "kind", "language", "legal_status", "date", "ref")),
    ]
