"""What is told of who acts for a state: to its designating authorities, and to whomever it is about.

Who did it and why is no part of the records that its readers may see, so such notices carry it until they are sent.
"""

from datetime import datetime
from typing import Any
from uuid import uuid5

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.accounts.models import User
from cbmportal.dates import day_and_time
from cbmportal.notices.account_mail import why
from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify
from contacts.access.grants import DirectoryAccess, Right, StateGrant
from contacts.models.states import State


def authorities_of(state_id: int, at: datetime) -> QuerySet[User]:
    rights = StateGrant.objects.current(at).filter(
        content_object=state_id, permission__codename=Right.DESIGNATE
    )
    return User.objects.filter(pk__in=rights.values("user"), is_active=True)


def _still_an_authority(notice: Notice, state: State, now: datetime) -> bool:
    return authorities_of(state.pk, now).filter(pk=notice.to_id or 0).exists()


def _details(grant: StateGrant, by: User, reason: str = "") -> dict[str, Any]:
    return {
        "state": grant.content_object.iso3,
        "name": grant.user.full_name,
        "right": grant.permission.codename,
        "actor": by.full_name,
        "reason": reason,
    }


def _named(notice: Notice) -> tuple[State, dict[str, str]]:
    details = notice.details
    state = State.objects.get(iso3=details["state"])
    return state, {"name": details["name"], "state": state.name, "actor": details["actor"]}


def _to_authorities(notice: Notice, state: State, **said: Any) -> Message:
    return Message(
        quote=notice.details.get("reason", ""),
        why=_("You receive this because you act for %(state)s on the CBM portal.") % {"state": state.name},
        action=_("Who acts for your state"),
        link=reverse("my_people", args=[state.iso3]),
        **said,
    )


# Somebody begins or ceases --------------------------------------------------------------------------------


def tell_begun(*, grant: StateGrant, by: User) -> None:
    readers = authorities_of(grant.content_object_id, grant.since).exclude(pk__in=[grant.user_id, by.pk])
    notify(kind=BEGUN, to=readers, about=grant.uuid, details=_details(grant, by))


def begun(notice: Notice, now: datetime) -> Message | None:
    state, names = _named(notice)
    if not _still_an_authority(notice, state, now):
        return None
    sentence = (
        _("%(name)s is now a designating authority of %(state)s on the CBM portal. %(actor)s granted this.")
        if notice.details["right"] == Right.DESIGNATE
        else _("%(name)s is now a delegate of %(state)s on the CBM portal. %(actor)s granted this.")
    )
    subject = _("%(name)s now acts for %(state)s") % names
    return _to_authorities(notice, state, subject=subject, paragraphs=(sentence % names,))


def tell_ceased(*, grant: StateGrant, by: User, reason: str) -> None:
    details = _details(grant, by, reason)
    readers = authorities_of(grant.content_object_id, timezone.now()).exclude(pk__in=[grant.user_id, by.pk])
    notify(kind=CEASED, to=readers, about=grant.uuid, details=details)
    notify(kind=RETIRED, to=[grant.user], about=grant.uuid, details=details)


def ceased(notice: Notice, now: datetime) -> Message | None:
    state, names = _named(notice)
    if not _still_an_authority(notice, state, now):
        return None
    sentence = _("%(name)s no longer acts for %(state)s on the CBM portal. %(actor)s ended this.")
    subject = _("%(name)s no longer acts for %(state)s") % names
    return _to_authorities(notice, state, subject=subject, paragraphs=(sentence % names,))


def retired(notice: Notice, now: datetime) -> Message:
    _state, names = _named(notice)
    return Message(
        subject=_("You no longer act for %(state)s") % names,
        paragraphs=(
            _("%(actor)s ended your right to act for %(state)s on the CBM portal.") % names,
            _("You have been signed out. API tokens that this right alone had opened are gone."),
            _("If this is not right, write to a designating authority of your state, or to the Secretariat."),
        ),
        quote=notice.details["reason"],
        why=why(),
    )


# A right ends soon ----------------------------------------------------------------------------------------


def tell_ending(*, grant: StateGrant, at: datetime) -> None:
    """Told once, however often it is asked for, unless the end is moved: to the outbox an end is one change."""
    readers = authorities_of(grant.content_object_id, at) | User.objects.filter(pk=grant.user_id)
    ends = uuid5(grant.uuid, str(grant.until))
    notify(kind=ENDING, to=readers, about=grant.uuid, change=ends, expires_at=grant.until, at=at)


def ending(notice: Notice, now: datetime) -> Message | None:
    grants = StateGrant.objects.current(now).select_related("user", "content_object")
    grant = grants.filter(uuid=notice.about, until__isnull=False).first()
    if grant is None:
        return None
    state = grant.content_object
    said = {"name": grant.user.full_name, "state": state.name, "moment": day_and_time(grant.until)}
    if grant.user_id == notice.to_id:
        return Message(
            subject=_("Your right to act for %(state)s ends soon") % said,
            paragraphs=(
                _("You act for %(state)s on the CBM portal until %(moment)s.") % said,
                _(
                    "If you go on after that day, ask a designating authority of your state, or the Secretariat, to"
                    " extend it."
                ),
            ),
            why=why(),
        )
    if not _still_an_authority(notice, state, now):
        return None
    sentence = _("%(name)s acts for %(state)s on the CBM portal until %(moment)s, and not after that.") % said
    subject = _("%(name)s soon no longer acts for %(state)s") % said
    return _to_authorities(notice, state, subject=subject, paragraphs=(sentence,))


def tell_access_ending(*, access: DirectoryAccess, at: datetime) -> None:
    ends = uuid5(access.uuid, str(access.until))
    notify(
        kind=ACCESS_ENDING, to=[access.user], about=access.uuid, change=ends, expires_at=access.until, at=at
    )


def access_ending(notice: Notice, now: datetime) -> Message | None:
    """Not of an end that has been moved since."""
    own = DirectoryAccess.objects.current(now).filter(user=notice.to, until=notice.expires_at)
    access = own.filter(uuid__in=[notice.about], contact__ended_on__isnull=True).first()
    if access is None or access.until is None:
        return None
    return Message(
        subject=_("Your access to the directory ends soon"),
        paragraphs=(
            _("You may read the directory of points of contact until %(moment)s.")
            % {"moment": day_and_time(access.until)},
            _("If you still need it after that, write to the Technical Secretariat."),
        ),
        why=why(),
    )


BEGUN = Kind("acts_for_state", gettext_lazy("Somebody acts for the state"), begun, repeatable=False)
CEASED = Kind(
    "ceases_to_act", gettext_lazy("Somebody no longer acts for the state"), ceased, repeatable=False
)
RETIRED = Kind("retired", gettext_lazy("Right to act ended"), retired, urgent=True, repeatable=False)
ENDING = Kind("right_ending", gettext_lazy("Right to act ends soon"), ending)
ACCESS_ENDING = Kind("access_ending", gettext_lazy("Access to the directory ends soon"), access_ending)
register(BEGUN, CEASED, RETIRED, ENDING, ACCESS_ENDING)
