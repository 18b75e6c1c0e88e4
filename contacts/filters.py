"""Filters of the directory, the same for page and API. Filtering never tells what a viewer may not see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cbmportal.fields import Language
from cbmportal.forms import InstantFilter, OneOf
from cbmportal.language import alphabetical, reader_language
from contacts.access import Viewer
from contacts.models import Category, PointOfContact, State
from contacts.querysets import PointOfContactQuerySet
from contacts.validators import validate_few_words

ALL = pgettext_lazy("filter", "All")


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
    confirmed_before = InstantFilter(
        field_name="confirmed_at", lookup_expr="lt", label=_("Last confirmed before")
    )
    q = django_filters.CharFilter(
        method="named",
        max_length=200,
        validators=[validate_few_words],
        label=_("Name, position or institution"),
    )

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


class DirectoryFilter(ContactFilter):
    """The form of the page: the filters that a reader fills in, and in which order the contacts stand."""

    OPEN_FIRST = "open"

    open_now = django_filters.BooleanFilter(
        method="on_duty", label=_("Only those open now"), widget=forms.CheckboxInput(attrs={"value": "true"})
    )
    order = django_filters.ChoiceFilter(
        choices=[(OPEN_FIRST, _("Open now first"))], method="ordered", label=_("Order")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self.form, {"order": _("By state")}, "category", "language", "order")

    def ordered(self, contacts: PointOfContactQuerySet, _name: str, _value: str) -> PointOfContactQuerySet:
        return contacts.on_duty_first(self.now, self.viewer)


def offer_choices(form: Any, named: Mapping[str, Any], *names: str) -> None:
    """What a form of filters says for "no choice", and the states by their names in the reader's language."""
    states = State.objects.order_by().values_list("iso3", f"name_{reader_language()}")
    given = {"state": sorted(states, key=lambda state: alphabetical(state[1]))}
    given |= {name: [choice for choice in form.fields[name].choices if choice[0]] for name in names}
    for name, choices in given.items():
        form.fields[name].widget = OneOf(choices=[("", named.get(name, ALL)), *choices])
