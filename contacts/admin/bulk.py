"""Steps for several records at once: first a page that shows exactly what would happen to each, then all or nothing.

The preview is no guess: each step is taken by its service inside a transaction that is then undone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cbmportal.history.changes import Difference, differing
from contacts.admin.steps import Step, Steps

#: More rows than an officer can look through are not changed at once.
MOST = 100
#: The number of a row, as a page of the desk sends it.
ROW = re.compile("[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """What a step would do to one record: the differences, or why it is refused."""

    record: Any
    differences: tuple[Difference, ...] = ()
    refusal: str = ""

    @property
    def mark(self) -> str:
        """Which record in which version the officer has seen."""
        return f"{self.record.pk}:{self.record.version}"


if TYPE_CHECKING:
    Base = Steps
else:
    Base = object


class Bulk(Base):
    #: Names of the steps that can be taken for several records at once.
    bulk: ClassVar[tuple[str, ...]] = ()

    def get_actions(self, request: Any) -> dict[str, Any]:
        viewer = request.viewer
        if IS_POPUP_VAR in request.GET or not (viewer.secretariat and viewer.may_write):
            return {}
        return {
            step.name: (self._action(step), step.name, step.label)
            for step in self.steps
            if step.name in self.bulk
        }

    def response_action(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not all(ROW.fullmatch(one) for one in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, *args, **kwargs)

    def _action(self, step: Step) -> Any:
        return lambda admin, request, rows: self.take_for_several(request, step, rows)

    def take_for_several(self, request: Any, step: Step, rows: Any) -> HttpResponse | None:
        records = list(rows.order_by("pk")[: MOST + 1])
        if len(records) > MOST:
            says = _("Choose at most %(most)d entries at once. Nothing was changed.")
            messages.error(request, says % {"most": MOST})
            return None
        asked = "ask" in request.POST or not step.form.base_fields
        form = step.form(request.POST if asked else None)
        if not asked or not form.is_valid():
            return self._page(request, step, form, [Outcome(one) for one in records], previewed=False)
        if "go" in request.POST:
            return self._take_all(request, step, form, records)
        return self._page(request, step, form, self._try(request, step, records, form.cleaned_data))

    def _take_all(self, request: Any, step: Step, form: forms.Form, records: list[Any]) -> HttpResponse:
        """Every row that was shown as possible, in the version that was shown; or none of them."""
        seen = set(request.POST.getlist("go"))
        chosen = [one for one in records if Outcome(one).mark in seen]
        refusal = ""
        try:
            with transaction.atomic():
                locked = self._locked(chosen)
                if {Outcome(one).mark for one in locked} != seen:
                    raise ValidationError(_("Some of these entries have changed since the preview."))
                for one in locked:
                    self._take_one(request, step, one, form.cleaned_data)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        if refusal:
            outcomes = self._try(request, step, records, form.cleaned_data)
            return self._page(request, step, form, outcomes, refusal=refusal)
        self._tell(request, step, len(chosen), len(request.POST.getlist("_selected_action")) - len(chosen))
        return redirect(request.get_full_path())

    def _locked(self, records: Iterable[Any]) -> list[Any]:
        rows = self.model._default_manager.filter(pk__in=[one.pk for one in records])
        return list(rows.select_for_update(of=("self",)).order_by("pk"))

    def _take_one(self, request: Any, step: Step, record: Any, typed: Mapping[str, Any]) -> None:
        step.act(record, dict(typed), request.viewer)

    def _try(
        self, request: Any, step: Step, records: Iterable[Any], typed: Mapping[str, Any]
    ) -> list[Outcome]:
        return [self._outcome(request, step, one, typed) for one in records]

    def _outcome(self, request: Any, step: Step, record: Any, typed: Mapping[str, Any]) -> Outcome:
        if not self.may_step(request, step, record):
            return Outcome(record, refusal=_("You may not do this with this entry."))
        fields = [field.name for field in self.model._meta.concrete_fields]
        try:
            with transaction.atomic():
                self._take_one(request, step, record, typed)
                after = self.model._default_manager.get(pk=record.pk)
                found = differing(record, after, fields, getattr(self, "words", {}))
                transaction.set_rollback(True)
        except ValidationError as error:
            return Outcome(record, refusal=" ".join(error.messages))
        if not found or not step.offered(record):
            return Outcome(record, refusal=_("Nothing would change."))
        return Outcome(record, found)

    def _page(
        self,
        request: Any,
        step: Step,
        form: forms.Form,
        outcomes: list[Outcome],
        *,
        previewed: bool = True,
        refusal: str = "",
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "form": form,
            "outcomes": outcomes,
            "possible": sum(not one.refusal for one in outcomes),
            "refused": sum(bool(one.refusal) for one in outcomes),
            "previewed": previewed,
            "refusal": refusal,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/bulk.html", context)

    def _tell(self, request: Any, step: Step, done: int, left: int) -> None:
        says = ngettext("%(step)s: done for one entry.", "%(step)s: done for %(count)d entries.", done) % {
            "step": step.label,
            "count": done,
        }
        if left > 0:
            says += " " + ngettext("One was left as it was.", "%(count)d were left as they were.", left) % {
                "count": left
            }
        messages.success(request, says)
