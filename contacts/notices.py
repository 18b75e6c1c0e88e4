"""What is told of points of contact, institutions and participation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbmportal.notices.kinds import register
from contacts.access import Viewer
from contacts.forms import CONTACT_WORDS, INSTITUTION_WORDS
from contacts.models import FormalAct, Institution, Participation, PointOfContact
from contacts.news import News, Officers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def my_state_page(record: Institution, viewer: Viewer) -> str:
    return reverse("my_state", args=[record.state.iso3])


def state_page(record: Participation, viewer: Viewer) -> str:
    return record.state.get_absolute_url()


def act_page(record: FormalAct, viewer: Viewer) -> str:
    """An officer goes to where it is decided upon."""
    if viewer.secretariat:
        return reverse("admin:contacts_formalact_review", args=[record.pk])
    return record.get_absolute_url()


def _of_an_act(code: str, label: StrOrPromise, sentence: StrOrPromise, **more: Any) -> News:
    more = {"link": act_page, "action": _("Open the nomination or removal"), **more}
    return News(code, FormalAct, label, sentence, **more)


ACT_DRAFTED = _of_an_act(
    "act_drafted",
    _("drafted"),
    _(
        "%(actor)s drafted a note verbale of %(state)s about %(name)s. Once it is signed, a designating authority"
        " submits it."
    ),
)
ACT_EDITED = _of_an_act(
    "act_edited",
    _("draft changed"),
    _("%(actor)s changed the draft about %(name)s."),
    tells_fields=True,
)
NOTE_ATTACHED = _of_an_act(
    "act_note_attached",
    _("signed note attached"),
    _(
        "%(actor)s attached the signed note verbale about %(name)s. A designating authority of %(state)s can now"
        " submit it."
    ),
)
ACT_SUBMITTED = _of_an_act(
    "act_submitted",
    _("submitted"),
    _("%(actor)s submitted the note verbale of %(state)s about %(name)s to the Secretariat."),
    officers=Officers.OF_WHAT_STATES_DO,
    urgent=True,
)
ACT_RETURNED = _of_an_act(
    "act_returned",
    _("returned with a comment"),
    _(
        "%(actor)s, of the Secretariat, returned the note verbale about %(name)s with a comment. The directory stays"
        " as it was."
    ),
    urgent=True,
)
ACT_ACCEPTED = _of_an_act(
    "act_accepted",
    _("accepted"),
    _(
        "%(actor)s, of the Secretariat, accepted the note verbale of %(state)s about %(name)s. The directory shows it"
        " now."
    ),
    urgent=True,
)
ACT_WITHDRAWN = _of_an_act(
    "act_withdrawn",
    _("withdrawn"),
    _("%(actor)s withdrew the note verbale of %(state)s about %(name)s. The directory stays as it was."),
    officers=Officers.OF_WHAT_STATES_DO,
)
CONTACT_REGISTERED = News(
    "contact_registered",
    PointOfContact,
    _("new point of contact"),
    _("%(actor)s entered %(name)s in the directory as a point of contact of %(state)s."),
)
CONTACT_CHANGED = News(
    "contact_changed",
    PointOfContact,
    _("contact details changed"),
    _("%(actor)s changed the contact details of %(name)s. The directory shows them already."),
    officers=Officers.OF_WHAT_STATES_DO,
    tells_fields=True,
    words=CONTACT_WORDS,
)
CONTACT_CORRECTED = News(
    "contact_corrected",
    PointOfContact,
    _("entry corrected"),
    _("%(actor)s, of the Secretariat, corrected the entry of %(name)s on behalf of %(state)s."),
    tells_fields=True,
    words=CONTACT_WORDS,
)
CONTACT_CONFIRMED = News(
    "contact_confirmed",
    PointOfContact,
    _("entry confirmed"),
    _("%(actor)s confirmed that the entry of %(name)s is still true."),
)
CONTACT_CHECKED = News(
    "contact_checked",
    PointOfContact,
    _("communication check"),
    _("%(actor)s, of the Secretariat, noted the result of a communication check with %(name)s."),
    tells_fields=True,
)
CONTACT_ENDED = News(
    "contact_ended",
    PointOfContact,
    _("designation ended"),
    _("%(actor)s, of the Secretariat, ended the designation of %(name)s as a point of contact of %(state)s."),
)
CONTACT_NOT_TO_BE_USED = News(
    "contact_not_to_be_used",
    PointOfContact,
    _("do not use"),
    _("%(actor)s warned everybody who reads the directory not to use the entry of %(name)s."),
    officers=Officers.ALWAYS,
    urgent=True,
)
CONTACT_USABLE_AGAIN = News(
    "contact_usable_again",
    PointOfContact,
    _("may be used again"),
    _("%(actor)s lifted the warning on the entry of %(name)s. It may be used again."),
    officers=Officers.ALWAYS,
    urgent=True,
)
CONTACT_PURGED = News(
    "contact_purged",
    PointOfContact,
    _("personal data deleted"),
    _(
        "%(actor)s had the personal data of a past point of contact of %(state)s deleted. The designation stays."
    ),
    officers=Officers.OF_WHAT_STATES_DO,
)
INSTITUTION_ADDED = News(
    "institution_added",
    Institution,
    _("new institution"),
    _("%(actor)s added %(name)s to the institutions of %(state)s."),
    link=my_state_page,
    action=_("Open the page of your state"),
)
INSTITUTION_CHANGED = News(
    "institution_changed",
    Institution,
    _("institution changed"),
    _("%(actor)s changed what the portal says of %(name)s."),
    tells_fields=True,
    words=INSTITUTION_WORDS,
    link=my_state_page,
    action=_("Open the page of your state"),
)
PARTICIPATION_ENTERED = News(
    "participation_entered",
    Participation,
    _("participation"),
    _("%(actor)s, of the Secretariat, entered or changed the participation of %(state)s."),
    tells_fields=True,
    link=state_page,
    action=_("Open the page of the state"),
)
register(
    *(
        news.kind
        for news in (
            CONTACT_REGISTERED,
            CONTACT_CHANGED,
            CONTACT_CORRECTED,
            CONTACT_CONFIRMED,
            CONTACT_CHECKED,
            CONTACT_ENDED,
            CONTACT_NOT_TO_BE_USED,
            CONTACT_USABLE_AGAIN,
            CONTACT_PURGED,
            INSTITUTION_ADDED,
            INSTITUTION_CHANGED,
            PARTICIPATION_ENTERED,
            ACT_DRAFTED,
            ACT_EDITED,
            NOTE_ATTACHED,
            ACT_SUBMITTED,
            ACT_RETURNED,
            ACT_ACCEPTED,
            ACT_WITHDRAWN,
        )
    )
)
