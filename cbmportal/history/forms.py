"""Forms that write one record through a service, and lose nothing that was typed."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.translation import gettext as _

from cbmportal.forms import RestoringForm
from cbmportal.history.changes import Words
from cbmportal.history.conflicts import MINE, STORED, Comparison, compare
from cbmportal.history.models import Record
from cbmportal.history.services import StaleRecord

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

AnyRecord = TypeVar("AnyRecord", bound=Record)


class VersionField(forms.IntegerField):
    """0, or nothing, stands for a record that was not there when the form was opened."""

    def __init__(self) -> None:
        super().__init__(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, required=False)


class RecordForm(RestoringForm, ModelForm):
    """Remembers which version was read; refusals of the service become errors beside the fields.

    If somebody else has changed the record meanwhile, the form comes back with what was typed laid over what
    is stored now. Where both have changed the same field, its writer chooses (`choose_<field>`).
    """

    version = VersionField()
    #: Only with choices to make: the version that was read before the other's change.
    base = VersionField()

    #: How the fields that only an app understands are said, for comparing what was typed with what is stored.
    words: Words = {}
    #: After a stale edit: what others have done meanwhile.
    comparison: Comparison | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"], self.fields["base"]
        else:
            self.fields["version"].initial = self.instance.version

    def as_shown(self, name: str, value: Any) -> Any:
        """A value of the record as its field shows it."""
        return value

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, by the names of the record's fields; not where the writer keeps what is stored."""
        kept = {name for name, choice in self.choices.items() if choice == STORED}
        own = {"version", "base"} | kept
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    @property
    def choices(self) -> dict[str, str]:
        asked = {name: self.data.get(f"choose_{name}") for name in self.fields}
        return {name: choice for name, choice in asked.items() if choice in (STORED, MINE)}

    @property
    def read_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def write(self, service: Callable[[], AnyRecord]) -> AnyRecord | None:
        """What the service has written, or None if it refused: then the form says why."""
        try:
            self._require_choices()
            return service()
        except StaleRecord as stale:
            # What the writer has left to the others is theirs to change again; every other choice is made anew.
            base = self.read_version
            self._lay_over(stale.current, base, self._compared(stale.current, base, self.typed, {}))
        except ValidationError as error:
            self.refuse(error)
        return None

    def refuse(self, error: ValidationError) -> None:
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)

    def read_again(self, record: Record) -> None:
        """From now on the form is about this version of the record."""
        typed: Any = copy(self.data)
        typed["version"] = str(record.version)
        self.data = typed

    def _require_choices(self) -> None:
        """A choice left open is asked for again, unless the record has moved on meanwhile anyway."""
        base: int | None = self.cleaned_data.get("base")
        if base is None:
            return
        current = type(self.instance)._default_manager.get(pk=self.instance.pk)
        if current.version != self.read_version:
            return
        comparison = self._compared(current, base, self.cleaned_data, self.choices)
        if comparison.undecided:
            self._lay_over(current, base, comparison)
            raise ValidationError(
                _("Choose, for each field that both of you have changed, which text is to stand.")
            )

    def _compared(
        self, current: Record, base: int, names: Iterable[str], choices: Mapping[str, str]
    ) -> Comparison:
        return compare(current, self.instance, names, version=base, words=self.words, choices=choices)

    def _lay_over(self, current: Record, base: int, comparison: Comparison) -> None:
        """Begin again from the record as it is now, with what was typed in the fields that its writer changed."""
        mine = {name: self.cleaned_data[name] for name in comparison.mine if name in self.cleaned_data}
        stored = model_to_dict(current, self.fields)
        self.comparison, self.instance = comparison, current
        self.is_bound, self.data, self._errors = False, QueryDict(), None
        self.fields.setdefault("version", VersionField())
        self.fields.setdefault("base", VersionField())
        self.initial = {name: self.as_shown(name, value) for name, value in {**stored, **mine}.items()}
        self.initial |= {"version": current.version, "base": base}
