"""What can be seen of a submission's form without judging its content: done for the officer who reviews it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Value
from django.utils.translation import gettext as _

from contacts.access import Viewer
from contacts.querysets import Folded
from policies.models import LegalStatus, PolicySubmission, ReviewStatus

REQUIRED = ("title", "description", "responsible_institutions")
#: The stages in which a record stands beside others; a draft or what was taken back does not.
STANDING = (ReviewStatus.PUBLISHED, ReviewStatus.SUBMITTED, ReviewStatus.COMPILED)


@dataclass(frozen=True)
class Check:
    """`tone` is good, attention or wrong; `records` are those that the sentence is about."""

    tone: str
    says: str
    records: tuple[PolicySubmission, ...] = ()

    @property
    def result(self) -> str:
        return {"good": _("in order"), "attention": _("look at this"), "wrong": _("missing")}[self.tone]


def form_checks(policy: PolicySubmission, files: Iterable[Any], viewer: Viewer, today: date) -> list[Check]:
    return [
        _required(policy),
        _source(policy),
        _copy(list(files)),
        *_dates(policy, today),
        *_successor(policy),
        _alike(policy, viewer),
    ]


def _required(policy: PolicySubmission) -> Check:
    missing = [
        str(PolicySubmission._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in REQUIRED
        if not getattr(policy, name)
    ]
    if missing:
        return Check("wrong", _("Not filled in: %(fields)s.") % {"fields": ", ".join(missing)})
    return Check("good", _("Title, description and responsible institutions are filled in."))


def _source(policy: PolicySubmission) -> Check:
    if policy.link:
        return Check("good", _("There is a link. Open it to see that it works."))
    if policy.citation:
        return Check("good", _("There is no link, but a citation."))
    return Check("wrong", _("There is neither a link nor a citation."))


def _copy(files: list[Any]) -> Check:
    if files:
        return Check("good", _("A copy of the document is attached."))
    return Check("attention", _("No copy of the document is attached."))


def _dates(policy: PolicySubmission, today: date) -> list[Check]:
    """Partial dates compare as text: 2018-06 lies before 2018-06-14, so only what both say is compared."""
    found = []
    if not policy.date:
        found.append(Check("attention", _("The document has no date.")))
    elif policy.date > today.isoformat():
        found.append(Check("attention", _("The date of the document lies in the future.")))
    if policy.in_force_from and policy.date and _before(policy.in_force_from, policy.date):
        found.append(Check("attention", _("The entry into force lies before the date of the document.")))
    in_force = policy.legal_status == LegalStatus.IN_FORCE
    if in_force and policy.in_force_from > today.isoformat():
        found.append(
            Check("attention", _("The document is said to be in force, but only enters into force later."))
        )
    return found or [Check("good", _("The dates are plausible."))]


def _before(one: str, other: str) -> bool:
    known = min(len(one), len(other))
    return one[:known] < other[:known]


def _successor(policy: PolicySubmission) -> list[Check]:
    if policy.legal_status == LegalStatus.SUPERSEDED and not policy.superseded_by_id:
        return [Check("attention", _("The document is superseded, but no record of its successor is named."))]
    return []


def _alike(policy: PolicySubmission, viewer: Viewer) -> Check:
    same = Q(folded_title=Folded(Value(policy.title)))
    if policy.official_number:
        same |= Q(folded_number=Folded(Value(policy.official_number)))
    found = (
        PolicySubmission.objects.visible_to(viewer)
        .filter(state=policy.state_id, status__in=STANDING)
        .exclude(pk=policy.pk)
        .alias(folded_title=Folded("title"), folded_number=Folded("official_number"))
        .filter(same)
        .order_by("ref")[:5]
    )
    records = tuple(found)
    if records:
        return Check("attention", _("This state has a record with the same title or number:"), records)
    return Check("good", _("No other record of this state has this title or number."))
