from typing import Any

from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

ORDERING = "ordering"


class StrictFilterBackend(DjangoFilterBackend):
    """The view's filters; a value that a filter would overlook is an error."""

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(request, queryset, view), **view.filter_arguments()}

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filters = self.get_filterset(request, queryset, view)
        if filters is None:
            return queryset
        if not filters.is_valid():
            raise ValidationError(dict(filters.errors))
        understood = filters.form.cleaned_data
        overlooked = [
            name for name in understood if name in filters.data and understood[name] in EMPTY_VALUES
        ]
        if overlooked:
            raise ValidationError({name: [_("This value is not understood.")] for name in overlooked})
        return filters.qs  # type: ignore[no-any-return]


class Ordering(BaseFilterBackend):
    """`ordering=state,-updated_at`: names of the view's closed list, with a minus for the other way round.

    The list is a mapping of what clients write to fields, none of which anybody may be kept from seeing.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        text = request.query_params.get(ORDERING)
        if text is None:
            return queryset.order_by(*view.default_order, "pk")
        names = text.split(",")
        bare = [name.removeprefix("-") for name in names]
        if not set(bare) <= set(view.orderings) or len(set(bare)) < len(bare):
            allowed = ", ".join(view.orderings)
            raise ValidationError(
                {ORDERING: [_("Order by these, each at most once: %(allowed)s.") % {"allowed": allowed}]}
            )
        fields = ["-" * name.startswith("-") + view.orderings[name.removeprefix("-")] for name in names]
        return queryset.order_by(*fields, "pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        word = f"-?({'|'.join(view.orderings)})"
        return [
            {
                "name": ORDERING,
                "required": False,
                "in": "query",
                "description": _("Fields to order by, with a minus for the reverse order: %(allowed)s.")
                % {"allowed": ", ".join(view.orderings)},
                "schema": {"type": "string", "pattern": f"^{word}(,{word})*$"},
                "example": f"-{list(view.orderings)[-1]}",
            }
        ]
