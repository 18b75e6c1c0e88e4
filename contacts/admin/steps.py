"""Steps: what can be done with one record beyond changing its fields, each on a page that asks what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.forms import ProseField, add_refusal
from contacts.access import Viewer
from contacts.services import discard

NO_LONGER = _("This step is not possible for the entry as it stands now. Nothing was changed.")


class PlainStep(forms.Form):
    """Nothing to say: only to confirm."""


class ReasonStep(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[validate_plain_text, validate_one_line],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("The history keeps it, and the state may read it."),
    )


class CommentStep(forms.Form):
    comment = ProseField(
        label=_("Comment"),
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("The state reads this comment."),
    )


@dataclass(frozen=True)
class Step:
    """`act(record, typed, by)` calls the service; `offered(record)` says whether there is a button for it."""

    name: str
    label: Any
    done: Any
    act: Callable[[Any, dict[str, Any], Viewer], object]
    form: type[forms.Form] = ReasonStep
    explanation: Any = ""
    offered: Callable[[Any], bool] = lambda record: True
    #: What the form begins with.
    initial: Callable[[Any], dict[str, Any]] = lambda record: {}
    #: Whether the record is gone afterwards.
    takes_away: bool = False
    #: Which person may, beyond being an officer who may write.
    allowed: Callable[[Viewer, Any], bool] = lambda viewer, record: True


DISCARD = Step(
    "discard",
    _("Take back"),
    _("The entry was taken back. Its history is kept."),
    lambda record, typed, by: discard(record, by=by, reason=typed["reason"]),
    explanation=_("The entry disappears from the portal; its history is kept."),
    takes_away=True,
)


if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


class Steps(Base):
    """Gives a model's admin the pages of its steps, and the buttons that lead to them."""

    steps: ClassVar[tuple[Step, ...]] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def may_step(self, request: Any, step: Step, record: Any) -> bool:
        viewer: Viewer = request.viewer
        return viewer.secretariat and viewer.may_write and step.allowed(viewer, record)

    def steps_offered(self, request: Any, record: Any) -> list[tuple[Any, str]]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return [
            (step.label, reverse(name, args=[quote(record.pk), step.name]))
            for step in self.steps
            if step.offered(record) and self.may_step(request, step, record)
        ]

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        taken = next((one for one in self.steps if one.name == step), None)
        record = self.get_object(request, unquote(object_id))
        if taken is None or record is None:
            raise Http404
        if not self.may_step(request, taken, record):
            raise PermissionDenied
        posted = request.method == "POST"
        if not posted and not taken.offered(record):
            messages.warning(request, NO_LONGER)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", quote(record.pk))
        form = taken.form(
            request.POST if posted else None, request.FILES if posted else None, initial=taken.initial(record)
        )
        if posted and self._take(request, taken, record, form):
            messages.success(request, taken.done)
            return self._after(taken, record)
        context = {
            **self.admin_site.each_context(request),
            "title": taken.label,
            "subtitle": str(record),
            "form": form,
            "step": taken,
            "object": record,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/step.html", context)

    def _take(self, request: Any, step: Step, record: Any, form: forms.Form) -> bool:
        """Whether the step was taken; otherwise the form says why not."""
        if not form.is_valid():
            return False
        try:
            with transaction.atomic():
                if not step.offered(record):
                    raise ValidationError(NO_LONGER)
                step.act(record, form.cleaned_data, request.viewer)
        except ValidationError as error:
            add_refusal(form, error)
            return False
        return True

    def _after(self, step: Step, record: Any) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if step.takes_away:
            return redirect(f"{name}_changelist")
        return redirect(f"{name}_change", quote(record.pk))
