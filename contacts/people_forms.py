"""Inviting somebody to act for a state, and letting somebody go."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.language import reader_language
from contacts.token_forms import ServiceForm

LINE = [validate_plain_text, validate_one_line]


class LastDayField(forms.DateField):
    """A day that still counts: until its last second, in the reader's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(_("Choose a day in the future."), code="past")
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class InviteForm(ServiceForm):
    full_name = forms.CharField(label=capfirst(_("full name")), max_length=200, validators=LINE)
    email = forms.EmailField(
        label=capfirst(_("e-mail address")),
        max_length=254,
        help_text=_("Of this person alone: whoever reads it can accept the invitation."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=capfirst(_("language")),
        choices=settings.LANGUAGES,
        help_text=_("Of the invitation, and of what the portal sends this person."),
    )
    until = LastDayField(
        label=_("Last day"),
        help_text=_("Leave it empty unless you know when this person ceases to act for your state."),
    )

    def __init__(self, data: Any = None) -> None:
        codes = {code[:2]: code for code, _name in settings.LANGUAGES}
        super().__init__(data, initial={"language": codes[reader_language()]})


class RetireForm(ServiceForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        validators=LINE,
        help_text=_("The history keeps it, and this person is told."),
    )
