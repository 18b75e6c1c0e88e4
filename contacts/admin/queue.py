"""A queue: one record after another, each with all that the decision needs, and no way back to the list between."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.dates import day_and_time
from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.forms import ProseField, add_refusal
from cbmportal.history.changes import history_of
from cbmportal.history.services import StaleRecord
from contacts.access import Viewer
from contacts.admin.steps import Steps
from contacts.models import State

Request = Any


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

    #: What is often missing, by name; a comment is written in the language of the state.
    said_often: ClassVar[Mapping[str, Any]] = {}

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

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language_of(record.state)
        with speaking(self.language):
            choices = [(name, str(says)) for name, says in self.said_often.items()]
        self.fields["points"].choices = choices  # type: ignore[attr-defined]
        self.said = dict(choices)
        self.fields["version"].initial = record.version

    def look_again(self, record: Any) -> None:
        """From now on the decision is about this version."""
        typed: Any = copy(self.data)
        typed["version"] = str(record.version)
        self.data = typed

    @property
    def whole_comment(self) -> str:
        typed = self.cleaned_data
        points = [self.said[name] for name in self.said_often if name in typed["points"]]
        return "\n".join(filter(None, (*points, typed["comment"].strip())))


class Queue(Steps):
    """Gives a model's admin the pages of its queue. What is decided, and how it is shown, each admin says itself."""

    queue_title: ClassVar[Any]
    queue_template: ClassVar[str]
    #: What is said once nothing waits.
    queue_empty: ClassVar[Any]
    decision_form: ClassVar[type[DecisionForm]]
    #: What was done, by decision; `{record}` leads back to it.
    decided: ClassVar[Mapping[str, Any]]

    def waiting(self, request: Request) -> list[int]:
        """The keys of what waits, the first to come first."""
        raise NotImplementedError

    def decide(self, record: Any, decision: str, form: Any, by: Viewer) -> object:
        """Call the service that `decision` names; None if it names none."""
        raise NotImplementedError

    def may_decide(self, request: Request, record: Any) -> bool:
        return self.has_change_permission(request, record)

    def queue_context(self, request: Request, record: Any) -> dict[str, Any]:
        """What the template shows of the record."""
        raise NotImplementedError

    @property
    def _review(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_review"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("review/", view(self.queue_view), name=f"{self._review}_queue"),
            path("review/<int:pk>/", view(self.review_view), name=self._review),
            *super().get_urls(),
        ]

    def queue_view(self, request: Request) -> HttpResponse:
        """Leads to the first record; with none, says so. `end` comes from the end of the queue."""
        waiting = self.waiting(request)
        if waiting and "end" not in request.GET:
            return redirect(f"admin:{self._review}", waiting[0])
        context = self._context(request) | {
            "count": len(waiting),
            "empty": self.queue_empty,
            "queue": reverse(f"admin:{self._review}_queue"),
        }
        return TemplateResponse(request, "admin/review_end.html", context)

    def review_view(self, request: Request, pk: int) -> HttpResponse:
        record = self.get_queryset(request).select_related("state").filter(pk=pk).first()
        if record is None:
            raise Http404
        if not self.may_decide(request, record):
            raise PermissionDenied
        waiting = self.waiting(request)
        following = self._following(waiting, pk)
        if pk not in waiting:
            messages.warning(request, already_done(record))
            return redirect(following)
        form = self.decision_form(request.POST or None, record=record)
        if request.method == "POST" and self._decide(request, record, form):
            return redirect(following)
        context = self._context(request) | {
            "form": form,
            "media": self.media + form.media,
            "place": waiting.index(pk) + 1,
            "count": len(waiting),
            "following": following,
            **self.queue_context(request, record),
        }
        return TemplateResponse(request, self.queue_template, context)

    def _context(self, request: Request) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": self.queue_title, "opts": self.opts}

    def _following(self, waiting: list[int], pk: int) -> str:
        """The address of what comes after this record, wherever it stands or stood in the queue."""
        queue = reverse(f"admin:{self._review}_queue")
        if pk not in waiting:
            return queue
        place = waiting.index(pk) + 1
        if place < len(waiting):
            return reverse(f"admin:{self._review}", args=[waiting[place]])
        return f"{queue}?end"

    def _decide(self, request: Request, record: Any, form: DecisionForm) -> bool:
        """Whether it was decided upon; otherwise the form says why not."""
        if not form.is_valid():
            return False
        decision = request.POST.get("decision", "")
        try:
            if decision not in self.decided:
                raise ValidationError(_("Choose one of the decisions."))
            self.decide(record, decision, form, request.viewer)
        except StaleRecord as stale:
            form.add_error(None, changed_meanwhile(stale.current))
            form.look_again(stale.current)
            return False
        except ValidationError as error:
            add_refusal(form, at_the_comment(error))
            return False
        messages.success(request, self._done(record, decision))
        return True

    def _done(self, record: Any, decision: str) -> str:
        """What was done, with the way back to the record."""
        place = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return format_html(self.decided[decision], record=format_html('<a href="{}">{}</a>', place, record))


def at_the_comment(error: ValidationError) -> ValidationError:
    """What a service says of a record's comment, said at the form's."""
    names = {"review_comment": "comment"}
    return ValidationError(
        {names.get(name, name): said for name, said in error.update_error_dict({}).items()}
    )


def already_done(record: Any) -> str:
    """For the officer who comes second: who did what."""
    last = next(iter(history_of(record)), None)
    return _(
        "%(ref)s is no longer waiting: it is “%(stage)s”. The last change was made by %(person)s on %(when)s."
        " Nothing was done now."
    ) % {
        "ref": getattr(record, "ref", record),
        "stage": record.stage_in_words,
        "person": last.actor if last else "–",
        "when": day_and_time(last.at) if last else "–",
    }


def changed_meanwhile(record: Any) -> str:
    last = history_of(record)[0]
    return _(
        "This submission was changed by %(person)s on %(when)s, after you opened it. Nothing was done. Look at it"
        " again as it stands now, below, and then decide."
    ) % {"person": last.actor, "when": day_and_time(last.at)}
