"""What is written about invitations: to whoever is invited, who has no account yet, and to whoever invited."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.notices.account_mail import why as about_your_account
from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify, notify_address
from contacts.models import Invitation, InvitationKind

ASKED = {
    InvitationKind.AUTHORITY: gettext_lazy(
        "%(inviter)s invites you to act for %(state)s on the CBM portal as a designating authority: to nominate and"
        " remove its points of contact, to invite its delegates, and to keep its entries."
    ),
    InvitationKind.DELEGATE: gettext_lazy(
        "%(inviter)s invites you to act for %(state)s on the CBM portal as a delegate: to keep its entries in the"
        " directory and its policies."
    ),
    InvitationKind.CONTACT: gettext_lazy(
        "You are a point of contact of %(state)s for cyber matters. %(inviter)s offers you an account on the CBM"
        " portal, with which you read the directory of the points of contact of all states."
    ),
}


def in_words(invitation: Invitation) -> str:
    """Who invites to what, for which state."""
    return str(ASKED[InvitationKind(invitation.kind)]) % {
        "inviter": inviter_in_words(invitation),
        "state": invitation.state.name,
    }


def inviter_in_words(invitation: Invitation) -> str:
    person = invitation.invited_by
    if person is None:
        return _("The Technical Secretariat")
    if person.is_staff:
        return _("%(person)s, of the Secretariat,") % {"person": person.full_name}
    return person.full_name


def send_link(*, invitation: Invitation) -> None:
    """The link itself is made when the e-mail is written; of a serial that is past, nothing is sent."""
    notify_address(
        kind=INVITED,
        address=invitation.email,
        language=invitation.language,
        about=invitation.uuid,
        details={"serial": invitation.serial},
        expires_at=invitation.expires_at,
    )


def invited(notice: Notice, now: datetime) -> Message | None:
    invitations = Invitation.objects.open(now).filter(uuid=notice.about, serial=notice.details["serial"])
    invitation = invitations.select_related("state", "invited_by").first()
    if invitation is None:
        return None
    return Message(
        subject=_("Invitation to the CBM portal for %(state)s") % {"state": invitation.state.name},
        paragraphs=(
            in_words(invitation),
            _("The link below is for you alone and works once. On its page you see what you are invited to."),
            _("If you do not know what this is about, do nothing: nothing happens then."),
        ),
        why=_("You receive this because somebody invited you by this address."),
        action=_("See the invitation"),
        link=invitation.link,
        expires_at=invitation.expires_at,
    )


def tell_accepted(*, invitation: Invitation) -> None:
    if invitation.invited_by:
        notify(
            kind=ACCEPTED,
            to=[invitation.invited_by],
            about=invitation.uuid,
            change=invitation.uuid,
        )


def accepted(notice: Notice, now: datetime) -> Message | None:
    own = Invitation.objects.filter(invited_by=notice.to_id, purged_at__isnull=True)
    invitation = own.filter(uuid__in=[notice.about]).select_related("state").first()
    if invitation is None:
        return None
    said = {
        "name": invitation.full_name,
        "state": invitation.state.name,
        "kind": invitation.get_kind_display(),
    }
    return Message(
        subject=_("%(name)s has accepted your invitation") % said,
        paragraphs=(
            _("%(name)s has accepted your invitation to the CBM portal for %(state)s (%(kind)s).") % said,
        ),
        why=about_your_account(),
    )


INVITED = Kind("invitation", gettext_lazy("Invitation"), invited, urgent=True, repeatable=False)
ACCEPTED = Kind("invitation_accepted", gettext_lazy("Invitation accepted"), accepted)
register(INVITED, ACCEPTED)
