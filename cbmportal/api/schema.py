"""The OpenAPI description: what drf-spectacular cannot find out by itself."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from cbmportal.api.inputs import Input
from cbmportal.api.problems import MEDIA_TYPE, TITLES


class ProblemSerializer(serializers.Serializer[Any]):
    """An RFC 9457 problem. Title and detail are in the language of the request (Accept-Language)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors: Any = serializers.DictField(
        required=False,
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("What is wrong, by the name of the parameter or field."),
    )
    start = serializers.URLField(
        required=False, help_text=_("Where to start anew, if a cursor is no longer known.")
    )


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "cbmportal.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": str(_("The word Token, a space, and the key.")),
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "cbmportal.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class PortalSchema(AutoSchema):
    """Adds the problems that an operation can answer with, and 304; frees fields that may be absent."""

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        may_be_absent = getattr(serializer, "DETAILS", ())
        if "required" in schema:
            schema["required"] = [name for name in schema["required"] if name not in may_be_absent]
        if isinstance(serializer, Input):
            schema["additionalProperties"] = False
        return schema

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)
        # "One of" is wrong of an empty text and an address: where formats are only noted, "" is both.
        if {"type": "string", "maxLength": 0} in schema.get("oneOf", ()):
            schema["anyOf"] = schema.pop("oneOf")

    @property
    def _changes_a_record(self) -> bool:
        return self.method != "GET" and "{" in self.path

    def get_override_parameters(self) -> list[Any]:
        if not self._changes_a_record:
            return []
        text = _(
            "The ETag of the record as you last read it. Only the version before its dash is compared; “*” is any."
        )
        required = self.method == "PATCH"
        return [
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=required, description=text)
        ]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        not_modified = {"description": str(_("Not modified: what If-None-Match names is still true."))}
        return {
            **super()._get_response_bodies(direction),
            **({"304": not_modified} if self.method == "GET" else {}),
            **{
                str(status): {
                    **self._get_response_for_code(ProblemSerializer, str(status), [MEDIA_TYPE]),
                    "description": str(TITLES[status]),
                }
                for status in self._refusals()
            },
        }

    def _refusals(self) -> list[int]:
        """403 even of what is public: whoever must have a second factor first is told so everywhere."""
        statuses = {400, 401, 403, 406, 414, 429}
        if "{" in self.path:
            statuses.add(404)
        statuses |= set(getattr(self.view, "also_refuses", ()))
        if self.method != "GET":
            statuses |= {411, 413, 415}
        if self._changes_a_record:
            statuses |= {409, 412}
        if self.method == "PATCH":
            statuses.add(428)
        return sorted(statuses)
