"""The columns of a list of contacts, and the headings under which people write them."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cbmportal.language import alphabetical
from contacts.models import PointOfContact

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Column:
    """`name` is that of the contact's field, whose label in any language is a heading; `also` are others in use."""

    name: str
    #: What belongs in it, for the blank list.
    hint: "StrOrPromise"
    also: tuple[str, ...] = ()
    required: bool = True

    @property
    def label(self) -> "StrOrPromise":
        return PointOfContact._meta.get_field(self.name).verbose_name  # type: ignore[union-attr]


COLUMNS = (
    Column(
        "state",
        _(
            "The state's name in English, Spanish, Portuguese or French, or its ISO code of three or two letters."
        ),
        ("member state", "country", "estado miembro", "país", "estado membro", "état membre", "pays", "iso"),
    ),
    Column(
        "full_name",
        _("First name and surname as they are to stand in the directory."),
        ("name", "nombre", "nombre y apellidos", "nome", "nom", "nom et prénom", "prénom et nom"),
    ),
    Column(
        "position",
        _("The position that the official holds."),
        ("position", "title", "cargo", "puesto", "função", "fonction", "fonctions", "poste", "titre"),
    ),
    Column(
        "institution",
        _("The ministry, agency or mission. One that the portal does not know in that state is added to it."),
        ("ministry", "organisation", "organization", "ministerio", "organismo", "ministério", "ministère"),
    ),
    Column(
        "email",
        _("One address."),
        (
            *("e-mail", "mail", "correo", "correo electrónico", "correo-e", "endereço eletrônico"),
            *("courriel", "adresse de courriel", "adresse e-mail"),
        ),
    ),
    Column("category", _("One of the categories below."), ("contact category", "categoría de contacto")),
    Column(
        "note_reference",
        _("The reference of the note verbale by which the state designated the contact."),
        (
            *("note reference", "reference", "note verbale", "referencia de la nota", "referencia"),
            *("nota verbal", "referência da nota", "referência", "référence de la note", "référence"),
        ),
    ),
    Column(
        "note_date",
        _("The date of that note, as a date of the spreadsheet or written like 2025-04-03."),
        (
            *("note date", "date of the note", "date", "fecha de la nota", "fecha"),
            *("data da nota", "data", "date de la note"),
        ),
    ),
    Column(
        "phone",
        _("With its country code, or as it is dialled within the state. May be left out."),
        (
            "phone",
            "telephone number",
            "tel",
            "número de teléfono",
            "número de telefone",
            "numéro de téléphone",
        ),
        required=False,
    ),
)


def plain(text: str) -> str:
    """What counts of a word in a closed list, a heading among them: letters and digits, without case and accents."""
    return "".join(filter(str.isalnum, alphabetical(text)))


@cache
def known_headings() -> dict[str, str]:
    """The name of the column by whatever heading, in any of the portal's languages."""
    known = {plain(heading): column.name for column in COLUMNS for heading in (column.name, *column.also)}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {plain(str(column.label)): column.name for column in COLUMNS}
    return known
