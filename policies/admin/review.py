"""The review queue: one submission after another, each with all that the decision about its form needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.dates import day_and_time
from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.forms import ProseField, add_refusal
from cbmportal.history.changes import Fact, history_of, side_by_side
from cbmportal.history.models import events_of
from cbmportal.history.services import StaleRecord
from contacts.access import Viewer
from contacts.admin.base import Request
from contacts.admin.steps import Steps
from contacts.models import State
from policies.form_checks import form_checks
from policies.models import PolicySubmission, ReviewStatus
from policies.services import publish_policy, return_policy

#: What is often missing, by name; a comment is written in the language of the state.
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


def language_of(state: State) -> str:
    """In which of the portal's languages one writes to a state."""
    spoken = [code for code in state.official_languages if code in {one.value for one in PORTAL_LANGUAGES}]
    return spoken[0] if spoken else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    with translation.override("pt-br" if language == "pt" else language):
        yield


class DecisionForm(forms.Form):
    """Points to choose from and words of one's own; for returning, one of the two is needed."""

    points = forms.MultipleChoiceField(
        label=gettext_lazy("Points to include, in the language of the state"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = ProseField(
        label=gettext_lazy("Comment for the state"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: PolicySubmission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language_of(policy.state)
        with speaking(self.language):
            choices = [(name, str(says)) for name, says in POINTS.items()]
        self.fields["points"].choices = choices  # type: ignore[attr-defined]
        self.said = dict(choices)
        self.fields["version"].initial = policy.version

    def look_again(self, policy: PolicySubmission) -> None:
        """From now on the decision is about this version."""
        typed: Any = copy(self.data)
        typed["version"] = str(policy.version)
        self.data = typed

    @property
    def whole_comment(self) -> str:
        typed = self.cleaned_data
        points = [self.said[name] for name in POINTS if name in typed["points"]]
        return "\n".join(filter(None, (*points, typed["comment"].strip())))


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


class ReviewQueue(Steps):
    """The pages of the queue, for the admin of submissions."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "policies_policysubmission_review"
        return [
            path("review/", view(self.queue_view), name=f"{name}_queue"),
            path("review/<int:pk>/", view(self.review_view), name=name),
            *super().get_urls(),
        ]

    def waiting(self, request: Request) -> list[int]:
        rows = PolicySubmission.objects.visible_to(request.viewer).to_review()
        return list(rows.order_by("submitted_at", "pk").values_list("pk", flat=True))

    def queue_view(self, request: Request) -> HttpResponse:
        """Leads to the first submission; with none, says so. `skipped` comes from the end of the queue."""
        waiting = self.waiting(request)
        if waiting and "end" not in request.GET:
            return redirect("admin:policies_policysubmission_review", waiting[0])
        context = self._context(request, _("Review of submissions")) | {"count": len(waiting)}
        return TemplateResponse(request, "admin/review_end.html", context)

    def review_view(self, request: Request, pk: int) -> HttpResponse:
        policy = (
            PolicySubmission.objects.visible_to(request.viewer).select_related("state").filter(pk=pk).first()
        )
        if policy is None:
            raise Http404
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        waiting = self.waiting(request)
        following = self._following(waiting, policy)
        if policy.pk not in waiting:
            messages.warning(request, already_done(policy))
            return redirect(following)
        form = DecisionForm(request.POST or None, policy=policy)
        if request.method == "POST" and self._decide(request, policy, form):
            return redirect(following)
        return self._review_page(request, policy, form, waiting, following)

    def _review_page(
        self,
        request: Request,
        policy: PolicySubmission,
        form: DecisionForm,
        waiting: list[int],
        following: str,
    ) -> HttpResponse:
        context = self._context(request, _("Review of submissions")) | {
            "review": Review(policy, request.viewer),
            "policy": policy,
            "form": form,
            "media": self.media + form.media,
            "place": waiting.index(policy.pk) + 1,
            "count": len(waiting),
            "following": following,
            "own_words": OWN_WORDS,
        }
        return TemplateResponse(request, "admin/review.html", context)

    def _context(self, request: Request, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    def _following(self, waiting: list[int], policy: PolicySubmission) -> str:
        """The address of what comes after this submission, wherever it stands or stood in the queue."""
        queue = reverse("admin:policies_policysubmission_review_queue")
        if policy.pk not in waiting:
            return queue
        place = waiting.index(policy.pk) + 1
        if place < len(waiting):
            return reverse("admin:policies_policysubmission_review", args=[waiting[place]])
        return f"{queue}?end"

    def _decide(self, request: Request, policy: PolicySubmission, form: DecisionForm) -> bool:
        """Whether it was decided upon; otherwise the form says why not."""
        if not form.is_valid():
            return False
        decision = request.POST.get("decision")
        version = form.cleaned_data["version"]
        try:
            if decision == "publish":
                publish_policy(policy=policy, by=request.viewer, version=version)
            elif decision == "return":
                return_policy(policy=policy, comment=form.whole_comment, by=request.viewer, version=version)
            else:
                raise ValidationError(_("Choose whether to publish or to return the submission."))
        except StaleRecord:
            form.add_error(None, changed_meanwhile(policy))
            form.look_again(policy)
            return False
        except ValidationError as error:
            refusal = error.update_error_dict({})
            refusal["comment"] = refusal.pop("review_comment", [])
            add_refusal(form, ValidationError({name: one for name, one in refusal.items() if one}))
            return False
        messages.success(request, done(policy, decision))
        return True


def done(policy: PolicySubmission, decision: str) -> str:
    """What was done, with the way back to the record."""
    record = format_html(
        '<a href="{}">{}</a>', reverse("admin:policies_policysubmission_change", args=[policy.pk]), policy
    )
    says = _("Published: {record}.") if decision == "publish" else _("Returned to its state: {record}.")
    return format_html(says, record=record)


def already_done(policy: PolicySubmission) -> str:
    """For the officer who comes second: who did what."""
    last = next(iter(history_of(policy)), None)
    return _(
        "%(ref)s is no longer waiting: it is “%(stage)s”. The last change was made by %(person)s on %(when)s."
        " Nothing was done now."
    ) % {
        "ref": policy.ref,
        "stage": policy.get_status_display(),
        "person": last.actor if last else "–",
        "when": day_and_time(last.at) if last else "–",
    }


def changed_meanwhile(policy: PolicySubmission) -> str:
    last = history_of(policy)[0]
    return _(
        "This submission was changed by %(person)s on %(when)s, after you opened it. Nothing was done. Look at it"
        " again as it stands now, below, and then decide."
    ) % {"person": last.actor, "when": day_and_time(last.at)}
