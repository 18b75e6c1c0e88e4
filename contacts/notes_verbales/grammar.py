"""How each language joins a state's formal name to a sentence, and what the categories are called in a note."""

import re

from contacts.models import Category, State

CATEGORIES = {
    "en": {
        Category.CYBER_POLICY: "national point of contact at the political level for cyber policy"
        " (confidence-building measure 2)",
        Category.FOREIGN_AFFAIRS: "point of contact in the Ministry of Foreign Affairs for cyberspace"
        " (confidence-building measure 3)",
    },
    "es": {
        Category.CYBER_POLICY: "punto de contacto nacional a nivel político en materia de política cibernética"
        " (medida de fomento de la confianza 2)",
        Category.FOREIGN_AFFAIRS: "punto de contacto en el Ministerio de Relaciones Exteriores en materia de"
        " ciberespacio (medida de fomento de la confianza 3)",
    },
    "pt": {
        Category.CYBER_POLICY: "ponto de contato nacional em nível político para a política cibernética"
        " (medida de fortalecimento da confiança 2)",
        Category.FOREIGN_AFFAIRS: "ponto de contato no Ministério das Relações Exteriores para o ciberespaço"
        " (medida de fortalecimento da confiança 3)",
    },
    "fr": {
        Category.CYBER_POLICY: "point de contact national au niveau politique pour la politique relative au"
        " cyberespace (mesure de confiance 2)",
        Category.FOREIGN_AFFAIRS: "point de contact au Ministère des Affaires étrangères pour le cyberespace"
        " (mesure de confiance 3)",
    },
}

#: By the first word of its name, what article a ministry has; the word tells the language of the name as well.
MINISTRIES = {
    "en": {
        "Ministry": "",
        "Department": "",
        "Office": "",
        "Secretariat": "",
    },  # the template has "The" for all
    "es": {"Ministerio": "El ", "Departamento": "El ", "Secretaría": "La ", "Cancillería": "La "},
    "pt": {"Ministério": "O ", "Secretaria": "A "},
    "fr": {"Ministère": "Le ", "Département": "Le ", "Secrétariat": "Le "},
}
#: What may join a ministry to the name of its state.
JOINED = r"(?: (?:of|the|de|del|la|las|los|du|des|do|da|dos))* (?:d[’'])?"

#: What "of" and an article become, by the article; without one, what stands last.
OF = {
    "en": {"": "of "},
    "es": {"el ": "del ", "": "de "},
    "pt": {"o ": "do ", "a ": "da ", "os ": "dos ", "as ": "das ", "": "de "},
    "fr": {"le ": "du ", "les ": "des ", "": "de "},
}
VOWEL = re.compile("[AEIOUYÀÂÉÈÊËÎÏÔÛHaeiouyàâéèêëîïôûh]")
#: States that are named in the plural: the verb agrees with them.
PLURAL = re.compile("^(los|os|les) ")


def of_state(formal_name: str, language: str) -> str:
    """ "of the Republic of Chile", "del Estado Plurinacional de Bolivia", "des États-Unis d'Amérique"."""
    for article, joined in OF[language].items():
        if formal_name.startswith(article):
            if language == "fr" and not article and VOWEL.match(formal_name):
                return f"d’{formal_name}"
            return f"{joined}{formal_name.removeprefix(article)}"
    raise AssertionError(language)


def ministry(state: State, language: str) -> str:
    """The ministry as its state calls it: "La Secretaría de Relaciones Exteriores".

    Nothing if the state has not said, or in another language: then the template has the usual name. The state is
    left out of it ("U.S. Department of State"), as the note names the state in full.
    """
    name = re.sub(rf"{JOINED}{re.escape(getattr(state, f'name_{language}'))}$", "", state.foreign_ministry)
    articles = MINISTRIES[language]
    found = re.search(rf"\b({'|'.join(articles)})\b.*", name)
    return f"{articles[found[1]]}{found[0]}" if found else ""


def has_designated(formal_name: str, language: str) -> str:
    """The verb of "has designated", as far as it agrees with the state: the template says the rest."""
    plural = bool(PLURAL.match(formal_name))
    return {
        "en": "has",
        "es": "han" if plural else "ha",
        "pt": "designaram" if plural else "designou",
        "fr": "ont" if plural else "a",
    }[language]


def has_ended(formal_name: str, language: str) -> str:
    """The same of "has ended"."""
    plural = bool(PLURAL.match(formal_name))
    return {
        "en": "has",
        "es": "han" if plural else "ha",
        "pt": "puseram" if plural else "pôs",
        "fr": "ont" if plural else "a",
    }[language]
