from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import NoticePace, User, known_time_zones

# People of the region live in the first, its observers elsewhere.
CONTINENTS = ("America/", "Atlantic/", "Africa/", "Asia/", "Australia/", "Europe/", "Indian/", "Pacific/")


def time_zones(present: str) -> list[tuple[str, str]]:
    every = known_time_zones()
    zones = [zone for part in CONTINENTS for zone in sorted(every) if zone.startswith(part)]
    return [(zone, zone.replace("_", " ")) for zone in dict.fromkeys((present, "UTC", *zones))]


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=capfirst(_("language")),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages after you sign in, and of the messages that the portal sends you."),
    )
    time_zone = forms.ChoiceField(
        label=capfirst(_("time zone")), help_text=_("Times are shown in it, with UTC beside them.")
    )
    notice_pace = forms.ChoiceField(
        label=capfirst(_("news by e-mail")),
        choices=[(value, capfirst(label)) for value, label in NoticePace.choices],
        help_text=_("What is urgent, and what concerns the safety of your account, is always sent at once."),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in self.base_fields})
        self.fields["time_zone"].choices = time_zones(user.time_zone)  # type: ignore[attr-defined]
