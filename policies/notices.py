"""What is told of policy submissions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbmportal.notices.kinds import register
from contacts.access import Viewer
from contacts.news import News, Officers
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation, ReviewStatus

IN_WORK = (ReviewStatus.DRAFT, ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)


def where_it_is_worked_on(policy: PolicySubmission, viewer: Viewer) -> str:
    """For the Secretariat its desk, for the state its form while it has the submission in hand."""
    if viewer.secretariat:
        return reverse("admin:policies_policysubmission_change", args=[policy.pk])
    if policy.status in IN_WORK:
        return reverse("my_policy_edit", args=[policy.state.iso3, policy.ref])
    return policy.get_absolute_url()


OPEN = _("Open the submission")
DRAFTED = News(
    "policy_drafted",
    PolicySubmission,
    _("draft begun"),
    _("%(actor)s began a draft: %(name)s."),
    link=where_it_is_worked_on,
    action=OPEN,
)
EDITED = News(
    "policy_edited",
    PolicySubmission,
    _("submission edited"),
    _("%(actor)s edited the submission %(name)s."),
    tells_fields=True,
    hidden=("notes",),
    link=where_it_is_worked_on,
    action=OPEN,
)
SUBMITTED = News(
    "policy_submitted",
    PolicySubmission,
    _("submitted for review"),
    _("%(actor)s submitted %(name)s. The Secretariat reviews its form and publishes it or returns it."),
    officers=Officers.OF_WHAT_STATES_DO,
    link=where_it_is_worked_on,
    action=OPEN,
)
ADOPTED = News(
    "policy_adopted",
    PolicySubmission,
    _("adopted by its state"),
    _(
        "%(actor)s adopted the record %(name)s for %(state)s. The Secretariat reviews its form and publishes it."
    ),
    officers=Officers.OF_WHAT_STATES_DO,
    link=where_it_is_worked_on,
    action=OPEN,
)
WITHDRAWN = News(
    "policy_withdrawn",
    PolicySubmission,
    _("submission withdrawn"),
    _("%(actor)s withdrew the submission %(name)s. Only %(state)s and the Secretariat still see it."),
    officers=Officers.OF_WHAT_STATES_DO,
    link=where_it_is_worked_on,
    action=OPEN,
)
COPY_ADDED = News(
    "policy_copy_added",
    PolicySubmission,
    _("copy of the document added"),
    _("%(actor)s added a copy of the document to %(name)s."),
    part=(PolicyFile, "policy_id"),
    link=where_it_is_worked_on,
    action=OPEN,
)
TRANSLATED = News(
    "policy_translated",
    PolicySubmission,
    _("translation entered"),
    _("%(actor)s entered or changed a translation of %(name)s."),
    part=(PolicyTranslation, "policy_id"),
    tells_fields=True,
    link=where_it_is_worked_on,
    action=OPEN,
)
PUBLISHED = News(
    "policy_published",
    PolicySubmission,
    _("published"),
    _("The Secretariat published %(name)s. Everybody can read it now, and it counts for measure 1."),
    link=lambda policy, viewer: str(policy.get_absolute_url()),
    action=_("Read it on the portal"),
)
RETURNED = News(
    "policy_returned",
    PolicySubmission,
    _("returned with a comment"),
    _(
        "The Secretariat returned %(name)s to %(state)s. Complete it as the comment says, and submit it again."
    ),
    urgent=True,
    link=where_it_is_worked_on,
    action=_("Complete the submission"),
)
RECEIVED = News(
    "policy_received",
    PolicySubmission,
    _("entered on your behalf"),
    _("%(actor)s, of the Secretariat, entered and published %(name)s, which %(state)s had sent."),
    link=where_it_is_worked_on,
    action=OPEN,
)
COMPILED = News(
    "policy_compiled",
    PolicySubmission,
    _("compiled from public sources"),
    _(
        "%(actor)s, of the Secretariat, entered %(name)s from public sources. It is not a submission of %(state)s"
        " and counts for nothing until you adopt it."
    ),
    link=lambda policy, viewer: str(policy.get_absolute_url()),
    action=_("Look at the record"),
)
CORRECTED = News(
    "policy_corrected",
    PolicySubmission,
    _("record corrected"),
    _("%(actor)s, of the Secretariat, corrected the record %(name)s on behalf of %(state)s."),
    tells_fields=True,
    hidden=("notes",),
    link=where_it_is_worked_on,
    action=OPEN,
)
register(
    *(
        news.kind
        for news in (
            *(DRAFTED, EDITED, SUBMITTED, ADOPTED, WITHDRAWN, COPY_ADDED, TRANSLATED),
            *(PUBLISHED, RETURNED, RECEIVED, COMPILED, CORRECTED),
        )
    )
)
