"""Fictional activities that states report under measures 4 to 6."""

from typing import Any

from cbmportal.history.services import store
from cbmportal.pages.demo.people import People
from cbmportal.pages.demo.words import EVERY_STATE, LANGUAGE_OF, demo_uuid, words_of
from contacts.models import State
from contacts.models.words import Audience
from measures.models import Activity, Measure

NUMBER = 32
TITLES = {
    "es": (
        (4, "Seminario regional de ciberdiplomacia {} (actividad de demostración)"),
        (5, "Módulo de ciberseguridad en la academia diplomática, {} (actividad de demostración)"),
        (6, "Diálogo bilateral sobre buenas prácticas {} (actividad de demostración)"),
        (4, "Taller sobre normas de conducta responsable {} (actividad de demostración)"),
        (6, "Mesa de trabajo sobre notificación de incidentes {} (actividad de demostración)"),
    ),
    "pt": (
        (5, "Curso de segurança cibernética para diplomatas {} (atividade de demonstração)"),
        (6, "Grupo de trabalho de cooperação regional {} (atividade de demonstração)"),
    ),
    "en": (
        (6, "Regional dialogue on sharing good practice {} (demonstration activity)"),
        (4, "Workshop on cyber diplomacy {} (demonstration activity)"),
        (5, "Cybersecurity in the training of foreign service officers {} (demonstration activity)"),
        (4, "Table-top exercise for officials {} (demonstration activity)"),
    ),
    "fr": ((5, "Module de cybersécurité pour les diplomates {} (activité de démonstration)"),),
    "nl": ((6, "Werkgroep goede praktijken {} (demonstratieactiviteit)"),),
}
DESCRIPTIONS = {
    "es": "Participaron funcionarios de varios ministerios; se acordó repetirlo cada año.",
    "pt": "Participaram funcionários de vários ministérios; acordou-se repeti-lo todos os anos.",
    "en": "Officials of several ministries took part and agreed to repeat it every year.",
    "fr": "Des fonctionnaires de plusieurs ministères y ont participé et sont convenus de le répéter chaque année.",
    "nl": "Ambtenaren van verschillende ministeries namen deel en spraken af het jaarlijks te herhalen.",
}


def report_activities(states: dict[str, State], people: People) -> None:
    """As `report_activity` does, with outside names that are the same at every load."""
    measures = {measure.number: measure for measure in Measure.objects.all()}
    for number in range(NUMBER):
        iso3 = EVERY_STATE[number * 7 % len(EVERY_STATE)]
        content = _content(number, iso3, states[iso3])
        measure = measures[content.pop("measure")]
        activity = Activity(
            uuid=demo_uuid("activity", number), state=states[iso3], measure=measure, **content
        )
        store(activity, by=people.delegates[iso3])


def _content(number: int, iso3: str, state: State) -> dict[str, Any]:
    language = LANGUAGE_OF[iso3]
    titles = TITLES[language]
    measure, title = titles[number % len(titles)]
    year, month = 2019 + number % 7, number * 5 % 12 + 1
    online = number % 4 == 1
    whole_day = f"{year}-{month:02}-{number % 24 + 1:02}"
    return {
        "measure": measure,
        "title": title.format(year),
        "language": language,
        "description": DESCRIPTIONS[language] if number % 3 else "",
        "date": whole_day if number % 5 else f"{year}-{month:02}",
        "end_date": f"{whole_day[:8]}{number % 24 + 3:02}" if number % 5 in (1, 3) else "",
        "online": online,
        "place": "" if online else state.capital,
        "partners": [words_of(iso3).agency] if number % 2 else [],
        "link": f"https://{iso3.lower()}.example.org/activities/{number}" if number % 3 == 1 else "",
        "audience": Audience.MEMBERS if number % 6 == 5 else Audience.PUBLIC,
    }
