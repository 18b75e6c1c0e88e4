"""Forms of a submission, after the Secretariat's template."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import validate_plain_text
from cbmportal.forms import DATE_HINT, LinesField
from cbmportal.history.forms import RecordForm
from contacts.access import Viewer
from contacts.models import State
from policies.models import PolicySubmission, PolicyTranslation


def say_language(form: RecordForm, language: str) -> None:
    """What is typed is read aloud, and checked for its spelling, in the language of the document."""
    for name in ("title", "description", "responsible_institutions", "citation"):
        if name in form.fields and language:
            form.fields[name].widget.attrs["lang"] = language


class SuccessorSelect(forms.Select):
    """Each document is called in its own language."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if document := getattr(value, "instance", None):
            option["attrs"]["lang"] = document.language
        return option


class PolicyForm(RecordForm):
    responsible_institutions = LinesField(
        label=capfirst(_("responsible institutions")), longest=300, help_text=_("One on each line.")
    )

    class Meta:
        model = PolicySubmission
        fields = PolicySubmission.CONTENT
        widgets = {"citation": forms.Textarea(attrs={"rows": 3}), "superseded_by": SuccessorSelect()}
        help_texts = {
            "title": _("In the original language, as it is officially called."),
            "description": _("What the document is about, in a few sentences."),
            "date": DATE_HINT,
            "in_force_from": DATE_HINT,
            "citation": _(
                "Where there is no link: how the document is cited, for example in the official gazette."
            ),
            "superseded_by": _("Only for a superseded or repealed document: the one that took its place."),
        }

    def __init__(self, *args: Any, state: State, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.state = state
            self.initial["language"] = self.initial.get("language") or next(
                iter(state.official_languages), ""
            )
        successors = (
            PolicySubmission.objects.visible_to(viewer).filter(state=state).exclude(pk=self.instance.pk)
        )
        self.fields["superseded_by"].queryset = successors  # type: ignore[attr-defined]
        say_language(self, self.initial.get("language") or self.instance.language)


class TranslationForm(RecordForm):
    class Meta:
        model = PolicyTranslation
        fields = ("title", "description", "standing")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Copy of the document"),
        max_length=200,
        validators=[FileExtensionValidator(["pdf"])],
        help_text=_("A PDF of at most 20 MB. A new copy becomes a new version; earlier ones are kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        validate_plain_text(upload.name or "")
        return upload
