"""Making an API token, and taking back somebody else's."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import LONGEST_LIFE, TokenScope
from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.forms import add_refusal
from contacts.access import Viewer

Written = TypeVar("Written")
LIVES = (30, 90, 180, LONGEST_LIFE.days)
UNTIL = "until"


class ServiceForm(forms.Form):
    def write(self, service: Callable[[], Written]) -> Written | None:
        """What the service gives, or None if it refused: then the form says why."""
        try:
            return service()
        except ValidationError as error:
            add_refusal(self, error)
        return None


class TokenForm(ServiceForm):
    name = forms.CharField(
        label=capfirst(_("name")),
        max_length=100,
        validators=[validate_plain_text, validate_one_line],
        help_text=_("Which system will use it, so that you know which one to revoke."),
    )
    scope = forms.ChoiceField(
        label=capfirst(_("scope")),
        choices=TokenScope.choices,
        initial=TokenScope.READ,
        help_text=_("Let a system write only if it is to change the entries of your state."),
    )
    life = forms.ChoiceField(label=_("Valid for"), initial="90")
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Only if you chose “until a day”: at most 365 days from now."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        days = [
            (str(days), ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in LIVES
        ]
        self.fields["life"].choices = [*days, (UNTIL, gettext("until a day"))]  # type: ignore[attr-defined]
        if not viewer.may_write:
            scope: Any = self.fields["scope"]
            scope.choices = [(TokenScope.READ, TokenScope.READ.label)]
            scope.help_text = _("Your account reads, so its tokens can only read.")
        today = timezone.localdate()
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST_LIFE).isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "life" not in typed or "until" not in typed:
            return typed
        if typed["life"] == UNTIL:
            self._check_day()
        elif typed["until"]:
            self.add_error("until", _("Choose “until a day” above, or leave this empty."))
        return typed

    def _check_day(self) -> None:
        day, today = self.cleaned_data["until"], timezone.localdate()
        if not day:
            self.add_error("until", _("Say which day is the last."))
        elif not today <= day <= today + LONGEST_LIFE:
            self.add_error("until", _("Choose a day from today on, at most 365 days from now."))

    def life_from(self, now: datetime) -> timedelta:
        """To the last second of a day that was chosen, as far as a token may live."""
        if self.cleaned_data["life"] != UNTIL:
            return timedelta(days=int(self.cleaned_data["life"]))
        end = timezone.make_aware(datetime.combine(self.cleaned_data["until"], time(23, 59, 59)))
        return min(end - now, LONGEST_LIFE)


class RevokeForm(ServiceForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[validate_plain_text, validate_one_line],
        help_text=_("The history keeps it, and the owner is told by e-mail."),
    )
