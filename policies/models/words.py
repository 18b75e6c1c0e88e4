"""The closed lists that the repository speaks in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DocumentKind(models.TextChoices):
    NATIONAL_STRATEGY = "national_strategy", _("National strategy")
    POLICY = "policy", _("Policy")
    WHITE_PAPER = "white_paper", _("White paper")
    LAW = "law", _("Law")
    DECREE = "decree", _("Decree")
    RESOLUTION = "resolution", _("Resolution")
    GUIDELINE = "guideline", _("Guideline")
    OTHER = "other", _("Other document")


class DateKind(models.TextChoices):
    """What happened to the document on its date."""

    ADOPTION = "adoption", _("Adoption")
    PUBLICATION = "publication", _("Publication")
    ENTRY_INTO_FORCE = "entry_into_force", _("Entry into force")
    INTRODUCTION = "introduction", _("Introduction of the bill")


class LegalStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("legal status", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("legal status", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("legal status", "Superseded")
    REPEALED = "repealed", pgettext_lazy("legal status", "Repealed")
    UNKNOWN = "unknown", pgettext_lazy("legal status", "Not known")


class Provenance(models.TextChoices):
    """How the record came here. Only the first two count for measure 1."""

    SUBMITTED = "submitted", _("Submitted by the state")
    RECEIVED = "received", _("Received from the state and entered by the Secretariat")
    COMPILED = (
        "compiled",
        _("Compiled by the Secretariat from public sources, awaiting the state's confirmation"),
    )


class ReviewStatus(models.TextChoices):
    """Review is of form, never of content. A compiled record is outside review until its state adopts it."""

    DRAFT = "draft", pgettext_lazy("submission", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("submission", "Submitted")
    RETURNED = "returned", pgettext_lazy("submission", "Returned with a comment")
    PUBLISHED = "published", pgettext_lazy("submission", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("submission", "Withdrawn")
    COMPILED = "compiled", pgettext_lazy("submission", "Awaiting the state's confirmation")


class SourceGrade(models.TextChoices):
    """How good the place is where a compiled record was seen."""

    OFFICIAL = "official", pgettext_lazy("source", "Official publication")
    COPY = "copy", pgettext_lazy("source", "Copy of the text")
    SECONDARY = "secondary", pgettext_lazy("source", "Secondary source")


class Standing(models.TextChoices):
    OFFICIAL = "official", _("Official text")
    COURTESY = "courtesy", _("Courtesy translation")


class GlossaryTopic(models.TextChoices):
    GOVERNANCE = "governance", _("Governance")
    LAW = "law", pgettext_lazy("glossary", "Law")
    DIPLOMACY = "diplomacy", _("Diplomacy")
    THREATS = "threats", _("Threats")
    DATA_PROTECTION = "data_protection", _("Data protection")
    TECHNOLOGY = "technology", _("Technology")
    INCIDENT_RESPONSE = "incident_response", _("Incident response")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    CAPACITY = "capacity", _("Capacity building")
