"""What is read of the repository, as chainable adjectives."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, Q, TextField, Value
from django.db.models.functions import Concat

from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.history.querysets import RecordQuerySet
from contacts.querysets import Folded

if TYPE_CHECKING:
    from contacts.access import Viewer


class Answers(Func):
    """Whether lexemes answer what people type."""

    template = "%(expressions)s)"
    arg_joiner = " @@ portal_query("
    output_field = BooleanField()


class OneOf(Func):
    """Whether a value is in an array: found once, whatever the order and length of the list that asks."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class PolicySubmissionQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> PolicySubmissionQuerySet:
        """All see what is published; compiled records if the Secretariat has opened them; a state all its own."""
        if viewer.secretariat:
            return self.all()
        seen = Q(status="published") | Q(status="compiled") & self._compiled_are_open()
        if viewer.delegate_of:
            seen |= Q(state__in=viewer.delegate_of)
        return self.filter(seen)

    def _compiled_are_open(self) -> Q:
        if settings.PORTAL_DEMO:
            return Q()
        from policies.models import RepositorySettings

        return Q(Exists(RepositorySettings.objects.filter(show_compiled=True)))

    def published(self) -> PolicySubmissionQuerySet:
        return self.filter(status="published")

    def counting(self) -> PolicySubmissionQuerySet:
        """What is evidence for measure 1: published, and from the state itself."""
        return self.published().filter(provenance__in=["submitted", "received"])

    def to_review(self) -> PolicySubmissionQuerySet:
        return self.filter(status="submitted")

    def dated(self, year_from: int | None, year_to: int | None) -> PolicySubmissionQuerySet:
        """Documents whose date, of whatever kind and precision, lies in these years; undated ones never do."""
        found = self
        if year_from is not None:
            found = found.filter(date__gte=f"{year_from:04}")
        if year_to is not None:
            found = found.filter(date__lt=f"{year_to + 1:04}").exclude(date="")
        return found

    def about(self, words: str) -> PolicySubmissionQuerySet:
        """Records in which every word typed occurs, in whatever language, case, accents and ending."""
        from policies.models import PolicySearch

        if not words.strip():
            return self
        found = PolicySearch.objects.filter(Answers(F("lexemes"), Value(_storable(words)))).values("policy")
        return self.filter(OneOf(F("pk"), ArraySubquery(found)))


def _storable(words: str) -> str:
    """What PostgreSQL takes as text: no NUL, and no half of a character."""
    return words.replace("\0", " ").encode(errors="replace").decode()


class PolicyTranslationQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> PolicyTranslationQuerySet:
        from policies.models import PolicySubmission

        return self.filter(policy__in=PolicySubmission.objects.visible_to(viewer))


class PolicyFileQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> PolicyFileQuerySet:
        from policies.models import PolicySubmission

        return self.filter(policy__in=PolicySubmission.objects.visible_to(viewer))


class GlossaryTermQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> GlossaryTermQuerySet:
        return self.all()

    def about(self, words: str) -> GlossaryTermQuerySet:
        """Terms in whose four languages, synonyms and definitions every word typed occurs."""
        blank = Value(" ")
        languages = [language.value for language in PORTAL_LANGUAGES]
        columns = [F(f"{column}_{code}") for code in languages for column in ("term", "definition")]
        synonyms = [
            Func(F(f"synonyms_{code}"), blank, function="portal_join", output_field=TextField())
            for code in languages
        ]
        spaced = [part for column in (*columns, *synonyms) for part in (column, blank)]
        conditions = [Q(text__contains=Folded(Value(word))) for word in words.split()]
        text = Folded(Concat(*spaced, output_field=TextField()))
        found: GlossaryTermQuerySet = self.alias(text=text).filter(reduce(operator.and_, conditions, Q()))
        return found
