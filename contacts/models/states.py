import re
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.accounts.models import validate_time_zone
from cbmportal.addresses import address
from cbmportal.history.models import Record, tracked
from cbmportal.language import reader_language
from contacts.models.words import Audience, ParticipationStatus
from contacts.querysets import (
    InstitutionQuerySet,
    ParticipationQuerySet,
    StateQuerySet,
    represented_by,
    seen_by,
)

if TYPE_CHECKING:
    from contacts.access import Viewer


class OwnRange(Func):
    """A range of one key only: with it an exclusion constraint needs no extension for "same state"."""

    template = "int8range(%(expressions)s, '[]')"

    # Twice as an expression, not in the template: a value must be passed as often as it is named.
    def __init__(self, key: str) -> None:
        super().__init__(key, key)


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


#: Lower case, as every name begins with a capital; French elides its own.
ARTICLE = re.compile("^(?:(?:the|el|la|los|las|o|a|os|as|le|les) |l[’'])")


def without_article(formal_name: str) -> str:
    return ARTICLE.sub("", formal_name)


@tracked
class State(Record):
    """A member state of the Organization. Names are the ones in common use, one a language."""

    iso3 = models.CharField(_("ISO code"), max_length=3, unique=True)
    iso2 = models.CharField(_("two-letter ISO code"), max_length=2, unique=True)
    name_en = fields.LineField(_("name in English"), max_length=100)
    name_es = fields.LineField(_("name in Spanish"), max_length=100)
    name_pt = fields.LineField(_("name in Portuguese"), max_length=100)
    name_fr = fields.LineField(_("name in French"), max_length=100)
    formal_name_en = fields.LineField(
        _("formal name in English, with its article"), max_length=150, blank=True
    )
    formal_name_es = fields.LineField(
        _("formal name in Spanish, with its article"), max_length=150, blank=True
    )
    formal_name_pt = fields.LineField(
        _("formal name in Portuguese, with its article"), max_length=150, blank=True
    )
    formal_name_fr = fields.LineField(
        _("formal name in French, with its article"), max_length=150, blank=True
    )
    official_languages = fields.CodesField(fields.Language, verbose_name=_("official languages"))
    capital = fields.LineField(_("capital"), max_length=100)
    time_zone = models.CharField(
        _("time zone of the capital"), max_length=40, validators=[validate_time_zone]
    )
    joined_year = models.PositiveSmallIntegerField(_("member since"))
    foreign_ministry = fields.LineField(_("ministry of foreign affairs"), max_length=300, blank=True)
    foreign_ministry_website = fields.LinkField(_("website of the ministry"), blank=True)

    objects = StateQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("state")
        verbose_name_plural = _("states")
        ordering = ["iso3"]
        default_permissions = ()
        # The closed list of what may be granted on a state; contacts/access grants it.
        permissions = [("edit_entries", "Edit the state's entries"), ("designate", "Designate for the state")]
        constraints = [
            fields.matches("iso3", "^[A-Z]{3}$", blank=False),
            fields.matches("iso2", "^[A-Z]{2}$", blank=False),
            *(fields.not_blank(name) for name in ("name_en", "name_es", "name_pt", "name_fr", "capital")),
            fields.subset_of("official_languages", fields.Language),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return str(getattr(self, f"name_{reader_language()}"))

    def formal_name_in(self, language: str) -> str:
        """With its article, as in "the Republic of Chile"; the name in common use if no other is known."""
        return str(getattr(self, f"formal_name_{language}") or getattr(self, f"name_{language}"))

    @property
    def formal_name(self) -> str:
        """In the reader's language, without its article."""
        return without_article(self.formal_name_in(reader_language()))

    def get_absolute_url(self) -> str:
        return address("state", self.iso3, "AAA")


@tracked
class Participation(Record):
    """The status of a state in the Organization over a span of days; `until_date` is the first day after."""

    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="participations", verbose_name=_("state")
    )
    status = models.CharField(_("status"), max_length=20, choices=ParticipationStatus.choices)
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until (not including that day)"), null=True, blank=True)
    note = fields.ProseField(_("note"), blank=True, max_length=1000)

    objects = ParticipationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participation")
        ordering = ["state", "from_date"]
        default_permissions = ()
        constraints = [
            fields.one_of("status", ParticipationStatus),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date")),
                name="contacts_participation_ends_after_it_begins",
                violation_error_message=_("Participation must end after it begins."),
            ),
            ExclusionConstraint(
                name="contacts_participation_has_no_overlap",
                expressions=[
                    (OwnRange("state"), RangeOperators.OVERLAPS),
                    (DateRange("from_date", "until_date", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This state already has a status for some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.get_status_display()}"

    def clean(self) -> None:
        """Said here too: of days in the wrong order the database cannot be asked whether they overlap others."""
        if self.from_date and self.until_date and self.until_date <= self.from_date:
            raise ValidationError({"until_date": _("Participation must end after it begins.")})

    def covers(self, day: date) -> bool:
        """The twin of `ParticipationQuerySet.in_force`."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


@tracked
class Institution(Record):
    """A ministry, agency or mission of a state, under the name that the state uses."""

    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="institutions", verbose_name=_("state")
    )
    name = fields.LineField(_("name"), max_length=300)
    website = fields.LinkField(_("website"), blank=True)
    mailbox = models.EmailField(_("function mailbox"), blank=True)
    phone = fields.TelephoneField(_("telephone"), blank=True)
    address = fields.ProseField(_("address"), blank=True, max_length=500)
    audience = models.CharField(
        _("who sees the institution"), max_length=11, choices=Audience.choices, default=Audience.MEMBERS
    )
    mailbox_audience = models.CharField(
        _("who sees the function mailbox"), max_length=11, choices=Audience.choices, default=Audience.MEMBERS
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["state", "name"]
        default_permissions = ()
        constraints = [
            fields.not_blank("name"),
            fields.one_of("audience", Audience),
            fields.one_of("mailbox_audience", Audience),
            fields.matches("phone", fields.TELEPHONE),
            models.UniqueConstraint(
                fields=["state", "name"],
                name="contacts_institution_is_named_once",
                violation_error_message=_("This state already has an institution of this name."),
                violation_error_code="named_twice",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def as_seen_by(self, viewer: "Viewer") -> dict[str, str]:
        """What `viewer` may see beyond name and website, by name; what they may not see is absent, not blank.

        A mailbox open to all is still hidden with an institution that is not.
        """
        shown = {}
        if all(viewer.sees(one, self.state_id) for one in (self.audience, self.mailbox_audience)):
            shown["mailbox"] = self.mailbox
        if viewer.member:
            shown |= {"phone": self.phone, "address": self.address}
        if viewer.represents(self.state_id):
            shown |= {"audience": self.audience, "mailbox_audience": self.mailbox_audience}
        return shown

    @classmethod
    def shown_to(cls, viewer: "Viewer") -> dict[str, Q | bool]:
        """The twin of `as_seen_by`."""
        if viewer.secretariat:
            return {}
        own = represented_by(viewer)
        return {
            "mailbox": seen_by(viewer, "audience") & seen_by(viewer, "mailbox_audience"),
            **dict.fromkeys(("phone", "address"), viewer.member),
            **dict.fromkeys(("audience", "mailbox_audience"), own),
        }
