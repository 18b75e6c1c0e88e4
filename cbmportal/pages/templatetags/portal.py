"""How the portal writes dates, ages, telephone numbers and languages, in the reader's language.

{{ policy.date|partial_date }}          14 June 2018 · June 2018 · 2018
{{ contact.confirmed_at|moment }}       1 June 2026, 14:05 (Santiago time)  as <time>
{{ link.expires_at|exact }}             the same as plain text
{{ contact.confirmed_at|age }}          3 weeks ago  as <time> with the exact moment beside it
{{ contact.confirmed_at|age_by_day }}   3 weeks ago  with the day alone beside it
{{ contact.phone|telephone }}           +56 2 2345 6789  as a tel: link
{{ policy.language|language_name }}     Spanish
{{ code|language_tag }}                 pt-BR, for lang and hreflang
{% tag "Compiled" "attention" %}        a small label; tones: plain, good, attention, wrong
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import phonenumbers
from babel import Locale
from babel.dates import format_datetime, format_timedelta
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cbmportal.dates import day, day_and_time_pattern, partial_date, reader_locale, zone_city

register = template.Library()

#: The portal's languages, each in itself.
OWN_NAMES: Mapping[str, str] = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}


@register.filter
def language_tag(code: str) -> str:
    """A language code as HTML writes it: pt-br becomes pt-BR."""
    language, hyphen, region = str(code).partition("-")
    return f"{language}{hyphen}{region.upper()}"


@register.filter
def language_name(code: str) -> str:
    """The name of a language, in the reader's language."""
    return str(Locale.parse(code).get_display_name(reader_locale()) or code)


register.filter(partial_date)
register.filter(day)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Day and time in the reader's time zone, which is named; UTC stands beside it if it differs."""
    return _time(value, exact(value)) if value else ""


@register.filter
def exact(value: datetime) -> str:
    locale, here = reader_locale(), timezone.localtime(value)
    local = format_datetime(here, day_and_time_pattern(locale, here), tzinfo=here.tzinfo, locale=locale)
    if not here.utcoffset():
        return _("%(time)s UTC") % {"time": local}
    place = zone_city(str(here.tzinfo))
    there = value.astimezone(UTC)
    utc = format_datetime(there, "HH:mm", tzinfo=UTC, locale=locale)
    if there.date() != here.date():
        utc = format_datetime(there, day_and_time_pattern(locale, there), tzinfo=UTC, locale=locale)
    return _("%(time)s %(place)s time (%(utc)s UTC)") % {"time": local, "place": place, "utc": utc}


@register.filter
def age(value: datetime | None) -> SafeString | str:
    """How long ago, in words, with the exact moment for whoever points at it or prints it."""
    return _aged(value, exact(value)) if value else ""


@register.filter
def age_by_day(value: datetime | None) -> SafeString | str:
    """The same for lists, where the hour would only be in the way."""
    return _aged(value, day(timezone.localtime(value).date())) if value else ""


def _aged(value: datetime, exactly: str) -> SafeString:
    words = format_timedelta(
        value - timezone.now(), add_direction=True, granularity="day", threshold=1.2, locale=reader_locale()
    )
    if timezone.localtime(value).date() == timezone.localdate():
        words = _("today")
    return format_html(
        '<time datetime="{}">{} <span class="exact">({})</span></time>', _iso(value), words, exactly
    )


def _time(value: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', _iso(value), words)


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def telephone(value: str) -> SafeString | str:
    """A stored number in international form, as a link that a telephone can dial."""
    if not value:
        return ""
    plain, _mark, extension = value.partition(";ext=")
    number = phonenumbers.parse(plain)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if extension:
        shown = _("%(number)s, extension %(extension)s") % {"number": shown, "extension": extension}
    return format_html('<a class="telephone" href="tel:{}">{}</a>', value, shown)


@register.simple_tag
def tag(text: Any, tone: str = "plain") -> SafeString:
    """A small label that says the state of a thing in words; its tone only underlines them."""
    return format_html('<span class="tag tag-{}">{}</span>', tone, text)
