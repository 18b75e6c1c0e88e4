"""How policy submissions and the glossary are written for clients of the API, field by field."""

from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from rest_framework import serializers

from cbmportal.statements import Address, JsonList, columns
from contacts.access import Viewer
from contacts.api import (
    InFourLanguages,
    ListsInFourLanguages,
    Representation,
    StateCode,
    four_columns,
    of_state,
)
from contacts.querysets import represented_by
from policies.filters import PolicyFilter
from policies.models import (
    GlossaryTerm,
    PolicyFile,
    PolicySubmission,
    PolicyTranslation,
    ReviewStatus,
)


class PolicyTranslationSerializer(Representation[PolicyTranslation]):
    class Meta:
        model = PolicyTranslation
        fields = ("language", "standing", "title", "description")
        read_only_fields = fields


class PolicyFileSerializer(Representation[PolicyFile]):
    """A copy of the document as it was handed in; the newest comes first."""

    class Meta:
        model = PolicyFile
        fields = ("number", "name", "size", "sha256", "created_at")
        read_only_fields = fields


class PolicySerializer(Representation[PolicySubmission]):
    """A document as its state, or the Secretariat for it, entered it. Dates may be a year or a month only."""

    DETAILS = ("submitted_at", "submitted_by", "review_comment", "notes")

    url = serializers.HyperlinkedIdentityField(view_name="api-policies-detail", lookup_field="ref")
    state = StateCode()
    superseded_by: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True, allow_null=True)
    translations = PolicyTranslationSerializer(many=True, read_only=True)
    files = PolicyFileSerializer(many=True, read_only=True)
    stage = serializers.ChoiceField(source="status", choices=ReviewStatus.choices, read_only=True)
    submitted_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = PolicySubmission
        fields = (
            *("url", "uuid", "ref", "state", "title", "language", "description", "kind", "official_number"),
            *("responsible_institutions", "date", "date_kind", "in_force_from"),
            *("legal_status", "legal_status_inferred", "superseded_by", "link", "citation"),
            *("provenance", "received_how", "received_on", "source_grade", "translations", "files"),
            *("stage", "submitted_at", "submitted_by", "review_comment", "notes"),
            *("published_at", "version", "updated_at"),
        )
        read_only_fields = fields

    def details(self, record: PolicySubmission, viewer: Viewer) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if viewer.represents(record.state_id):
            shown = {
                "submitted_at": record.submitted_at,
                "submitted_by": record.submitted_by and record.submitted_by.full_name,
                "review_comment": record.review_comment,
            }
        return shown | {"notes": record.notes} if viewer.secretariat else shown

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        this = OuterRef("pk")
        successor = PolicySubmission.objects.visible_to(viewer).filter(pk=OuterRef("superseded_by"))
        translations = PolicyTranslation.objects.visible_to(viewer).filter(policy=this).order_by("language")
        copies = PolicyFile.objects.visible_to(viewer).filter(policy=this).order_by("-number")
        return {
            "url": Address("ref"),
            "state": F("state__iso3"),
            "superseded_by": Subquery(successor.order_by().values("ref")),
            "translations": JsonList(
                translations, columns(PolicyTranslation, PolicyTranslationSerializer.Meta.fields)
            ),
            "files": JsonList(copies, columns(PolicyFile, PolicyFileSerializer.Meta.fields)),
            "stage": F("status"),
            "submitted_by": F("submitted_by__full_name"),
        }

    @classmethod
    def conditions(cls, viewer: Viewer) -> dict[str, Q | bool]:
        own = represented_by(viewer)
        return {
            **dict.fromkeys(("submitted_at", "submitted_by", "review_comment"), own),
            "notes": viewer.secretariat,
        }


class GlossarySerializer(Representation[GlossaryTerm]):
    url = serializers.HyperlinkedIdentityField(view_name="api-glossary-detail", lookup_field="key")
    term = InFourLanguages()
    synonyms = ListsInFourLanguages()
    definition = InFourLanguages()

    class Meta:
        model = GlossaryTerm
        fields = ("url", "key", "topic", "term", "synonyms", "definition", "updated_at")
        read_only_fields = fields

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        return {
            "url": Address("key"),
            **{name: four_columns(name) for name in ("term", "synonyms", "definition")},
        }


class PolicyQuery(PolicyFilter):
    """The page's filters, with the state by its code."""

    state = of_state()
