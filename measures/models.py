from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cbmportal import fields
from cbmportal.history.models import Record, tracked
from cbmportal.language import reader_language
from contacts.models import Audience, State
from measures.querysets import (
    ActivityQuerySet,
    MeasureQuerySet,
    MeasureTextQuerySet,
    MilestoneQuerySet,
    ReportedFigureQuerySet,
)


class Evidence(models.TextChoices):
    """What shows that a state implements a measure."""

    POLICIES = "policies", _("Published policy submissions")
    CYBER_POLICY = "cyber_policy", _("An active cyber-policy contact")
    FOREIGN_AFFAIRS = "foreign_affairs", _("An active foreign-affairs contact")
    ACTIVITIES = "activities", _("Reported activities")


class TextStatus(models.TextChoices):
    OFFICIAL = "official", pgettext_lazy("text of a measure", "Official text")
    TRANSLATION = "translation", pgettext_lazy("text of a measure", "Translation")


class ActivityAudience(models.TextChoices):
    """A reported activity is public unless its state keeps it to the members."""

    PUBLIC = Audience.PUBLIC.value, Audience.PUBLIC.label
    MEMBERS = Audience.MEMBERS.value, Audience.MEMBERS.label


class FigureKind(models.TextChoices):
    SURVEY_RESPONSES = "survey_responses", _("Answers to the threat survey")
    SURVEY_COUNTRIES = "survey_countries", _("States that answered the threat survey")
    DELEGATIONS_PRESENT = "delegations_present", _("Delegations present")
    STATES_WITH_NATIONAL_CONTACTS = "states_with_national_contacts", _("States with national contacts")
    STATES_WITH_POLICIES = "states_with_policies", _("States that shared policies")
    STATES_WITH_UPDATED_CONTACTS = "states_with_updated_contacts", _("States with updated contacts")


@tracked
class Measure(Record):
    """A voluntary confidence-building measure. Its wording is in `MeasureText`, by language and version."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    evidence = models.CharField(_("what shows implementation"), max_length=20, choices=Evidence.choices)
    adopted_on = models.DateField(_("adopted on"))
    adopting_resolution = fields.LineField(_("adopting resolution"), max_length=300, blank=True)
    cicte_resolution = fields.LineField(_("resolution of CICTE"), max_length=300, blank=True)
    proposing_body = fields.LineField(_("proposed by"), max_length=500, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            fields.one_of("evidence", Evidence),
            models.CheckConstraint(condition=Q(number__gte=1), name="measures_measure_number_begins_at_one"),
        ]

    def __str__(self) -> str:
        return f"{_('Measure')} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("measure", args=[self.number])

    @property
    def text(self) -> "MeasureText | None":
        """The newest wording in the reader's language; needs prefetched texts."""
        language = reader_language()
        texts = [text for text in self.texts.all() if text.language == language]
        return max(texts, key=lambda text: text.edition, default=None)


@tracked
class MeasureText(Record):
    """One wording of a measure: a language, an edition, and whether it is the official text."""

    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="texts", verbose_name=_("measure")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[(one.value, one.label) for one in fields.PORTAL_LANGUAGES]
    )
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    status = models.CharField(_("status"), max_length=11, choices=TextStatus.choices)
    short = fields.LineField(_("short text"), max_length=200)
    text = fields.ProseField(_("text"), max_length=5000)
    explanation = fields.ProseField(_("explanation"), max_length=5000, blank=True)

    objects = MeasureTextQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("text of a measure")
        verbose_name_plural = _("texts of measures")
        ordering = ["measure", "language", "-edition"]
        default_permissions = ()
        constraints = [
            fields.one_of("status", TextStatus),
            models.CheckConstraint(
                condition=Q(language__in=[one.value for one in fields.PORTAL_LANGUAGES]),
                name="measures_measuretext_language_is_known",
            ),
            fields.not_blank("short"),
            fields.not_blank("text"),
            models.UniqueConstraint(
                fields=["measure", "language", "edition"], name="measures_text_editions_are_kept"
            ),
        ]

    def __str__(self) -> str:
        return self.short


@tracked
class Milestone(Record):
    """A step in the history of the Working Group, dated as far as it is known."""

    date = fields.PartialDateField(_("date"))
    end_date = fields.PartialDateField(_("until"), blank=True)
    title_en = fields.LineField(_("title in English"), max_length=300)
    title_es = fields.LineField(_("title in Spanish"), max_length=300)
    title_pt = fields.LineField(_("title in Portuguese"), max_length=300)
    title_fr = fields.LineField(_("title in French"), max_length=300)
    reference = fields.LineField(_("reference"), max_length=300, blank=True)
    note_en = fields.ProseField(_("note in English"), max_length=2000, blank=True)
    note_es = fields.ProseField(_("note in Spanish"), max_length=2000, blank=True)
    note_pt = fields.ProseField(_("note in Portuguese"), max_length=2000, blank=True)
    note_fr = fields.ProseField(_("note in French"), max_length=2000, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["date", "pk"]
        default_permissions = ()
        constraints = [
            fields.matches("date", fields.PARTIAL_DATE, blank=False),
            fields.matches("end_date", fields.PARTIAL_DATE),
            models.CheckConstraint(
                condition=Q(end_date="") | Q(end_date__gte=F("date")),
                name="measures_milestone_ends_after_it_begins",
                violation_error_message=_("A milestone cannot end before it begins."),
            ),
            *(fields.not_blank(f"title_{language}") for language in ("en", "es", "pt", "fr")),
            models.UniqueConstraint(fields=["date", "title_en"], name="measures_milestone_is_entered_once"),
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"title_{reader_language()}"))

    @property
    def note(self) -> tuple[str, str]:
        """A language and the note in it: the reader's, if it has been written."""
        notes = {
            one: str(getattr(self, f"note_{one}")) for one in (reader_language(), "en", "es", "pt", "fr")
        }
        return next(((language, text) for language, text in notes.items() if text), ("", ""))


@tracked
class ReportedFigure(Record):
    """A figure of implementation reported before the portal existed; kept apart from what the portal computes."""

    date = models.DateField(_("date"))
    figure = models.CharField(_("figure"), max_length=40, choices=FigureKind.choices)
    value = models.PositiveIntegerField(_("value"))
    source = fields.LineField(_("source"), max_length=300)

    objects = ReportedFigureQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")
        ordering = ["date", "figure"]
        default_permissions = ()
        constraints = [
            fields.one_of("figure", FigureKind),
            fields.not_blank("source"),
            models.UniqueConstraint(fields=["date", "figure"], name="measures_figure_is_reported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()}: {self.value}"


@tracked
class Activity(Record):
    """What a state reports to have done under a measure that asks for activities (4, 5 and 6)."""

    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="activities", verbose_name=_("state")
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="activities", verbose_name=_("measure")
    )
    title = fields.LineField(_("title"), max_length=300)
    language = models.CharField(_("language"), max_length=2, choices=fields.Language.choices)
    description = fields.ProseField(_("description"), max_length=5000, blank=True)
    date = fields.PartialDateField(_("date"))
    end_date = fields.PartialDateField(_("until"), blank=True)
    online = models.BooleanField(_("held online"), default=False)
    place = fields.LineField(_("place"), max_length=200, blank=True)
    partners = fields.CodesField(
        base_field=fields.LineField(max_length=300), verbose_name=_("partners"), blank=True
    )
    link = fields.LinkField(_("link"), max_length=1000, blank=True)
    audience = models.CharField(
        _("who sees the activity"),
        max_length=11,
        choices=ActivityAudience.choices,
        default=ActivityAudience.PUBLIC,
    )
    #: Nothing is deleted: what its state takes back no longer counts, and others no longer see it.
    taken_back = models.BooleanField(_("taken back"), default=False, editable=False)

    objects = ActivityQuerySet.as_manager()

    #: What the state's delegates write.
    CONTENT = (
        *("measure", "title", "language", "description", "date", "end_date"),
        *("online", "place", "partners", "link", "audience"),
    )

    class Meta(Record.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-date", "state__iso3", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "-date"], name="measures_activities_of_a_state")]
        constraints = [
            fields.not_blank("title"),
            fields.one_of("language", fields.Language),
            fields.one_of("audience", ActivityAudience),
            fields.matches("date", fields.PARTIAL_DATE, blank=False),
            fields.matches("end_date", fields.PARTIAL_DATE),
            models.CheckConstraint(
                condition=Q(end_date="") | Q(end_date__gte=F("date")),
                name="measures_activity_ends_after_it_begins",
                violation_error_message=_("An activity cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(online=True) | ~Q(place=""),
                name="measures_activity_is_somewhere",
                violation_error_message=_("Say where the activity was held, or that it was online."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.measure_id and self.measure.evidence != Evidence.ACTIVITIES:
            raise ValidationError({"measure": _("This measure is not implemented by activities.")})
