"""The closed lists by whose codes records speak, with what people call each code in the four languages."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import override
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.api.views import PortalView
from cbmportal.fields import Language
from contacts.api import in_four_languages
from contacts.models import Audience, Category, CheckResult, Competence, ParticipationStatus
from measures.models import Evidence, TextStatus
from policies.models import (
    DateKind,
    DocumentKind,
    GlossaryTopic,
    LegalStatus,
    Provenance,
    ReviewStatus,
    SourceGrade,
    Standing,
)

#: By the name of the field, or of the resource and the field, in which the codes appear.
LISTS: dict[str, type[TextChoices]] = {
    "language": Language,
    "participation_status": ParticipationStatus,
    "category": Category,
    "competence": Competence,
    "audience": Audience,
    "check_result": CheckResult,
    "kind": DocumentKind,
    "date_kind": DateKind,
    "legal_status": LegalStatus,
    "provenance": Provenance,
    "stage": ReviewStatus,
    "source_grade": SourceGrade,
    "standing": Standing,
    "evidence": Evidence,
    "text_status": TextStatus,
    "topic": GlossaryTopic,
}


SHAPE = {
    "type": "object",
    "properties": {
        name: {
            "type": "object",
            "properties": {code: in_four_languages({"type": "string"}) for code in choices.values},
            "required": choices.values,
        }
        for name, choices in LISTS.items()
    },
    "required": list(LISTS),
}


def in_every_language(choices: type[TextChoices]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {code: {} for code in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for choice in choices:
                labels[choice.value][language[:2]] = str(choice.label)
    return labels


class Labels(PortalView):
    """What to call each code, by the list it belongs to, in the four languages."""

    permission_classes = [AllowAny]

    @extend_schema(responses=OpenApiResponse(SHAPE))
    def get(self, request: Request) -> Response:
        return Response({name: in_every_language(choices) for name, choices in LISTS.items()})
