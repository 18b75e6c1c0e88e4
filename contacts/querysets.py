"""What is read of the directory, as chainable adjectives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from cbmportal.history.querysets import RecordQuerySet
from cbmportal.language import reader_language

if TYPE_CHECKING:
    from contacts.access import Viewer


def seen_by(viewer: Viewer, audience: str, state: str = "state") -> Q:
    """The rows whose field `audience` lets `viewer` in; the twin of `Viewer.sees` in SQL."""
    if viewer.secretariat:
        return Q(pk__isnull=False)
    allowed = Q(**{f"{audience}__in": viewer.audiences})
    if viewer.delegate_of:
        allowed |= Q(**{f"{state}__in": viewer.delegate_of})
    return allowed


def represented_by(viewer: Viewer, state: str = "state") -> Q | bool:
    """The twin of `Viewer.represents`: for all rows, for none, or for those of some states."""
    if viewer.secretariat or not viewer.delegate_of:
        return viewer.secretariat
    return Q(**{f"{state}__in": viewer.delegate_of})


class OnDuty(Func):
    """Whether duty hours, in their own time zone, cover a moment: the twin of `duty.is_on_duty` in SQL."""

    function = "portal_is_on_duty"
    output_field = BooleanField()


class Folded(Func):
    """Text without case and accents, for comparing what people type with what is written."""

    function = "portal_fold"
    output_field = TextField()


class StateQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> StateQuerySet:
        """Every state is public; this is here so that every reader asks."""
        return self.all()

    def participating(self, day: date) -> StateQuerySet:
        return self.filter(
            Q(participations__until_date__isnull=True) | Q(participations__until_date__gt=day),
            participations__status="participating",
            participations__from_date__lte=day,
        )


class ParticipationQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> ParticipationQuerySet:
        return self.all()

    def in_force(self, day: date) -> ParticipationQuerySet:
        """The status that each state has on `day`: `from_date` counts, `until_date` no longer does."""
        return self.filter(Q(until_date__isnull=True) | Q(until_date__gt=day), from_date__lte=day)


class DirectoryReadQuerySet(QuerySet[Any]):
    #: What a state is told of a reading: never who read.
    TOLD = ("day", "state", "reader_states", "organisation", "via")

    def visible_to(self, viewer: Viewer) -> Any:
        """The Secretariat sees whole rows; a state sees of its own entries what it is told."""
        if viewer.secretariat:
            return self.all()
        return self.filter(state__in=viewer.delegate_of).values(*self.TOLD)

    def by_reader(self) -> Any:
        """A row for each day and for each for whom was read, with all the ways, the latest day first."""
        for_whom = ("reader_states", "organisation")
        ways = ArrayAgg("via", distinct=True, order_by="via")
        return self.values("day", *for_whom).annotate(ways=ways).order_by("-day", *for_whom)


class DirectoryImportQuerySet(QuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> DirectoryImportQuerySet:
        """What an officer has handed in is nobody else's until it is brought in."""
        return self.filter(user=viewer.user_id) if viewer.secretariat else self.none()


class InvitationQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> InvitationQuerySet:
        """The Secretariat sees all; a designating authority those by which delegates of its state come."""
        if viewer.secretariat:
            return self.all()
        return self.filter(state__in=viewer.authority_of, kind="delegate")

    def unanswered(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; their time may have run out."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def open(self, at: datetime) -> InvitationQuerySet:
        """Those whose link opens something."""
        return self.unanswered().filter(expires_at__gt=at)


class InstitutionQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> InstitutionQuerySet:
        return self.filter(seen_by(viewer, "audience"))


class PointOfContactQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> PointOfContactQuerySet:
        """Members see the contacts in office; a state and the Secretariat also those whose office has ended."""
        if viewer.secretariat:
            return self.all()
        if not viewer.member:
            return self.none()
        return self.filter(Q(ended_on__isnull=True) | Q(state__in=viewer.delegate_of))

    def listed(self) -> PointOfContactQuerySet:
        """With what a list says of each, and nothing else: a PGP key alone is longer than all of it."""
        stamp = ("version", "updated_at")
        named = (
            "uuid",
            "full_name",
            "category",
            "do_not_use",
            "do_not_use_reason",
            "confirmed_at",
            "ended_on",
        )
        state = (f"state__{name}" for name in (*stamp, f"name_{reader_language()}"))
        office = (f"institution__{name}" for name in (*stamp, "state", "name", "audience"))
        return self.select_related("state", "institution").only(
            *stamp, *named, *self.model.IN_LISTS, *self.model.AUDIENCES, *state, *office
        )

    def active(self) -> PointOfContactQuerySet:
        return self.filter(ended_on__isnull=True)

    def usable(self) -> PointOfContactQuerySet:
        """In office and not marked "do not use"."""
        return self.active().filter(do_not_use=False)

    def due(self, at: datetime) -> PointOfContactQuerySet:
        """Active contacts that nobody has confirmed within the time the portal asks for."""
        limit = at - timedelta(days=settings.CONFIRMATION_DUE_DAYS)
        return self.active().filter(Q(confirmed_at__isnull=True) | Q(confirmed_at__lte=limit))

    def named(self, words: str, viewer: Viewer) -> PointOfContactQuerySet:
        """Contacts in whose name, position or institution every word typed occurs, whatever case and accents.

        An institution that the viewer may not see is not searched.
        """
        institution = Case(
            When(seen_by(viewer, "institution__audience"), then=F("institution__name")),
            default=Value(""),
            output_field=TextField(),
        )
        columns = (F("full_name"), Value(" "), F("position"), Value(" "), institution)
        text = Folded(Concat(*columns, output_field=TextField()))
        found: PointOfContactQuerySet = self.alias(text=text)
        for word in words.split():
            found = found.filter(text__contains=Folded(Value(word)))
        return found

    def speaking(self, language: str, viewer: Viewer) -> PointOfContactQuerySet:
        """Contacts known to the viewer to speak `language`: a hidden field must not show through a filter."""
        return self.filter(seen_by(viewer, "languages_audience"), languages__contains=[language])

    def on_duty(self, at: datetime, viewer: Viewer) -> PointOfContactQuerySet:
        """Contacts known to the viewer to be on duty at `at`."""
        return self.filter(self._known_on_duty(at, viewer))

    def in_the_order_of_states(self) -> PointOfContactQuerySet:
        """By the state's name as the reader knows it."""
        return self.order_by(*self._by_state())

    def on_duty_first(self, at: datetime, viewer: Viewer) -> PointOfContactQuerySet:
        """Who may be called now comes first: those whom the viewer knows to be on duty, without a warning."""
        called_now = self._known_on_duty(at, viewer) & Q(do_not_use=False)
        return self.order_by(Case(When(called_now, then=0), default=1), *self._by_state())

    def _known_on_duty(self, at: datetime, viewer: Viewer) -> Q:
        return seen_by(viewer, "duty_audience") & Q(OnDuty(F("duty_hours"), F("time_zone"), Value(at)))

    def _by_state(self) -> tuple[Any, ...]:
        name = Folded(F(f"state__name_{reader_language()}"))
        return name, "category", Folded(F("full_name")), "pk"


class OfItsState(RecordQuerySet[Any]):
    """Rows that are seen by those who act for their state, and by the Secretariat."""

    def visible_to(self, viewer: Viewer) -> Any:
        return self if viewer.secretariat else self.filter(state__in=viewer.delegate_of)


class FormalActQuerySet(OfItsState):
    def open(self) -> FormalActQuerySet:
        """Without an answer yet, and not withdrawn."""
        return self.exclude(stage__in=("accepted", "withdrawn"))

    def about(self, contact: Any) -> FormalActQuerySet:
        """Those that brought the contact, or are to end it."""
        return self.filter(Q(contact=contact) | Q(outgoing=contact)).select_related("state", "outgoing")

    def with_all_it_names(self) -> FormalActQuerySet:
        people = ("submitted_by", "decided_by")
        return self.select_related("state", "institution", "outgoing__institution", "contact", *people)

    def to_decide(self) -> FormalActQuerySet:
        return self.filter(stage="submitted")


class SignedNoteQuerySet(OfItsState):
    def without_content(self) -> SignedNoteQuerySet:
        """For lists: a scan is longer than all else of a page."""
        return self.defer("content")
