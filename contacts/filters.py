"""Filters of the directory, the same for page and API. Filtering never tells what a viewer may not see."""

from datetime import datetime
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import Language
from contacts.access import Viewer
from contacts.models import Category, PointOfContact, State
from contacts.querysets import PointOfContactQuerySet


class ContactFilter(django_filters.FilterSet):
    """Give it `viewer`, and `now` where time is fixed (tests)."""

    state = django_filters.ModelChoiceFilter(
        queryset=State.objects.all(), to_field_name="iso3", label=_("State")
    )
    category = django_filters.ChoiceFilter(choices=Category.choices, label=_("Category"))
    language = django_filters.ChoiceFilter(
        choices=Language.choices, method="speaking", label=_("Language spoken")
    )
    open_now = django_filters.BooleanFilter(method="on_duty", label=_("Open now"))
    confirmed_before = django_filters.IsoDateTimeFilter(
        field_name="confirmed_at", lookup_expr="lt", label=_("Last confirmed before")
    )
    q = django_filters.CharFilter(method="named", max_length=200, label=_("Name, position or institution"))

    class Meta:
        model = PointOfContact
        fields: list[str] = []

    def __init__(self, *args: Any, viewer: Viewer, now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.now = now or timezone.now()

    def speaking(self, contacts: PointOfContactQuerySet, _name: str, value: str) -> PointOfContactQuerySet:
        return contacts.speaking(value, self.viewer)

    def on_duty(self, contacts: PointOfContactQuerySet, _name: str, value: bool) -> PointOfContactQuerySet:
        return contacts.on_duty(self.now, self.viewer) if value else contacts

    def named(self, contacts: PointOfContactQuerySet, _name: str, value: str) -> PointOfContactQuerySet:
        return contacts.named(value, self.viewer)
