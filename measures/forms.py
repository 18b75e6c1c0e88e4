"""The form in which a state reports what it has done under a measure."""

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
