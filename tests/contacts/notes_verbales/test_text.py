"""What a note verbale says: whole, correct and in one language, for every state and every act."""

import csv
import re
from copy import copy
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.conf import settings

from contacts.models import ActKind, FormalAct, Institution, NoteIssuer, PointOfContact, State
from contacts.models.states import without_article
from contacts.notes_verbales import LOCALES, OPEN, text_of
from contacts.notes_verbales.grammar import CATEGORIES, ministry, of_state

with (settings.BASE_DIR / "contacts/data/member_states.csv").open(encoding="utf-8", newline="") as file:
    STATES = [
        State(
            **{
                name: row[name]
                for name in row
                if name.startswith(("iso", "name_", "formal_name_")) or name == "foreign_ministry"
            }
        )
        for row in csv.DictReader(file)
    ]
BY_CODE = {state.iso3: state for state in STATES}
#: Contractions that the other languages make, and words that belong to another of the four.
WRONG = {
    "en": re.compile(r"\b(the the|of of|de la|del|da|du)\b"),
    "es": re.compile(r"\b(de el|a el|de de|the|of|and|has|Ministry|Department|des|dos|da)\b"),
    "pt": re.compile(r"\b(de o|de a|de os|de as|em o|the|of|and|has|Ministry|Department|del|du|la)\b"),
    "fr": re.compile(r"\b(de le|de les|à le|the|of|and|has|Ministry|Department|del|da|el)\b"),
}


def an_act(state: State, kind: str = "nomination", **more: Any) -> FormalAct:
    """Not stored: what is written is asked of nothing but the act."""
    outgoing = PointOfContact(state=state, full_name="Xx Yy", position="Zz Ww", category="cyber_policy")
    nominee = {
        "full_name": "Nn Mm",
        "position": "Pp Qq",
        "email": "n@example.org",
        "phone": "+56221230001",
        "institution": Institution(state=state, name="Ii Jj"),
    }
    return FormalAct(
        **{
            "state": state,
            "kind": kind,
            "category": "cyber_policy",
            "outgoing": None if kind == "nomination" else outgoing,
            "note_place": "Vv",
            "note_date": date(2026, 6, 14),
            "note_reference": "NV 7/2026",
            **({} if kind == "removal" else nominee),
            **more,
        }
    )


@pytest.mark.parametrize("language", LOCALES)
def test_every_act_of_every_state_is_written_whole_and_in_one_language(language: str) -> None:
    for state, kind, issuer, category in product(
        STATES, ActKind.values, NoteIssuer.values, CATEGORIES[language]
    ):
        act = an_act(state, kind, issuer=issuer, category=category, stated_reason="Rr")
        text = text_of(act, language)
        where = state.iso3, kind, issuer, text
        own = text.replace(state.formal_name_in(language), "")
        assert not WRONG[language].search(own), where
        assert not re.search(r"  |[{}%<>&]|None| ,| \.", text), where
        assert not re.search(r"\n{3}|^\s|\s$", text), where
        assert without_article(state.formal_name_in(language)) in text, where
        assert ("Nn Mm" in text, "Xx Yy, Zz Ww" in text) == (kind != "removal", kind != "nomination"), where
        assert "CICTE" in text, where
        assert ("Xx Yy, Zz Ww," in text) == (kind != "nomination"), where


@pytest.mark.parametrize(
    ("iso3", "language", "expected"),
    [
        ("CHL", "en", "of the Republic of Chile"),
        ("CHL", "es", "de la República de Chile"),
        ("CHL", "pt", "da República do Chile"),
        ("CHL", "fr", "de la République du Chili"),
        ("CAN", "en", "of Canada"),
        ("CAN", "es", "del Canadá"),
        ("CAN", "pt", "do Canadá"),
        ("CAN", "fr", "du Canada"),
        ("USA", "es", "de los Estados Unidos de América"),
        ("USA", "pt", "dos Estados Unidos da América"),
        ("USA", "fr", "des États-Unis d’Amérique"),
        ("BOL", "es", "del Estado Plurinacional de Bolivia"),
        ("BOL", "fr", "de l’État plurinational de Bolivie"),
        ("BRB", "pt", "de Barbados"),
        ("ATG", "fr", "d’Antigua-et-Barbuda"),
        ("LCA", "fr", "de Sainte-Lucie"),
        ("JAM", "pt", "da Jamaica"),
    ],
)
def test_of_and_the_article_contract_as_each_language_has_it(iso3: str, language: str, expected: str) -> None:
    assert of_state(BY_CODE[iso3].formal_name_in(language), language) == expected


def test_every_member_state_has_a_formal_name_in_each_language() -> None:
    assert len(STATES) == 35
    for state, language in product(STATES, LOCALES):
        name = without_article(getattr(state, f"formal_name_{language}"))
        assert name, (state.iso3, language)
        assert name[0].isupper(), (state.iso3, language, name)


def test_states_named_in_the_plural_have_their_verb_in_the_plural() -> None:
    usa, chile = an_act(BY_CODE["USA"]), an_act(BY_CODE["CHL"])
    assert "los Estados Unidos de América han designado" in text_of(usa, "es")
    assert "os Estados Unidos da América designaram" in text_of(usa, "pt")
    assert "les États-Unis d’Amérique ont désigné" in text_of(usa, "fr")
    assert "the United States of America has designated" in text_of(usa, "en")
    assert "la República de Chile ha designado" in text_of(chile, "es")


@pytest.mark.parametrize(
    ("language", "opening", "closing", "dated"),
    [
        (
            "en",
            "presents its compliments to the Technical Secretariat",
            "avails itself of this opportunity to renew",
            "14 June 2026",
        ),
        (
            "es",
            "saluda muy atentamente a la",
            "hace propicia la ocasión para reiterar",
            "14 de junio de 2026",
        ),
        ("pt", "cumprimenta a", "aproveita a oportunidade para renovar", "14 de junho de 2026"),
        ("fr", "présente ses compliments au", "saisit cette occasion pour renouveler", "14 juin 2026"),
    ],
)
def test_the_courtesy_formulas_stand_where_they_belong(
    language: str, opening: str, closing: str, dated: str
) -> None:
    first, *_between, last, date_line, addressee = text_of(an_act(BY_CODE["CHL"]), language).split("\n\n")
    assert opening in first
    assert closing in last
    assert date_line == f"Vv, {'le ' if language == 'fr' else ''}{dated}"
    assert addressee.endswith("Washington, D.C.")


@pytest.mark.parametrize(
    ("iso3", "language", "opening"),
    [
        ("MEX", "es", "La Secretaría de Relaciones Exteriores de los Estados Unidos Mexicanos saluda"),
        ("MEX", "en", "The Ministry of Foreign Affairs of the United Mexican States presents"),
        ("USA", "en", "The Department of State of the United States of America presents"),
        ("USA", "fr", "Le Ministère des Affaires étrangères des États-Unis d’Amérique présente"),
        ("BRB", "en", "The Ministry of Foreign Affairs and Foreign Trade of Barbados presents"),
        ("SUR", "en", "The Ministry of Foreign Affairs of the Republic of Suriname presents"),
        ("COL", "pt", "O Ministério das Relações Exteriores da República da Colômbia cumprimenta"),
    ],
)
def test_a_ministry_has_the_name_that_its_state_gives_it_in_the_language_of_that_name(
    iso3: str, language: str, opening: str
) -> None:
    own, of, _rest = opening.partition(f" {of_state(BY_CODE[iso3].formal_name_in(language), language)} ")
    text = text_of(an_act(BY_CODE[iso3]), language)
    assert text.startswith(opening)
    assert f"\n\n{own} " in text.split(of)[-1]
    assert own not in text_of(an_act(BY_CODE[iso3], issuer="permanent_mission"), language)


@pytest.mark.parametrize(
    ("iso3", "language", "own", "expected"),
    [
        (
            "CHL",
            "es",
            "Ministerio de Relaciones Exteriores de Chile",
            "El Ministerio de Relaciones Exteriores",
        ),
        ("PER", "es", "Cancillería del Perú", "La Cancillería"),
        ("HTI", "fr", "Ministère des Affaires étrangères d’Haïti", "Le Ministère des Affaires étrangères"),
        ("BHS", "en", "Ministry of Foreign Affairs of The Bahamas", "Ministry of Foreign Affairs"),
        ("CAN", "en", "Global Affairs Canada", ""),
        ("CHL", "es", "", ""),
    ],
)
def test_the_state_is_not_named_twice_after_its_ministry(
    iso3: str, language: str, own: str, expected: str
) -> None:
    state = copy(BY_CODE[iso3])
    state.foreign_ministry = own
    assert ministry(state, language) == expected


def test_a_colon_in_french_stays_on_the_line_of_its_word() -> None:
    act = an_act(BY_CODE["HTI"], "replacement", stated_reason="Rr")
    assert re.findall(r"(.):\s", text_of(act, "fr")) == ["\u00a0"] * 7


def test_what_is_not_known_yet_is_left_to_be_filled_in_by_hand() -> None:
    act = an_act(BY_CODE["CHL"], note_date=None, note_place="", note_reference="")
    assert f"{OPEN}, {OPEN}" in text_of(act, "en")


def test_nothing_that_was_typed_is_read_as_markup() -> None:
    act = an_act(BY_CODE["CHL"], full_name="O'Higgins & <b>Söhne</b> {{ x }} #set", position="*x* $y$")
    text = text_of(act, "en")
    assert "O'Higgins & <b>Söhne</b> {{ x }} #set" in text
    assert "*x* $y$" in text
