"""What waits for whoever is signed in, each with the one place where it is done."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from contacts.access import Viewer
from contacts.models import ActStage, FormalAct, PointOfContact
from policies.models import PolicySubmission, ReviewStatus


class Step(NamedTuple):
    text: str
    address: str


def next_steps(viewer: Viewer, at: datetime) -> list[Step]:
    if viewer.secretariat:
        return _for_the_secretariat(viewer, at)
    return _for_delegates(viewer, at) if viewer.delegate_of else []


def _steps(found: Iterable[tuple[int, str, str]]) -> list[Step]:
    """Of counts, sentences and addresses, those of which there are any."""
    return [Step(text % {"count": count}, address) for count, text, address in found if count]


def _for_the_secretariat(viewer: Viewer, at: datetime) -> list[Step]:
    acts = FormalAct.objects.visible_to(viewer).to_decide().count()
    submitted = PolicySubmission.objects.visible_to(viewer).to_review().count()
    due = PointOfContact.objects.visible_to(viewer).due(at).count()
    policies, contacts = (
        reverse(f"admin:{name}_changelist")
        for name in ("policies_policysubmission", "contacts_pointofcontact")
    )
    return _steps(
        (
            (
                acts,
                ngettext(
                    "%(count)d nomination or removal waits to be decided",
                    "%(count)d nominations and removals wait to be decided",
                    acts,
                ),
                reverse("admin:contacts_formalact_review_queue"),
            ),
            (
                submitted,
                ngettext(
                    "%(count)d policy submission waits to be reviewed",
                    "%(count)d policy submissions wait to be reviewed",
                    submitted,
                ),
                f"{policies}?status__exact={ReviewStatus.SUBMITTED}",
            ),
            (
                due,
                ngettext(
                    "%(count)d point of contact is overdue for confirmation",
                    "%(count)d points of contact are overdue for confirmation",
                    due,
                ),
                f"{contacts}?office=due",
            ),
        )
    )


def _for_delegates(viewer: Viewer, at: datetime) -> list[Step]:
    """Of all the viewer's states together: who acts for several chooses one behind the link."""
    own = Q(state__in=viewer.delegate_of)
    due = PointOfContact.objects.visible_to(viewer).filter(own).due(at).count()
    attention = f"{reverse('my')}#attention"
    contacts = (
        due,
        ngettext(
            "%(count)d point of contact of your state waits to be confirmed",
            "%(count)d points of contact of your state wait to be confirmed",
            due,
        ),
        attention,
    )
    return _steps((contacts, *_acts(viewer, own, attention), *_policies(viewer, own, attention)))


def _acts(viewer: Viewer, own: Q, attention: str) -> Iterable[tuple[int, str, str]]:
    acts = FormalAct.objects.visible_to(viewer).filter(own)
    to_submit = Q(stage=ActStage.NOTE_ATTACHED, state__in=viewer.authority_of)
    counts = acts.aggregate(
        returned=Count("pk", filter=Q(stage=ActStage.RETURNED)), signed=Count("pk", filter=to_submit)
    )
    yield (
        counts["returned"],
        ngettext(
            "%(count)d nomination or removal was returned with a comment",
            "%(count)d nominations and removals were returned with a comment",
            counts["returned"],
        ),
        attention,
    )
    yield (
        counts["signed"],
        ngettext(
            "%(count)d signed note verbale waits to be submitted",
            "%(count)d signed notes verbales wait to be submitted",
            counts["signed"],
        ),
        attention,
    )


def _policies(viewer: Viewer, own: Q, attention: str) -> Iterable[tuple[int, str, str]]:
    policies = PolicySubmission.objects.visible_to(viewer).filter(own)
    stages = dict(policies.order_by().values_list("status").annotate(Count("pk")))
    returned, drafts, compiled = (
        stages.get(stage, 0) for stage in (ReviewStatus.RETURNED, ReviewStatus.DRAFT, ReviewStatus.COMPILED)
    )
    yield (
        returned,
        ngettext(
            "%(count)d policy submission was returned with a comment",
            "%(count)d policy submissions were returned with a comment",
            returned,
        ),
        attention,
    )
    yield (
        compiled,
        ngettext(
            "%(count)d record compiled by the Secretariat can be adopted by your state",
            "%(count)d records compiled by the Secretariat can be adopted by your state",
            compiled,
        ),
        attention,
    )
    yield (
        drafts,
        ngettext(
            "%(count)d draft has not been submitted yet",
            "%(count)d drafts have not been submitted yet",
            drafts,
        ),
        f"{reverse('my')}#policies",
    )
