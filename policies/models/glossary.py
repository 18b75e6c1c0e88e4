from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.history.models import Record, tracked
from cbmportal.language import reader_language
from policies.models.words import GlossaryTopic
from policies.querysets import GlossaryTermQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def synonyms(label: StrOrPromise) -> fields.CodesField:
    return fields.CodesField(base_field=fields.LineField(max_length=200), verbose_name=label, blank=True)


@tracked
class GlossaryTerm(Record):
    """A term of the regional lexicon, in the four languages as equals."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    topic = models.CharField(_("topic"), max_length=20, choices=GlossaryTopic.choices)
    term_en = fields.LineField(_("term in English"), max_length=200)
    term_es = fields.LineField(_("term in Spanish"), max_length=200)
    term_pt = fields.LineField(_("term in Portuguese"), max_length=200)
    term_fr = fields.LineField(_("term in French"), max_length=200)
    synonyms_en = synonyms(_("synonyms in English"))
    synonyms_es = synonyms(_("synonyms in Spanish"))
    synonyms_pt = synonyms(_("synonyms in Portuguese"))
    synonyms_fr = synonyms(_("synonyms in French"))
    definition_en = fields.ProseField(_("definition in English"), max_length=2000)
    definition_es = fields.ProseField(_("definition in Spanish"), max_length=2000)
    definition_pt = fields.ProseField(_("definition in Portuguese"), max_length=2000)
    definition_fr = fields.ProseField(_("definition in French"), max_length=2000)

    objects = GlossaryTermQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["key"]
        default_permissions = ()
        constraints = [
            fields.one_of("topic", GlossaryTopic),
            *(fields.not_blank(f"term_{language}") for language in ("en", "es", "pt", "fr")),
            *(fields.not_blank(f"definition_{language}") for language in ("en", "es", "pt", "fr")),
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"term_{reader_language()}"))

    @property
    def definition(self) -> str:
        return str(getattr(self, f"definition_{reader_language()}"))

    @property
    def synonyms(self) -> list[str]:
        return list(getattr(self, f"synonyms_{reader_language()}"))

    @property
    def in_other_languages(self) -> list[tuple[str, str]]:
        """The term in the portal's other languages, each with its code."""
        others = [code.value for code in fields.PORTAL_LANGUAGES if code != reader_language()]
        return [(code, str(getattr(self, f"term_{code}"))) for code in others]
