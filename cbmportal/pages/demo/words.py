"""The words of the demonstration, by language. Surnames say "example", so that nobody bears them."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from itertools import permutations

# Outside names follow from what a record is: they are the same at every load.
NAMESPACE = uuid.UUID("0e1d5e3a-5f4d-5c43-8a53-54a2f0b5c9d1")


@dataclass(frozen=True)
class Words:
    marker: str
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    ministry: str
    agency: str
    head: str
    director: str
    note: str


BY_LANGUAGE = {
    "es": Words(
        marker="(demostración)",
        given=(
            *("Lucía", "Andrés", "Camila", "Mateo", "Valentina", "Joaquín", "Mariana", "Esteban", "Renata"),
            *("Gonzalo", "Daniela", "Tomás", "Paula", "Emilio", "Carolina", "Ignacio", "Florencia", "Hernán"),
        ),
        surnames=("Ejemplo", "Muestra", "Ficción", "Ensayo", "Simulacro"),
        ministry="Ministerio de Relaciones Exteriores (demostración)",
        agency="Agencia Nacional de Ciberseguridad (demostración)",
        head="Jefatura de la Unidad de Ciberpolítica",
        director="Dirección de Asuntos de Seguridad Internacional",
        note="Nota verbal de demostración n.º",
    ),
    "pt": Words(
        marker="(demonstração)",
        given=("Beatriz", "Rafael", "Helena", "Thiago", "Larissa", "Caio"),
        surnames=("Exemplo", "Amostra", "Ficção", "Ensaio", "Simulação"),
        ministry="Ministério das Relações Exteriores (demonstração)",
        agency="Agência Nacional de Segurança Cibernética (demonstração)",
        head="Chefia da Divisão de Política Cibernética",
        director="Direção de Segurança Internacional",
        note="Nota verbal de demonstração n.º",
    ),
    "en": Words(
        marker="(demonstration)",
        given=(
            *(
                "Grace",
                "Marcus",
                "Alicia",
                "Devon",
                "Simone",
                "Julian",
                "Natalie",
                "Owen",
                "Camille",
                "Isaac",
            ),
            *("Rachel", "Trevor", "Monique", "Aaron", "Leah", "Nigel", "Tamara", "Elliot", "Joanna", "Kyle"),
        ),
        surnames=("Example", "Specimen", "Placeholder", "Fictional", "Rehearsal"),
        ministry="Ministry of Foreign Affairs (demonstration)",
        agency="National Cybersecurity Agency (demonstration)",
        head="Head of Cyber Policy",
        director="Director of International Security",
        note="Demonstration note verbale No.",
    ),
    "fr": Words(
        marker="(démonstration)",
        given=("Mireille", "Olivier", "Nadège", "Fabrice", "Claudine", "Pascal"),
        surnames=("Exemple", "Spécimen", "Fiction", "Échantillon", "Essai"),
        ministry="Ministère des Affaires étrangères (démonstration)",
        agency="Agence nationale de cybersécurité (démonstration)",
        head="Responsable de la politique de cybersécurité",
        director="Direction de la sécurité internationale",
        note="Note verbale de démonstration n°",
    ),
    "nl": Words(
        marker="(demonstratie)",
        given=("Marijke", "Ruben", "Saskia", "Jeroen"),
        surnames=("Voorbeeld", "Proefnaam", "Fictie", "Oefening"),
        ministry="Ministerie van Buitenlandse Zaken (demonstratie)",
        agency="Nationaal Agentschap voor Cyberveiligheid (demonstratie)",
        head="Hoofd Cyberbeleid",
        director="Directeur Internationale Veiligheid",
        note="Demonstratienota nr.",
    ),
}

# Thirty states, so that the others show how a state without entries looks.
STATES = {
    "es": (
        "ARG",
        "BOL",
        "CHL",
        "COL",
        "CRI",
        "DOM",
        "ECU",
        "GTM",
        "HND",
        "MEX",
        "PAN",
        "PER",
        "PRY",
        "SLV",
        "URY",
    ),
    "pt": ("BRA",),
    "en": ("ATG", "BHS", "BLZ", "BRB", "CAN", "GUY", "JAM", "KNA", "LCA", "TTO", "USA", "VCT"),
    "fr": ("HTI",),
    "nl": ("SUR",),
}
LANGUAGE_OF = {iso3: language for language, codes in STATES.items() for iso3 in codes}
# In the order in which entries are made, so that neighbours in a list do not look alike.
EVERY_STATE = tuple(sorted(LANGUAGE_OF, key=lambda iso3: (iso3[1:], iso3)))


def words_of(iso3: str) -> Words:
    return BY_LANGUAGE[LANGUAGE_OF[iso3]]


def demo_uuid(*parts: object) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, ":".join(str(part) for part in parts))


def person(iso3: str, slot: int) -> str:
    """The name of the fictional person in one of the state's twenty slots; no two people share a name."""
    words = words_of(iso3)
    index = STATES[LANGUAGE_OF[iso3]].index(iso3) * 20 + slot
    pairs = list(permutations(words.surnames, 2))
    surnames = pairs[(index // len(words.given) + index * 7) % len(pairs)]
    return " ".join((words.given[index % len(words.given)], *surnames))


def address(name: str, iso3: str) -> str:
    """An e-mail address at example.org, where no mail ever arrives."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(re.findall('[a-z]+', plain)[:2])}.{iso3.lower()}@example.org"
