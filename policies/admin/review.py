"""The review queue: one submission after another, each with all that the decision about its form needs."""

from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from cbmportal.history.changes import Fact, side_by_side
from cbmportal.history.models import events_of
from contacts.access import Viewer
from contacts.admin.base import Request
from contacts.admin.queue import DecisionForm, Queue
from policies.form_checks import form_checks
from policies.models import PolicySubmission, ReviewStatus
from policies.services import publish_policy, return_policy

POINTS = {
    "description": gettext_lazy("Please describe briefly what the document is about."),
    "institutions": gettext_lazy("Please name the responsible institutions in full."),
    "link": gettext_lazy("The link does not open the document. Please correct it, or give a citation."),
    "citation": gettext_lazy(
        "Please give the full citation: the official publication, its number and its date."
    ),
    "copy": gettext_lazy("Please attach a copy of the document as a PDF."),
    "dates": gettext_lazy("Please check the dates: one of them does not fit the document."),
    "alike": gettext_lazy(
        "This document seems to be in the repository already. Please say whether it replaces that record."
    ),
}


#: What stands on the page in the language of the document.
OWN_WORDS = ("title", "description", "responsible_institutions", "citation")


class ReviewForm(DecisionForm):
    said_often = POINTS


class Review:
    """One submission before the officer."""

    def __init__(self, policy: PolicySubmission, viewer: Viewer) -> None:
        self.policy = policy
        self.viewer = viewer

    @cached_property
    def earlier(self) -> Any:
        """The version that was last published or returned, as it was then; None if there was none."""
        found = before = None
        for event in events_of(PolicySubmission).filter(pgh_obj_id=self.policy.pk).order_by("pgh_id"):
            if event.status != before and event.status in (ReviewStatus.PUBLISHED, ReviewStatus.RETURNED):
                found = event
            before = event.status
        return found

    @cached_property
    def facts(self) -> list[Fact]:
        facts = side_by_side(self.policy, self.earlier, PolicySubmission.CONTENT, {})
        return [fact for fact in facts if fact.now or fact.before]

    @property
    def changed(self) -> int:
        return sum(fact.changed for fact in self.facts)

    @property
    def since(self) -> Any:
        return self.earlier and self.earlier.pgh_created_at

    @cached_property
    def files(self) -> list[Any]:
        return list(self.policy.files.all())

    @cached_property
    def translations(self) -> list[Any]:
        return list(self.policy.translations.all())

    @cached_property
    def checks(self) -> Any:
        return form_checks(self.policy, self.files, self.viewer, timezone.localdate())


class ReviewQueue(Queue):
    """The queue of submissions, for their admin."""

    queue_title = gettext_lazy("Review of submissions")
    queue_template = "admin/review.html"
    queue_empty = gettext_lazy(
        "What the states submit appears here, the oldest first. You review its form; the content is the state's own."
    )
    decision_form = ReviewForm
    decided = {
        "publish": gettext_lazy("Published: {record}."),
        "return": gettext_lazy("Returned to its state: {record}."),
    }

    def waiting(self, request: Request) -> list[int]:
        rows = PolicySubmission.objects.visible_to(request.viewer).to_review()
        return list(rows.order_by("submitted_at", "pk").values_list("pk", flat=True))

    def decide(self, record: Any, decision: str, form: Any, by: Viewer) -> object:
        version = form.cleaned_data["version"]
        if decision == "publish":
            return publish_policy(policy=record, by=by, version=version)
        return return_policy(policy=record, comment=form.whole_comment, by=by, version=version)

    def queue_context(self, request: Request, record: Any) -> dict[str, Any]:
        return {"policy": record, "review": Review(record, request.viewer), "own_words": OWN_WORDS}
