"""Forms that write one record through a service, and lose nothing that was typed."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cbmportal.history.changes import Difference, Words, differing
from cbmportal.history.models import Record
from cbmportal.history.services import StaleRecord

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

AnyRecord = TypeVar("AnyRecord", bound=Record)


class RecordForm(ModelForm):
    """Remembers which version was read; refusals of the service become errors beside the fields."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    #: How the fields that only an app understands are said, for comparing what was typed with what is stored.
    words: Words = {}
    #: After a stale edit: what is stored now (`before`) beside what was typed (`after`).
    conflicts: tuple[Difference, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.fields["version"].initial = self.instance.version

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, by the names of the record's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def read_version(self) -> int | None:
        return self.cleaned_data.get("version")

    def write(self, service: Callable[[], AnyRecord]) -> AnyRecord | None:
        """What the service has written, or None if it refused: then the form says why."""
        try:
            return service()
        except StaleRecord as stale:
            self._show_conflict(stale)
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

    def _show_conflict(self, stale: StaleRecord) -> None:
        self.conflicts = differing(stale.current, self.instance, self.typed, self.words)
        self.read_again(stale.current)
        self.add_error(
            None,
            _(
                "This entry was changed by someone else while you were editing it. Nothing was saved. Compare what"
                " is stored now with what you typed, correct your text where needed, and save again."
            ),
        )
