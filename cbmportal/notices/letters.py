"""Writing the e-mail that one or more notices become, for the person who reads it, at the moment it goes."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, to_locale

from cbmportal.notices.kinds import Message, kind_of
from cbmportal.notices.models import Notice
from cbmportal.notices.querysets import NoticeQuerySet


@dataclass(frozen=True)
class Letter:
    """None is the message if there is nothing that its reader may be told; `silent` are the notices left out."""

    message: EmailMultiAlternatives | None
    silent: list[int]


def write(rows: NoticeQuerySet, now: datetime) -> Letter:
    notices = list(rows.select_related("to").order_by("created_at", "pk"))
    first = notices[0]
    with override(first.language), timezone.override(ZoneInfo(first.time_zone)):
        said = {notice: say(notice, now) for notice in notices}
        told = {notice: message for notice, message in said.items() if message is not None}
        silent = [notice.pk for notice in notices if notice not in told]
        return Letter(compose(told, now) if told else None, silent)


def say(notice: Notice, now: datetime) -> Message | None:
    """What it says now; nothing to a closed account, and nothing that is of no use any more."""
    if not notice.is_wanted or (notice.expires_at and notice.expires_at <= now):
        return None
    return kind_of(notice.kind).say(notice, now)


def compose(told: dict[Notice, Message], now: datetime) -> EmailMultiAlternatives:
    first, messages = next(iter(told)), list(told.values())
    subject = f"[{_('CBM portal')}] {subject_of(messages)}"
    context = {
        "subject": subject,
        "messages": messages,
        "address": settings.PORTAL_ADDRESS,
        "urgent": first.urgent,
        "daily": first.daily,
        "fewer": reverse("account_settings"),
    }
    letter = EmailMultiAlternatives(
        subject,
        render_to_string("notices/mail.txt", context).strip() + "\n",
        to=[first.address],
        headers={
            "Message-ID": first.message_id,
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",
            "Content-Language": to_locale(first.language).replace("_", "-"),
        },
    )
    letter.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return letter


def subject_of(messages: list[Message]) -> str:
    if len(messages) == 1:
        return messages[0].subject
    text = ngettext("What is new: %(count)d change", "What is new: %(count)d changes", len(messages))
    return text % {"count": len(messages)}
