"""Keeping what is typed, and letting it go."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.drafts.models import Draft

KEPT_FOR = timedelta(days=30)
#: More than all fields of the longest form together may hold.
LARGEST = 64_000
#: What a form sends beside what is typed: secrets, and which button was pressed.
NEVER_KEPT = frozenset(("csrfmiddlewaretoken", "mark", "next", "submit", "preview", "edit"))


class TooLarge(Exception):
    """More was typed than any form of the portal takes."""


def keep_draft(
    *, user_id: int, address: str, typed: Mapping[str, list[str]], interrupted: bool = False, at: datetime
) -> None:
    """What was typed last is what is kept; nothing is kept for an account that is closed or gone."""
    if len(address) > 300 or len(json.dumps(typed)) > LARGEST:
        raise TooLarge
    if User.objects.filter(pk=user_id, is_active=True).exists():
        Draft.objects.update_or_create(
            user_id=user_id,
            address=address,
            defaults={"typed": typed, "interrupted": interrupted, "saved_at": at},
        )


def discard_draft(*, user_id: int, address: str) -> None:
    Draft.objects.filter(user_id=user_id, address=address).delete()


def purge_drafts(*, now: datetime | None = None) -> int:
    """Drop what nobody has come back to."""
    deleted, _per_model = Draft.objects.filter(saved_at__lt=(now or timezone.now()) - KEPT_FOR).delete()
    return deleted


def typed_in(data: QueryDict) -> dict[str, list[str]]:
    """The fields of a form, without secrets; PostgreSQL keeps no NUL, and nobody types one."""
    return {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in data.lists()
        if name not in NEVER_KEPT and "password" not in name
    }
