"""What waits for whoever is signed in, each with the one place where it is done."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from contacts.access import Viewer
from contacts.models import PointOfContact
from policies.models import PolicySubmission, ReviewStatus


class Step(NamedTuple):
    text: str
    address: str


def next_steps(viewer: Viewer, at: datetime) -> list[Step]:
    if viewer.secretariat:
        return _for_the_secretariat(viewer, at)
    return _for_delegates(viewer, at) if viewer.delegate_of else []


def _for_the_secretariat(viewer: Viewer, at: datetime) -> list[Step]:
    submitted = PolicySubmission.objects.visible_to(viewer).to_review().count()
    due = PointOfContact.objects.visible_to(viewer).due(at).count()
    steps = []
    if submitted:
        text = ngettext(
            "%(count)d policy submission waits to be reviewed",
            "%(count)d policy submissions wait to be reviewed",
            submitted,
        )
        place = reverse("admin:policies_policysubmission_changelist")
        steps.append(Step(text % {"count": submitted}, f"{place}?status__exact={ReviewStatus.SUBMITTED}"))
    if due:
        text = ngettext(
            "%(count)d point of contact is overdue for confirmation",
            "%(count)d points of contact are overdue for confirmation",
            due,
        )
        place = reverse("admin:contacts_pointofcontact_changelist")
        steps.append(Step(text % {"count": due}, f"{place}?office=due"))
    return steps


def _for_delegates(viewer: Viewer, at: datetime) -> list[Step]:
    """Of all the viewer's states together: who acts for several chooses one behind the link."""
    contacts = PointOfContact.objects.visible_to(viewer).filter(state__in=viewer.delegate_of)
    policies = PolicySubmission.objects.visible_to(viewer).filter(state__in=viewer.delegate_of)
    stages = dict(policies.order_by().values_list("status").annotate(Count("pk")))
    due = contacts.due(at).count()
    returned, drafts, compiled = (
        stages.get(stage, 0) for stage in (ReviewStatus.RETURNED, ReviewStatus.DRAFT, ReviewStatus.COMPILED)
    )
    found = [
        (
            due,
            ngettext(
                "%(count)d point of contact of your state waits to be confirmed",
                "%(count)d points of contact of your state wait to be confirmed",
                due,
            ),
            "attention",
        ),
        (
            returned,
            ngettext(
                "%(count)d policy submission was returned with a comment",
                "%(count)d policy submissions were returned with a comment",
                returned,
            ),
            "attention",
        ),
        (
            compiled,
            ngettext(
                "%(count)d record compiled by the Secretariat can be adopted by your state",
                "%(count)d records compiled by the Secretariat can be adopted by your state",
                compiled,
            ),
            "attention",
        ),
        (
            drafts,
            ngettext(
                "%(count)d draft has not been submitted yet",
                "%(count)d drafts have not been submitted yet",
                drafts,
            ),
            "policies",
        ),
    ]
    return [Step(text % {"count": count}, f"{reverse('my')}#{part}") for count, text, part in found if count]
