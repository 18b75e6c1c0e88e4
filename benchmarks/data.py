"""A made-up region of any size, the same at every run: the real states and measures, invented entries."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.db import connection

from cbmportal.accounts.models import User
from contacts.access import Right, grant_right, portal
from contacts.models import Category, Institution, PointOfContact, State
from measures.models import Activity, Measure
from policies.models import DateKind, DocumentKind, LegalStatus, PolicySubmission, Provenance, ReviewStatus

SEED = 20171117
BATCH = 2_000
LANGUAGES = ("en", "es", "pt", "fr")
WORDS = (
    *("estrategia", "nacional", "ciberseguridad", "ley", "protección", "datos", "infraestructura", "crítica"),
    *("decree", "computer", "crime", "framework", "policy", "incident", "response", "resilience", "digital"),
    *("política", "segurança", "informação", "defesa", "cooperação", "cadre", "sécurité", "réseaux", "loi"),
)
FIRST = ("Ana", "Beto", "Carla", "Davi", "Elsa", "Franz", "Gisela", "Henri", "Inês", "Jorge", "Katia", "Luc")
LAST = ("Ejemplo", "Muestra", "Exemplo", "Amostra", "Exemple", "Sample", "Prueba", "Teste", "Essai", "Trial")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make(*, contacts: int, policies: int, activities: int = 100) -> User:
    """Fill the empty database; gives back a delegate of Chile. Rows go in by the thousand, past the services."""
    call_command("load_reference_data", verbosity=0)
    maker = _Maker(list(State.objects.order_by("iso3")))
    Institution.objects.bulk_create(maker.institutions())
    PointOfContact.objects.bulk_create(maker.contacts(contacts), batch_size=BATCH)
    PolicySubmission.objects.bulk_create(maker.policies(policies), batch_size=BATCH)
    Activity.objects.bulk_create(maker.activities(activities), batch_size=BATCH)
    delegate = User.objects.create_user("delegate.chl@example.org", full_name="Delegate of Chile")
    chile = State.objects.get(iso3="CHL")
    grant_right(user=delegate, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="benchmark")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return delegate


class _Maker:
    def __init__(self, states: list[State]) -> None:
        self.random = Random(SEED)  # noqa: S311 - the same at every run
        self.states = states
        self.serials: dict[tuple[str, int], int] = {}

    def institutions(self) -> list[Institution]:
        self.offices = [
            Institution(
                state=state,
                name=f"Ministry {number} of {state.name_en}",
                mailbox=f"office{number}@example.org",
            )
            for state in self.states
            for number in (1, 2)
        ]
        return self.offices

    def contacts(self, count: int) -> Iterator[PointOfContact]:
        categories = list(Category)
        for number in range(count):
            office = self.offices[number % len(self.offices)]
            name = f"{self._any(FIRST)} {self._any(LAST)} {number}"
            yield PointOfContact(
                state=office.state,
                institution=office,
                category=categories[number // len(self.offices) % len(categories)],
                full_name=name,
                position=f"Head of unit {number}",
                email=f"contact{number}@example.org",
                phone=f"+5622123{number % 10_000:04}",
                mailbox=f"desk{number}@example.org",
                deputy_name=f"{self._any(FIRST)} {self._any(LAST)}",
                duty_hours=dict.fromkeys("12345", "09:00-17:00"),
                time_zone=office.state.time_zone,
                languages=self.random.sample(LANGUAGES, 2),
                competences=["policy"],
                note_reference=f"NV {number}/2026",
                designated_on=date(2025, 1, 15),
                confirmed_at=NOW - timedelta(days=self.random.randrange(500)),
            )

    def policies(self, count: int) -> Iterator[PolicySubmission]:
        kinds, standings = list(DocumentKind), list(LegalStatus)
        for number in range(count):
            state, year = self.states[number % len(self.states)], 2000 + self.random.randrange(26)
            serial = self.serials[state.iso3, year] = self.serials.get((state.iso3, year), 500) + 1
            yield PolicySubmission(
                state=state,
                ref=f"{state.iso3}-{year}-{serial:03}",
                title=self._words(6).capitalize(),
                description=self._words(40).capitalize(),
                language=self._any(LANGUAGES),
                kind=self._any(kinds),
                responsible_institutions=[f"Ministry 1 of {state.name_en}"],
                date=str(year),
                date_kind=DateKind.values[0],
                legal_status=self._any(standings),
                link=f"https://example.org/{number}",
                provenance=Provenance.SUBMITTED,
                status=ReviewStatus.PUBLISHED,
                submitted_at=NOW - timedelta(days=number % 3000 + 1),
                published_at=NOW - timedelta(days=number % 3000),
            )

    def activities(self, count: int) -> Iterator[Activity]:
        measures = list(Measure.objects.filter(evidence="activities"))
        for number in range(count):
            yield Activity(
                state=self.states[number % len(self.states)],
                measure=measures[number % len(measures)],
                title=self._words(5).capitalize(),
                language="en",
                date=str(2018 + number % 8),
                online=True,
                audience="public",
            )

    def _any(self, choices: Any) -> Any:
        return self.random.choice(choices)

    def _words(self, count: int) -> str:
        return " ".join(self.random.choices(WORDS, k=count))
