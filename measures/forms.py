"""The form in which a state reports what it has done under a measure, and the day that figures are asked for."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.forms import DATE_HINT, LinesField
from cbmportal.history.forms import RecordForm
from contacts.access import Viewer
from contacts.models import State
from measures.models import Activity, Evidence, Measure

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Measure]
else:
    ModelChoiceField = forms.ModelChoiceField


class MeasureChoice(ModelChoiceField):
    def label_from_instance(self, measure: Any) -> str:
        return f"{measure}: {measure.text.short}" if measure.text else str(measure)


class ActivityForm(RecordForm):
    measure = MeasureChoice(label=capfirst(_("measure")), queryset=Measure.objects.none())
    partners = LinesField(label=capfirst(_("partners")), longest=300, help_text=_("One on each line."))

    class Meta:
        model = Activity
        fields = Activity.CONTENT
        help_texts = {
            "date": DATE_HINT,
            "end_date": DATE_HINT,
            "place": _("Not needed for an activity held online."),
        }

    def __init__(self, *args: Any, state: State, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.state = state
            self.initial["language"] = state.official_languages[0] if state.official_languages else ""
        measures = Measure.objects.visible_to(viewer).filter(evidence=Evidence.ACTIVITIES)
        self.fields["measure"].queryset = measures.prefetch_related("texts")  # type: ignore[attr-defined]


class AsOfForm(forms.Form):
    """Give it `today`, the last day that can be asked for."""

    as_of = forms.DateField(
        label=_("As recorded by the end of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": _("“as_of” must be a day that exists, written as year-month-day, such as 2026-06-30.")
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def clean_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        if day and day > self.today:
            raise forms.ValidationError(
                _("“as_of” is a day in the future; figures exist up to today."), code="future"
            )
        return day
