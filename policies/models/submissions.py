import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.addresses import address
from cbmportal.history.models import Record, tracked
from cbmportal.history.querysets import RecordQuerySet
from cbmportal.language import reader_language
from contacts.models import State
from policies.models.words import (
    DateKind,
    DocumentKind,
    LegalStatus,
    Provenance,
    ReviewStatus,
    SourceGrade,
    Standing,
)
from policies.querysets import PolicyFileQuerySet, PolicySubmissionQuerySet, PolicyTranslationQuerySet

REF = r"^[A-Z]{3}-[0-9]{4}-[0-9]{3,}$"

#: What lists are narrowed and ordered by, and by which it is told who may see a document.
LISTED = ("id", "state", "status", "kind", "language", "legal_status", "published_at", "date", "ref")


def listing(*order: str, name: str) -> models.Index:
    """An index that alone answers which documents a list holds, however else it is narrowed."""
    carried = [field for field in LISTED if field not in order and f"-{field}" not in order]
    return models.Index(fields=order, include=carried, name=name)


@tracked
class PolicySubmission(Record):
    """A policy, strategy or law that a state shares under measure 1, in the language it was written in."""

    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="policies", verbose_name=_("state")
    )
    ref = models.CharField(_("record number"), max_length=20, unique=True, editable=False)
    title = fields.LineField(_("title"), max_length=500)
    language = models.CharField(_("original language"), max_length=2, choices=fields.Language.choices)
    description = fields.ProseField(_("brief description"), blank=True, max_length=5000)
    kind = models.CharField(_("kind of document"), max_length=20, choices=DocumentKind.choices)
    official_number = fields.LineField(_("official number"), max_length=100, blank=True)
    responsible_institutions = fields.CodesField(
        base_field=fields.LineField(max_length=300), verbose_name=_("responsible institutions"), blank=True
    )
    date = fields.PartialDateField(_("date"), blank=True)
    date_kind = models.CharField(
        _("what the date is of"), max_length=20, choices=DateKind.choices, blank=True
    )
    in_force_from = fields.PartialDateField(_("entry into force"), blank=True)
    legal_status = models.CharField(
        _("legal status"), max_length=10, choices=LegalStatus.choices, default=LegalStatus.UNKNOWN
    )
    legal_status_inferred = models.BooleanField(
        _("legal status inferred, not checked against a register"), default=False
    )
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    link = fields.LinkField(_("link"), max_length=1000, blank=True)
    citation = fields.ProseField(_("citation"), blank=True, max_length=2000)

    provenance = models.CharField(
        _("provenance"),
        max_length=10,
        choices=Provenance.choices,
        default=Provenance.SUBMITTED,
        editable=False,
    )
    received_how = fields.LineField(_("how it was received"), max_length=500, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    source_grade = models.CharField(
        _("grade of the source"), max_length=10, choices=SourceGrade.choices, blank=True
    )
    notes = fields.ProseField(_("notes of the Secretariat"), blank=True, max_length=2000)
    #: The key of a compiled record in the reference data, by which loading finds it again.
    source_key = models.CharField(max_length=20, null=True, blank=True, unique=True, editable=False)

    status = models.CharField(
        _("stage"), max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.DRAFT, editable=False
    )
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
    review_comment = fields.ProseField(
        _("comment of the Secretariat"), blank=True, max_length=2000, editable=False
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True, editable=False)

    objects = PolicySubmissionQuerySet.as_manager()

    #: What the state's delegates write.
    CONTENT = (
        *("title", "language", "description", "kind", "official_number", "responsible_institutions"),
        *("date", "date_kind", "in_force_from", "legal_status", "superseded_by", "link", "citation"),
    )

    class Meta(Record.Meta):
        verbose_name = _("policy submission")
        verbose_name_plural = _("policy submissions")
        ordering = ["-date", "ref"]
        default_permissions = ()
        indexes = [
            listing("-date", "ref", name="policies_by_date"),
            listing("state", "-date", "ref", name="policies_of_a_state"),
            listing("kind", "-date", "ref", name="policies_of_a_kind"),
            listing("language", "-date", "ref", name="policies_in_a_language"),
            listing("legal_status", "-date", "ref", name="policies_of_a_legal_status"),
            listing("published_at", name="policies_by_publication"),
        ]
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.ReadOnly(name="keep_ref", fields=["ref", "state"]),
        ]
        constraints = [
            fields.not_blank("title"),
            fields.matches("ref", REF, blank=False),
            fields.one_of("language", fields.Language),
            fields.one_of("kind", DocumentKind),
            fields.one_of("legal_status", LegalStatus),
            fields.one_of("provenance", Provenance),
            fields.one_of("status", ReviewStatus),
            fields.matches("date", fields.PARTIAL_DATE),
            fields.matches("in_force_from", fields.PARTIAL_DATE),
            models.CheckConstraint(
                condition=Q(date="", date_kind="") | ~Q(date="") & Q(date_kind__in=DateKind.values),
                name="policies_policysubmission_date_has_a_kind",
                violation_error_message=_("Say what the date is of, or leave both empty."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "returned", "withdrawn"]) | ~Q(link="") | ~Q(citation=""),
                name="policies_policysubmission_has_link_or_citation",
                violation_error_message=_("Where there is no link, a citation is required."),
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True)
                | Q(legal_status__in=["superseded", "repealed"]) & ~Q(superseded_by=F("id")),
                name="policies_policysubmission_successor_fits_status",
                violation_error_message=_(
                    "Only a superseded or repealed document has a successor, and never itself."
                ),
            ),
            models.CheckConstraint(
                condition=Q(provenance="received", received_on__isnull=False) & ~Q(received_how="")
                | ~Q(provenance="received") & Q(received_how="", received_on__isnull=True),
                name="policies_policysubmission_says_how_received",
                violation_error_message=_("Say how and when the document was received from the state."),
            ),
            models.CheckConstraint(
                condition=Q(provenance="compiled", status="compiled", source_grade__in=SourceGrade.values)
                | ~Q(provenance="compiled") & ~Q(status="compiled"),
                name="policies_policysubmission_compiled_awaits_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "published", "returned"])
                | Q(submitted_at__isnull=False),
                name="policies_policysubmission_submitted_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="policies_policysubmission_published_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(review_comment=""),
                name="policies_policysubmission_returned_with_a_comment",
                violation_error_message=_("Say what the state should complete."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def clean(self) -> None:
        if self.superseded_by_id and self.superseded_by and self.superseded_by.state_id != self.state_id:
            raise ValidationError({"superseded_by": _("The successor must be a document of the same state.")})

    def get_absolute_url(self) -> str:
        return address("policy", self.ref, "AAA-0000-000")

    @property
    def counts(self) -> bool:
        """Whether it is evidence for measure 1: the twin of `PolicySubmissionQuerySet.counting`."""
        own = (Provenance.SUBMITTED, Provenance.RECEIVED)
        return self.status == ReviewStatus.PUBLISHED and self.provenance in own

    @property
    def stage_in_words(self) -> str:
        return str(self.get_status_display())

    @property
    def year(self) -> int | None:
        return int(self.date[:4]) if self.date else None

    @property
    def in_reader_language(self) -> "PolicyTranslation | None":
        """The translation for the reader, if the original is in another language; needs prefetched translations."""
        language = reader_language()
        if language == self.language:
            return None
        return next((text for text in self.translations.all() if text.language == language), None)


@tracked
class PolicyTranslation(Record):
    """Title and description of a document in another language, official or marked as a courtesy."""

    policy = models.ForeignKey(
        PolicySubmission,
        on_delete=models.PROTECT,
        related_name="translations",
        verbose_name=_("policy submission"),
    )
    language = models.CharField(_("language"), max_length=2, choices=fields.Language.choices)
    title = fields.LineField(_("title"), max_length=500)
    description = fields.ProseField(_("brief description"), blank=True, max_length=5000)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, default=Standing.COURTESY
    )

    objects = PolicyTranslationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["policy", "language"]
        default_permissions = ()
        constraints = [
            fields.not_blank("title"),
            fields.one_of("language", fields.Language),
            fields.one_of("standing", Standing),
            models.UniqueConstraint(
                fields=["policy", "language"], name="policies_one_translation_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


@tracked
class PolicyFile(Record):
    """A copy of the document as it was handed in. A new copy is a new version; none is overwritten."""

    policy = models.ForeignKey(
        PolicySubmission, on_delete=models.PROTECT, related_name="files", verbose_name=_("policy submission")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    file = models.FileField(_("file"), upload_to="policies/%Y/", max_length=300)
    name = fields.LineField(_("name of the file"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    objects = PolicyFileQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("file copy")
        verbose_name_plural = _("file copies")
        ordering = ["policy", "-number"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            fields.matches("sha256", "^[0-9a-f]{64}$", blank=False),
            fields.not_blank("name"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policies_file_versions_begin_at_one"),
            models.UniqueConstraint(fields=["policy", "number"], name="policies_file_versions_are_kept"),
        ]

    def __str__(self) -> str:
        return self.name


class PolicySearch(models.Model):
    """The words by which a document is found, kept by triggers from it and its translations: nothing else writes it."""

    policy = models.OneToOneField(
        PolicySubmission,
        # The database deletes it with its document.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="search",
    )
    lexemes = SearchVectorField()

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(fields=["lexemes"], name="policies_by_words", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.policy_id)


class RefSerial(models.Model):
    """The last serial given to a record number of a state and year; numbers are never used again."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["state", "year"], name="policies_one_serial_a_year")]

    def __str__(self) -> str:
        return f"{self.state_id}-{self.year}: {self.last}"


@tracked
class RepositorySettings(Record):
    """What the Secretariat has decided for the whole repository: one row."""

    show_compiled = models.BooleanField(
        _("show compiled records to everyone, marked as not submitted by the state"), default=False
    )

    objects = RecordQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("settings of the repository")
        verbose_name_plural = _("settings of the repository")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="policies_repositorysettings_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
