"""Nomination, replacement and removal: formal acts of a state, from the first draft to the Secretariat's answer."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.history.models import Record, tracked
from contacts.models.contacts import PointOfContact
from contacts.models.states import Institution, State
from contacts.models.words import ActKind, ActStage, Category, NoteIssuer
from contacts.querysets import FormalActQuerySet, SignedNoteQuerySet

#: The ways that an act may go; a trigger lets it go no other.
STEPS = {
    ActStage.DRAFT: (ActStage.NOTE_ATTACHED, ActStage.WITHDRAWN),
    ActStage.NOTE_ATTACHED: (ActStage.DRAFT, ActStage.SUBMITTED, ActStage.WITHDRAWN),
    ActStage.SUBMITTED: (ActStage.ACCEPTED, ActStage.RETURNED, ActStage.WITHDRAWN),
    ActStage.RETURNED: (ActStage.DRAFT, ActStage.NOTE_ATTACHED, ActStage.WITHDRAWN),
    ActStage.ACCEPTED: (),
    ActStage.WITHDRAWN: (),
}
#: While its state still works on it, and while it has no answer yet.
EDITABLE = (ActStage.DRAFT, ActStage.NOTE_ATTACHED, ActStage.RETURNED)
OPEN = (*EDITABLE, ActStage.SUBMITTED)
WITH_A_NOTE = (ActStage.NOTE_ATTACHED, ActStage.SUBMITTED, ActStage.ACCEPTED)
LANGUAGES = [(one.value, one.label) for one in fields.PORTAL_LANGUAGES]

_ALLOWED = " OR ".join(
    f"(OLD.stage = '{before.value}' AND NEW.stage IN ({', '.join(repr(one.value) for one in after)}))"
    for before, after in STEPS.items()
    if after
)
_STEP = f"""
IF TG_OP = 'INSERT' THEN
    IF NEW.stage <> 'draft' THEN RAISE EXCEPTION 'a formal act begins as a draft'; END IF;
ELSIF OLD.stage <> NEW.stage AND NOT ({_ALLOWED}) THEN
    RAISE EXCEPTION 'a formal act does not go from % to %', OLD.stage, NEW.stage;
END IF;
RETURN NEW;
"""


@tracked
class FormalAct(Record):
    """What a state does by note verbale: nominate a point of contact, replace one by another, or remove one.

    An outgoing contact stays in office until the Secretariat has accepted the act.
    """

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="acts", verbose_name=_("state"))
    kind = models.CharField(_("formal act"), max_length=11, choices=ActKind.choices)
    stage = models.CharField(_("stage"), max_length=13, choices=ActStage.choices, default=ActStage.DRAFT)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)

    # Of a nomination or a replacement: the official who is to come.
    full_name = fields.LineField(_("full name"), max_length=200, blank=True)
    position = fields.LineField(_("official position"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("institution"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = fields.TelephoneField(_("telephone"), blank=True)

    # Of a replacement or a removal: the contact who is to go.
    outgoing = models.ForeignKey(
        PointOfContact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name=_("outgoing point of contact"),
    )
    stated_reason = fields.LineField(_("reason, if the note gives one"), max_length=500, blank=True)

    # The note verbale.
    issuer = models.CharField(
        _("who writes the note"),
        max_length=17,
        choices=NoteIssuer.choices,
        default=NoteIssuer.FOREIGN_MINISTRY,
    )
    note_language = models.CharField(
        _("language of the note"), max_length=2, choices=LANGUAGES, default=fields.Language.EN
    )
    note_reference = fields.LineField(_("reference of the note verbale"), max_length=100, blank=True)
    note_place = fields.LineField(_("place"), max_length=100, blank=True)
    note_date = models.DateField(_("date of the note verbale"), null=True, blank=True)
    note_text = fields.ProseField(_("text of the note, as your state words it"), blank=True, max_length=6000)
    note = models.ForeignKey(
        "contacts.SignedNote",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed note"),
    )

    # What became of it.
    on_behalf = models.BooleanField(_("submitted by the Secretariat on the state's behalf"), default=False)
    received_how = fields.LineField(_("how the note was received"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    comment = fields.ProseField(_("comment of the Secretariat"), blank=True, max_length=2000)
    contact = models.OneToOneField(
        PointOfContact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="act",
        verbose_name=_("incoming point of contact"),
    )

    purged_at = models.DateTimeField(_("personal data deleted on"), null=True, blank=True, editable=False)

    objects = FormalActQuerySet.as_manager()

    PURGED = fields.Purged(
        dashed=("full_name", "position", "email", "received_how"),
        cleared=dict.fromkeys(("phone", "stated_reason", "note_text", "comment"), ""),
    )

    #: The official who is to come, and what else the note says: with a change of it a signed note is void.
    NOMINEE = ("full_name", "position", "institution", "email", "phone")
    IN_THE_NOTE = (
        *("category", *NOMINEE, "stated_reason"),
        *("issuer", "note_language", "note_reference", "note_place", "note_date", "note_text"),
    )

    class Meta(Record.Meta):
        verbose_name = _("nomination or removal")
        verbose_name_plural = _("nominations and removals")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.Trigger(
                name="step",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_STEP,
            ),
            pgtrigger.Protect(
                name="stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stage__in=[ActStage.ACCEPTED, ActStage.WITHDRAWN]),
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]
        indexes = [models.Index(fields=["state", "-created_at"], name="contacts_acts_of_a_state")]
        constraints = [
            fields.one_of("kind", ActKind),
            fields.one_of("stage", ActStage),
            fields.one_of("category", Category),
            fields.one_of("issuer", NoteIssuer),
            fields.matches("note_language", "^(en|es|pt|fr)$", blank=False),
            fields.matches("phone", fields.TELEPHONE),
            models.CheckConstraint(
                condition=Q(kind=ActKind.NOMINATION, outgoing__isnull=True)
                | Q(kind__in=[ActKind.REPLACEMENT, ActKind.REMOVAL], outgoing__isnull=False),
                name="contacts_formalact_names_whom_it_ends",
                violation_error_message=_(
                    "A replacement or a removal names the outgoing contact, a nomination none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=ActKind.REMOVAL, full_name="", position="", email="", phone="")
                & Q(institution__isnull=True)
                | Q(kind__in=[ActKind.NOMINATION, ActKind.REPLACEMENT], institution__isnull=False)
                & ~Q(full_name="")
                & ~Q(position="")
                & ~Q(email=""),
                name="contacts_formalact_names_whom_it_brings",
                violation_error_message=_("Give name, position, institution and e-mail of the official."),
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=WITH_A_NOTE)
                | Q(note__isnull=False, note_date__isnull=False) & ~Q(note_reference=""),
                name="contacts_formalact_goes_on_with_a_signed_note",
                violation_error_message=_("Attach the signed note, with its reference and its date."),
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[ActStage.SUBMITTED, ActStage.ACCEPTED, ActStage.RETURNED])
                | Q(submitted_at__isnull=False),
                name="contacts_formalact_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[ActStage.ACCEPTED, ActStage.RETURNED]) | Q(decided_at__isnull=False),
                name="contacts_formalact_was_decided",
            ),
            models.CheckConstraint(
                condition=~Q(stage=ActStage.RETURNED) | ~Q(comment=""),
                name="contacts_formalact_is_returned_with_a_comment",
                violation_error_message=_("Say what the state should complete."),
            ),
            models.CheckConstraint(
                condition=Q(stage=ActStage.ACCEPTED, kind__in=[ActKind.NOMINATION, ActKind.REPLACEMENT])
                & Q(contact__isnull=False)
                | Q(stage=ActStage.ACCEPTED, kind=ActKind.REMOVAL, contact__isnull=True)
                | ~Q(stage=ActStage.ACCEPTED) & Q(contact__isnull=True),
                name="contacts_formalact_brings_a_contact_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False, received_how="") | Q(on_behalf=True) & ~Q(received_how=""),
                name="contacts_formalact_on_behalf_says_how_it_came",
                violation_error_message=_("Say how the note was received."),
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(stage__in=[ActStage.ACCEPTED, ActStage.WITHDRAWN]),
                name="contacts_formalact_is_purged_when_closed",
            ),
            models.UniqueConstraint(
                fields=["outgoing"],
                condition=Q(stage__in=OPEN),
                name="contacts_formalact_one_at_a_time",
                violation_error_message=_(
                    "Another replacement or removal of this contact is under way. Finish or withdraw it first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or str(self.outgoing or "")

    def clean(self) -> None:
        if self.institution and self.institution.state_id != self.state_id:
            raise ValidationError({"institution": translated("This institution belongs to another state.")})
        if self.outgoing and self.outgoing.state_id != self.state_id:
            raise ValidationError({"outgoing": translated("This contact is of another state.")})
        if self.outgoing and self.outgoing.category != self.category:
            raise ValidationError({"category": translated("A contact is replaced in its own category.")})
        if self.note_date and self.note_date > timezone.localdate():
            raise ValidationError({"note_date": translated("A signed note is not dated in the future.")})

    def get_absolute_url(self) -> str:
        return reverse("my_act", args=[self.state.iso3, self.uuid])

    @property
    def stage_in_words(self) -> str:
        return str(self.get_stage_display())

    @property
    def measure(self) -> int:
        """Which measure asks for such a contact."""
        return Category(self.category).measure

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def is_editable(self) -> bool:
        return self.stage in EDITABLE


class SignedNote(Record):
    """A signed note as it was handed in, kept beside its act: with it in one transaction, one backup, one purge.

    A new scan is a new row; none is overwritten. `content` is gone once the act's personal data is purged.
    """

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", verbose_name=_("state"))
    act = models.ForeignKey(
        FormalAct, on_delete=models.PROTECT, related_name="signed_notes", verbose_name=_("formal act")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = fields.LineField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("kind of file"), max_length=20)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"), null=True)

    objects = SignedNoteQuerySet.as_manager()

    PURGED = fields.Purged(dashed=("name",))
    #: What is accepted, and how such a file is called when it is downloaded.
    ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}

    class Meta(Record.Meta):
        verbose_name = _("signed note")
        verbose_name_plural = _("signed notes")
        ordering = ["act", "-number"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            fields.matches("sha256", "^[0-9a-f]{64}$", blank=False),
            fields.matches("media_type", "^(application/pdf|image/jpeg|image/png)$", blank=False),
            models.CheckConstraint(condition=Q(number__gte=1), name="contacts_signednote_begins_at_one"),
            models.UniqueConstraint(fields=["act", "number"], name="contacts_signednote_versions_are_kept"),
        ]

    def __str__(self) -> str:
        return self.name


tracked(SignedNote, leave_out=("content",))
