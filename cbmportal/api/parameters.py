"""Query parameters are never ignored: each is known, given once, and means something."""

from collections.abc import Collection

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError


def refuse_unknown(query: QueryDict, known: Collection[str]) -> None:
    if errors := {name: [fault] for name, values in query.lists() if (fault := _fault(name, values, known))}:
        raise ValidationError(errors)


def _fault(name: str, values: list[str], known: Collection[str]) -> str:
    if name not in known:
        return _("There is no such parameter here.")
    if len(values) > 1:
        return _("Give this parameter only once.")
    if not values[0]:
        return _("Give this parameter a value, or leave it out.")
    return _("Null characters are not allowed.") if "\x00" in values[0] else ""
