"""Form fields shared by every app."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField

from cbmportal.fields import UNSAFE_CHARACTERS, parse_telephone, validate_plain_text

DATE_HINT = _("As far as it is known: a year (2018), a month (2018-06) or a day (2018-06-14).")


def add_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Show a service's errors at the fields it named, or above the form if the form has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class UnsentText(QueryDict):
    """What was typed into a form and never sent, or sent and taken back to be worked on."""

    @classmethod
    def of(cls, typed: Mapping[str, list[str]]) -> "UnsentText":
        text = cls(mutable=True)
        for name, values in typed.items():
            text.setlist(name, values)
        return text


class RestoringForm(forms.BaseForm):
    """Shows unsent text again without judging it: its writer has not finished."""

    @property
    def is_restored(self) -> bool:
        return isinstance(self.data, UnsentText)

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.is_restored else super().errors

    def is_valid(self) -> bool:
        return not self.is_restored and super().is_valid()


@lru_cache(maxsize=8192)
def telephone_in_words(number: str) -> str:
    """A stored number as people write it: +56 2 2123 0001 ext. 12."""
    if not number:
        return ""
    return phonenumbers.format_number(
        phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def telephone_to_call(number: str) -> str:
    """The same with its extension in the reader's language."""
    plain, _mark, extension = number.partition(";ext=")
    shown = telephone_in_words(plain)
    if not extension:
        return shown
    return gettext("%(number)s, extension %(extension)s") % {"number": shown, "extension": extension}


class InstantField(IsoDateTimeField):
    """A moment. No place on earth is further from UTC than 14 hours; PostgreSQL fails from 16 on."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment and abs(moment.utcoffset() or timedelta()) > timedelta(hours=14):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class InstantFilter(IsoDateTimeFilter):
    field_class = InstantField


class TelephoneField(forms.CharField):
    """Takes a number as people write it, within the state or internationally; gives it as it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            max_length=60, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}), **kwargs
        )
        self.region: str | None = None

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            if UNSAFE_CHARACTERS.search(typed):
                raise ValueError(typed)
            return parse_telephone(typed, self.region)
        except ValueError:
            raise ValidationError(
                _(
                    "“%(number)s” is not a telephone number. Write it with its country code, for example"
                    " +56 2 2345 6789, or as you dial it within your state."
                ),
                code="telephone",
                params={"number": UNSAFE_CHARACTERS.sub("", typed)},
            ) from None


class OneOf(forms.Select):
    """A choice among many, written at once: Django asks two templates for each option. It has no groups."""

    template_name = "forms/one_of.html"

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = context["widget"]["value"]
        context["widget"]["options"] = SafeString(
            "".join([self._option(str(code), str(label), chosen) for code, label in self.choices])
        )
        return context

    def _option(self, code: str, label: str, chosen: Sequence[str]) -> str:
        mark = " selected" if code in chosen else ""
        return f'\n  <option value="{escape(code)}"{mark}>{escape(label)}</option>'


class ProseField(forms.CharField):
    """Several lines of text; browsers end them with a carriage return, which is otherwise refused."""

    default_validators = [validate_plain_text]
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class LinesField(forms.CharField):
    """A list, written one a line."""

    default_validators = [validate_plain_text]

    def __init__(self, *, longest: int, most: int = 50, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)
        self.longest = longest
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(value)

    def to_python(self, value: Any) -> str:
        """Browsers end lines with a carriage return."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        self._check(found)
        return found

    def _check(self, lines: Sequence[str]) -> None:
        if len(lines) > self.most:
            raise ValidationError(_("Name at most %(most)d."), code="most", params={"most": self.most})
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("A line has %(count)d characters; %(limit)d is the most."),
                    code="max_length",
                    params={"count": len(line), "limit": self.longest},
                )
