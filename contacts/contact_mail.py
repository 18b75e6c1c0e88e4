"""What is written to points of contact themselves, most of whom have no account."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify_address
from contacts.access import Viewer, by_somebody
from contacts.models import PointOfContact


def language_for(contact: PointOfContact) -> str:
    """The first of the portal's languages that the contact speaks, or that is official in their state."""
    codes = {code[:2]: code for code, _name in settings.LANGUAGES}
    spoken = [*contact.languages, *contact.state.official_languages]
    return next((codes[one] for one in spoken if one in codes), "en")


def with_old_address_told(contact: PointOfContact, *, old: str, by: Viewer) -> PointOfContact:
    """Whoever reads the old address may be the only one who knows that the new one is wrong."""
    if by_somebody(by) and contact.email.lower() != old.lower():
        notify_address(
            kind=CONTACT_ADDRESS_CHANGED,
            address=old,
            language=language_for(contact),
            about=contact.uuid,
            details={"old": old},
        )
    return contact


def contact_address_changed(notice: Notice, now: datetime) -> Message | None:
    contact = PointOfContact.objects.filter(uuid__in=[notice.about]).select_related("state").first()
    if contact is None:
        return None
    said = {"name": contact.full_name, "state": contact.state.name, **notice.details}
    return Message(
        subject=_("Your e-mail address in the directory of points of contact was changed"),
        paragraphs=(
            _(
                "%(name)s stands in the directory of the CBM portal as a point of contact of %(state)s for cyber"
                " matters. Other states are now told another e-mail address than this one (%(old)s)."
            )
            % said,
            _(
                "If this is not right, tell the delegates of your state, or write to the Technical Secretariat:"
                " %(secretariat)s."
            )
            % {"secretariat": settings.SECRETARIAT_EMAIL},
        ),
        why=_("You receive this because the directory named this address until now. You need no account."),
    )


CONTACT_ADDRESS_CHANGED = Kind(
    "contact_address",
    gettext_lazy("Address of a point of contact changed"),
    contact_address_changed,
    urgent=True,
    repeatable=False,
)
register(CONTACT_ADDRESS_CHANGED)
