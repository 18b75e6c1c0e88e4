"""Personal data of contacts who have ended goes, everywhere at once; the fact of the designation stays.

What is emptied: the entry, its formal acts and scans of notes, its invitations, what the history kept of all of them
and why, notices about them, unsaved text, the admin log, and the account that only served the contact, with its name
in the read log.
What stays: which state had a contact of which category and institution from when until when, by which note, and who
did what.
"""

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.drafts.models import Draft
from cbmportal.history.changes import PURGED
from cbmportal.history.models import events_of
from cbmportal.history.purging import empty_events
from cbmportal.history.services import recorded
from cbmportal.notices.models import Notice
from contacts.access import Viewer, portal, require
from contacts.access.accounts import forget_account
from contacts.access.grants import DirectoryAccess
from contacts.models import ActStage, DirectoryImport, FormalAct, Invitation, PointOfContact, SignedNote
from contacts.models.acts import OPEN
from contacts.news import told
from contacts.notices import CONTACT_PURGED

#: What else guards the rows that are emptied.
GUARDS = ("contacts.FormalAct:stands", "contacts.SignedNote:keep", "contacts.Invitation:stands")


def purge_due(*, now: datetime) -> int:
    """Contacts who ended long ago, and acts given up as long ago; says how many contacts those were."""
    limit = (now - timedelta(days=settings.PERSONAL_DATA_KEPT_DAYS)).date()
    ended = PointOfContact.objects.filter(ended_on__lt=limit, purged_at__isnull=True)
    due = list(ended.exclude(acts__stage__in=OPEN))
    for contact in due:
        _purge(contact, portal(), now)
    given_up = FormalAct.objects.filter(stage=ActStage.WITHDRAWN, updated_at__date__lt=limit)
    _empty_acts(given_up.filter(purged_at__isnull=True), portal(), now)
    _empty_invitations(Invitation.objects.filter(_came_to_nothing(now)), portal(), now)
    return len(due)


def purge_contact(*, contact: PointOfContact, by: Viewer, at: datetime | None = None) -> PointOfContact:
    """Sooner, because its state asks for it."""
    require(by.may_designate(contact.state_id))
    if contact.is_active:
        raise ValidationError(_("This contact is in office: its personal data is needed."), code="in_office")
    return _purge(contact, by, at or timezone.now())


def _purge(contact: PointOfContact, by: Viewer, at: datetime) -> PointOfContact:
    with recorded(by=by, reason=PURGED):
        current: PointOfContact = PointOfContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        if current.purged_at:
            return current
        acts = FormalAct.objects.about(current)
        if acts.filter(stage__in=OPEN).exists():
            raise ValidationError(
                _("A nomination or removal about this contact is under way. Finish or withdraw it first."),
                code="under_way",
            )
        _empty_acts(acts, by, at)
        _empty_invitations(Invitation.objects.filter(contact=current), by, at)
        _empty(PointOfContact.objects.filter(pk=current.pk), at)
        for access in DirectoryAccess.objects.filter(contact=current).select_related("user"):
            empty_events(events_of(DirectoryAccess).filter(pgh_obj=access), {})
            forget_account(user=access.user, at=at)
        # A list that waits to be brought in may name anybody; whoever handed it in does so again.
        DirectoryImport.objects.all().delete()
        current.refresh_from_db()
        return told(CONTACT_PURGED, current, by=by)


def _empty_acts(acts: QuerySet[FormalAct], by: Viewer, at: datetime) -> None:
    with recorded(by=by, reason=PURGED):
        found = list(acts.select_for_update(of=("self",)).values_list("pk", flat=True))
        notes = SignedNote.objects.filter(act__in=found)
        with pgtrigger.ignore(*GUARDS):
            notes.update(content=None, **SignedNote.PURGED.columns)
        empty_events(events_of(SignedNote).filter(act__in=found), SignedNote.PURGED.columns)
        _empty(FormalAct.objects.filter(pk__in=found), at)


def _came_to_nothing(now: datetime) -> Q:
    """Revoked, or never answered, as long ago as personal data is kept."""
    limit = now - timedelta(days=settings.PERSONAL_DATA_KEPT_DAYS)
    return Q(accepted_at__isnull=True) & (Q(revoked_at__lt=limit) | Q(expires_at__lt=limit))


def _empty_invitations(invitations: QuerySet[Invitation], by: Viewer, at: datetime) -> None:
    with recorded(by=by, reason=PURGED):
        found = invitations.filter(purged_at__isnull=True).select_for_update(of=("self",))
        rows = Invitation.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
        rows.unanswered().update(revoked_at=at)
        _empty(rows, at)


def _empty(rows: Any, at: datetime) -> None:
    """The rows, and all that was ever in them or is said of them elsewhere."""
    model, named = rows.model, dict(rows.values_list("pk", "uuid"))
    if not named:
        return
    with pgtrigger.ignore(*GUARDS):
        rows.update(**model.PURGED.columns, purged_at=at)
    empty_events(events_of(model).filter(pgh_obj__in=list(named)), model.PURGED.columns)
    Notice.objects.filter(about__in=named.values()).delete()
    for uuid in named.values():
        Draft.objects.filter(address__contains=str(uuid)).delete()
    of_model = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=of_model, object_id__in=map(str, named)).delete()
