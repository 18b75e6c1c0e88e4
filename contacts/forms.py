"""Forms of the directory: what a delegate may change, in the order of the page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import known_time_zones
from cbmportal.fields import Language, validate_one_line, validate_plain_text
from cbmportal.forms import RestoringForm, TelephoneField, telephone_in_words
from cbmportal.history.changes import Words
from cbmportal.history.forms import RecordForm
from contacts.hours import DutyHoursField, hours_in_words
from contacts.models import Competence, Institution, PointOfContact, State


def pgp_in_words(key: str) -> str:
    return key.replace("\r", "").strip().splitlines()[0] + " …" if key.strip() else ""


#: How the history says the details that only the directory understands.
CONTACT_WORDS: Words = {
    "duty_hours": hours_in_words,
    "pgp_key": pgp_in_words,
    **dict.fromkeys(("phone", "mobile", "deputy_phone"), telephone_in_words),
}
INSTITUTION_WORDS: Words = {"phone": telephone_in_words}


def time_zones(*first: str) -> list[tuple[str, str]]:
    """The zones of the region to choose from, after those that the entry is most likely in."""
    region = sorted(zone for zone in known_time_zones() if zone.startswith(("America/", "Atlantic/")))
    zones = dict.fromkeys((*filter(None, first), "UTC", *region, "Pacific/Easter", "Pacific/Galapagos"))
    return [(zone, zone.replace("_", " ")) for zone in zones]


class StateRecordForm(RecordForm):
    """A form about an entry of a state; telephone numbers may be written as one dials within that state.

    It is about somebody else: the browser is not to fill in what it knows of its user.
    """

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.state = state
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField):
                field.widget.attrs.setdefault("autocomplete", "off")
            if isinstance(field, TelephoneField):
                field.region = state.iso2
                self.initial[name] = self.as_shown(name, getattr(self.instance, name))

    def as_shown(self, name: str, value: Any) -> Any:
        return telephone_in_words(value) if isinstance(self.fields.get(name), TelephoneField) else value


class ContactDetailsForm(StateRecordForm):
    words = CONTACT_WORDS

    phone = TelephoneField(label=capfirst(_("telephone")))
    mobile = TelephoneField(label=capfirst(_("mobile telephone")))
    deputy_phone = TelephoneField(label=capfirst(_("telephone of the deputy")))
    duty_hours = DutyHoursField(
        label=capfirst(_("duty hours")),
        required=False,
        help_text=_(
            "Leave a day empty when the office is closed. An end before the beginning is on the next morning."
        ),
    )
    time_zone = forms.ChoiceField(label=capfirst(_("time zone")))
    languages = forms.MultipleChoiceField(
        label=capfirst(_("languages spoken")),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    competences = forms.MultipleChoiceField(
        label=capfirst(_("competences")),
        choices=Competence.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PointOfContact
        fields = PointOfContact.DETAILS
        widgets = {"pgp_key": forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"})}
        help_texts = {
            "mailbox": _("A mailbox of the office, read even when the person is away."),
            "pgp_key": _("Paste the public key. Its fingerprint is read from it and shown in the directory."),
        }

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, state=state, **kwargs)
        self.fields["time_zone"].choices = time_zones(self.instance.time_zone, state.time_zone)  # type: ignore[attr-defined]


class DoNotUseForm(RestoringForm, forms.Form):
    reason = forms.CharField(
        label=capfirst(_("why not to use it")),
        max_length=500,
        validators=[validate_plain_text, validate_one_line],
    )

    def refuse(self, error: ValidationError) -> None:
        self.add_error("reason", error.messages)


class InstitutionForm(StateRecordForm):
    words = INSTITUTION_WORDS

    phone = TelephoneField(label=capfirst(_("telephone")))

    class Meta:
        model = Institution
        fields = ("name", "website", "mailbox", "mailbox_audience", "phone", "address", "audience")
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "audience": _(
                "A public institution is shown to everyone, with its function mailbox only if that is public too."
            ),
        }
