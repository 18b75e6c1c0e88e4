"""How the portal writes dates, ages, telephone numbers and languages, in the reader's language.

{{ policy.date|partial_date }}          14 June 2018 · June 2018 · 2018
{{ contact.confirmed_at|moment }}       1 June 2026, 14:05 (Santiago time)  as <time>
{{ link.expires_at|exact }}             the same as plain text
{{ contact.confirmed_at|age }}          3 weeks ago  as <time> with the exact moment beside it
{% aged row.confirmed row.ago row.on %} the same, of a row's own texts
{{ contact.phone|telephone }}           +56 2 2345 6789  as a tel: link
{{ policy.language|language_name }}     Spanish
{{ code|language_tag }}                 pt-BR, for lang and hreflang
{% tag "Compiled" "attention" %}        a small label; tones: plain, good, attention, wrong
{% rows "a/_row.html" entries %}        the template for each of many, see cbmportal/rows.py
{% parts "a/_part.html" tiles %}        the same where the template needs to look into what it shows
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cbmportal.dates import (
    ago,
    day,
    day_and_time_pattern,
    in_utc,
    partial_date,
    reader_locale,
    zone_city,
)
from cbmportal.forms import telephone_to_call
from cbmportal.rows import Row, written, written_of

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
    return format_html('<time datetime="{}">{}</time>', in_utc(value), exact(value)) if value else ""


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
    return aged(in_utc(value), ago(value, timezone.now()), exact(value)) if value else ""


@register.simple_tag
def aged(standard: str, words: str, exactly: str) -> SafeString:
    return format_html(
        '<time datetime="{}">{} <span class="exact">({})</span></time>', standard, words, exactly
    )


@register.filter
def telephone(value: str) -> SafeString | str:
    """A stored number in international form, as a link that a telephone can dial."""
    if not value:
        return ""
    return format_html('<a class="telephone" href="tel:{}">{}</a>', value, telephone_to_call(value))


@register.simple_tag
def tag(text: Any, tone: str = "plain") -> SafeString:
    """A small label that says the state of a thing in words; its tone only underlines them."""
    return format_html('<span class="tag tag-{}">{}</span>', tone, text)


@register.simple_tag
def parts(template: str, found: Iterable[Hashable]) -> SafeString:
    return written_of(template, found)


@register.simple_tag
def rows(template: str, found: Iterable[Row]) -> SafeString:
    return written(template, found)
