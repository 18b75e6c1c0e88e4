"""Forms of nominations, replacements and removals."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.forms import TelephoneField, telephone_in_words
from cbmportal.history.changes import Words
from contacts.access import Viewer
from contacts.forms import StateRecordForm
from contacts.models import ActKind, FormalAct, Institution, PointOfContact, State
from contacts.scans import SCAN_HELP

ACT_WORDS: Words = {"phone": telephone_in_words}
DATE = {"type": "date"}
OF_THE_NOTE = ("issuer", "note_language", "note_place", "note_date", "note_reference")


def languages_of(state: State) -> list[str]:
    """The portal's languages that are official in the state."""
    return [code for code in state.official_languages if code in ("en", "es", "pt", "fr")]


class ActForm(StateRecordForm):
    """What the note says. Which fields there are follows from the kind of act."""

    words = ACT_WORDS

    phone = TelephoneField(label=capfirst(_("telephone")))
    note_date = forms.DateField(
        label=capfirst(_("date of the note verbale")),
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text=_("As soon as it is known; at the latest when the signed note is attached."),
    )
    sure = forms.BooleanField(label=_("I have read this, and our state removes the contact all the same."))

    class Meta:
        model = FormalAct
        fields = ("category", *FormalAct.NOMINEE, "stated_reason", *OF_THE_NOTE)
        help_texts = {
            "full_name": _("As it is to stand in the note and in the directory."),
            "institution": _("If it is not in the list, add it first on the page of your state."),
            "stated_reason": _("A note need not give one. If you do, the note and the directory say it."),
            "note_reference": _(
                "The number that your ministry or mission gives the note, if it is known yet."
            ),
        }

    def __init__(self, *args: Any, viewer: Viewer, last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act: FormalAct = self.instance
        for name in self._left_out(act, last):
            del self.fields[name]
        for name in {"full_name", "position", "email", "institution"} & set(self.fields):
            self.fields[name].required = True
        if "institution" in self.fields:
            own = Institution.objects.visible_to(viewer).filter(state=act.state_id)
            self.fields["institution"].queryset = own  # type: ignore[attr-defined]

    def _left_out(self, act: FormalAct, last: bool) -> set[str]:
        """Whoever replaces another does so in the same category."""
        others = set(FormalAct.NOMINEE) if act.kind == ActKind.REMOVAL else {"stated_reason"}
        return {
            *others,
            *(() if act.kind == ActKind.NOMINATION else ("category",)),
            *(() if last else ("sure",)),
        }

    @property
    def typed(self) -> dict[str, Any]:
        return {name: value for name, value in super().typed.items() if name != "sure"}


def begun(state: State, kind: ActKind, outgoing: PointOfContact | None) -> FormalAct:
    """What a new draft begins with."""
    act = FormalAct(state=state, kind=kind, outgoing=outgoing, note_place=state.capital)
    act.note_language = next(iter(languages_of(state)), "en")
    if outgoing is not None:
        act.category = outgoing.category
    if outgoing is not None and kind == ActKind.REPLACEMENT:
        act.institution = outgoing.institution
    return act


class NoteTextForm(StateRecordForm):
    """The text in the state's own words; as long as it is the portal's, nothing of it is kept."""

    class Meta:
        model = FormalAct
        fields = ("note_text",)
        widgets = {"note_text": forms.Textarea(attrs={"rows": 24})}

    def __init__(self, *args: Any, written: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written = written
        self.initial["note_text"] = self.initial["note_text"] or written

    @property
    def typed(self) -> dict[str, Any]:
        text = super().typed["note_text"].strip()
        anew = "anew" in self.data or text == self.written.strip()
        return {"note_text": "" if anew else text}


class SignedNoteForm(forms.Form):
    scan = forms.FileField(
        label=_("Signed note"),
        help_text=SCAN_HELP,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    note_reference = forms.CharField(
        label=capfirst(_("reference of the note verbale")),
        max_length=100,
        validators=[validate_plain_text, validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note_date = forms.DateField(
        label=capfirst(_("date of the note verbale")),
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, act: FormalAct, **kwargs: Any) -> None:
        initial = {
            "note_reference": act.note_reference,
            "note_date": act.note_date or timezone.localdate(),
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
