"""How the fields of our own kinds are typed at the desk: as on the pages."""

import re
from functools import cache
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminURLFieldWidget, AutocompleteSelect
from django.db.models import URLField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.accounts.models import known_time_zones
from cbmportal.forms import LinesField, TelephoneField
from contacts.hours import DutyHoursField


@cache
def every_time_zone() -> tuple[tuple[str, str], ...]:
    zones = ((zone, zone.replace("_", " ")) for zone in sorted(known_time_zones()))
    return (("", "–"), *zones)


class RecordChoice(AutocompleteSelect):
    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """What names no record, typed or in the address, is shown as nothing chosen; Django would fail."""
        keys = [one for one in value if re.fullmatch("[0-9]{1,18}", str(one))]
        return super().optgroups(name, keys, attrs)


def input_for(field: Any) -> forms.Field | None:
    """The form field for a model field of ours; None leaves it to Django's admin."""
    named = {"label": capfirst(field.verbose_name), "required": not field.blank}
    if isinstance(field, fields.CodesField):
        choices = field.base_field.choices
        if choices:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **named)
        return LinesField(
            longest=field.base_field.max_length or 300, help_text=_("One on each line."), **named
        )
    if isinstance(field, fields.TelephoneField):
        return TelephoneField(**named)
    if isinstance(field, fields.ProseField):
        prose: forms.Field = field.formfield(widget=AdminTextareaWidget(attrs={"rows": 4}))
        return prose
    if isinstance(field, URLField):
        return field.formfield(widget=AdminURLFieldWidget, assume_scheme="https")
    if field.name == "duty_hours":
        return DutyHoursField(**named)
    if field.name == "time_zone":
        return forms.ChoiceField(choices=every_time_zone, **{**named, "initial": field.get_default()})
    return None
