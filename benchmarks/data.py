"""A made-up region of any size, the same at every run: the real states and measures, invented entries."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db.models import Max

from benchmarks import words
from benchmarks.copying import after_loading, copy
from benchmarks.people import delegate_of, observer_of, offices_of
from contacts.models import Category, Institution, PointOfContact, State
from measures.models import Activity, Measure
from policies.models import (
    DateKind,
    DocumentKind,
    LegalStatus,
    PolicyFile,
    PolicySubmission,
    PolicyTranslation,
    Provenance,
    ReviewStatus,
)

LANGUAGES = ("en", "es", "pt", "fr")
FIRST = ("Ana", "Beto", "Carla", "Davi", "Elsa", "Franz", "Gisela", "Henri", "Inês", "Jorge", "Katia", "Luc")
LAST = ("Ejemplo", "Muestra", "Exemplo", "Amostra", "Exemple", "Sample", "Prueba", "Teste", "Essai", "Trial")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = (
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + ("x" * 64 + "\n") * 12 + "-----END PGP PUBLIC KEY BLOCK-----"
)


def make(*, contacts: int, policies: int, activities: int = 100, history: bool = True) -> "Region":
    """Fill the empty database."""
    region = Region(history=history)
    region.grow(contacts=contacts, policies=policies)
    copy(Activity, region.activities(activities), history=history)
    return region


class Region:
    """Its people are made by services; of its entries, the n-th is the same whatever the size."""

    def __init__(self, *, history: bool) -> None:
        call_command("load_reference_data", verbosity=0)
        self.history = history
        self.states = list(State.objects.order_by("iso3"))
        self.delegates = {state.iso3: delegate_of(state) for state in self.states}
        self.delegate = self.delegates["CHL"]
        self.observer = observer_of("Region")
        self.offices = list(offices_of(self.states))
        Institution.objects.bulk_create(self.offices)
        self.sources = {
            name: Random(f"{words.SEED}{name}") for name in ("contacts", "policies", "activities")
        }
        self.serials: dict[tuple[str, int], int] = {}
        self.before_policies = PolicySubmission.objects.aggregate(last=Max("pk"))["last"] or 0
        self.made = {"contacts": 0, "policies": 0}

    def grow(self, *, contacts: int = 0, policies: int = 0) -> None:
        """Up to these numbers, which count made-up entries only."""
        people = range(self.made["contacts"], contacts)
        documents = range(self.made["policies"], policies)
        copy(PointOfContact, self.contacts(people), history=self.history)
        copy(PolicySubmission, self.policies(documents), history=self.history)
        copy(PolicyTranslation, self.translations(documents), history=self.history)
        copy(PolicyFile, self.files(documents), history=self.history)
        self.made = {
            "contacts": max(contacts, people.start),
            "policies": max(policies, documents.start),
        }
        after_loading(PolicySubmission)

    def contacts(self, numbers: range) -> Iterator[dict[str, Any]]:
        random, categories = self.sources["contacts"], Category.values
        for number in numbers:
            office = self.offices[number % len(self.offices)]
            name = f"{random.choice(FIRST)} {random.choice(LAST)}"
            confirmed = NOW - timedelta(seconds=random.randrange(500 * 86400), microseconds=number)
            yield {
                **_record(random, confirmed),
                "state_id": office.state_id,
                "institution_id": office.pk,
                "category": categories[number // len(self.offices) % len(categories)],
                "full_name": f"{name} {number}",
                "position": f"Head of unit {number}",
                "email": f"contact{number}@example.org",
                "phone": f"+5622123{number % 10_000:04}",
                "mobile": f"+5691234{number % 10_000:04}" if number % 3 else "",
                "mailbox": f"desk{number}@example.org",
                "deputy_name": f"{random.choice(FIRST)} {random.choice(LAST)}",
                "duty_hours": dict.fromkeys("12345", "09:00-17:00"),
                "time_zone": office.state.time_zone,
                "languages": random.sample(LANGUAGES, 2),
                "competences": ["policy"],
                "note_reference": f"NV {number}/2026",
                "designated_on": date(2025, 1, 15),
                "confirmed_at": confirmed,
                "confirmed_by_id": self.delegates[office.state.iso3].pk if number % 2 else None,
                **_kept_apart(number),
                # Some of Chile's have ended: its delegate still sees all, others do not.
                **_ending(office.state.iso3 == "CHL" and number // len(self.offices) % 4 == 3),
            }

    def policies(self, numbers: range) -> Iterator[dict[str, Any]]:
        random, kinds, standings = self.sources["policies"], DocumentKind.values, LegalStatus.values
        for number in numbers:
            state, year = self.states[number % len(self.states)], 2000 + random.randrange(26)
            serial = self.serials[state.iso3, year] = self.serials.get((state.iso3, year), 500) + 1
            published = NOW - timedelta(days=number % 3000, microseconds=number)
            draft, replaced = number % 50 == 49, number % 40 == 39
            yield {
                **_record(random, published),
                "id": self.before_policies + number + 1,
                "state_id": state.pk,
                "ref": f"{state.iso3}-{year}-{serial:03}",
                "title": words.text(random, words.TITLE),
                "description": words.text(random, words.DESCRIPTION),
                "language": random.choice(LANGUAGES),
                "kind": random.choice(kinds),
                "responsible_institutions": [f"Ministry 1 of {state.name_en}"],
                "date": str(year),
                "date_kind": DateKind.values[0],
                "legal_status": LegalStatus.SUPERSEDED if replaced else random.choice(standings),
                "superseded_by_id": self.before_policies + number + 1 - len(self.states)
                if replaced
                else None,
                "link": f"https://example.org/{number}",
                "provenance": Provenance.SUBMITTED,
                "status": ReviewStatus.DRAFT if draft else ReviewStatus.PUBLISHED,
                "submitted_at": None if draft else published - timedelta(days=1),
                "submitted_by_id": None if draft else self.delegates[state.iso3].pk,
                "published_at": None if draft else published,
            }

    def translations(self, numbers: range) -> Iterator[dict[str, Any]]:
        """Of every tenth document, in two languages."""
        for number in numbers[::10]:
            random = Random(number)
            for language in LANGUAGES[:2]:
                yield {
                    **_record(random, NOW),
                    "policy_id": self.before_policies + number + 1,
                    "language": language,
                    "title": words.text(random, words.TITLE),
                    "description": words.text(random, words.DESCRIPTION),
                }

    def files(self, numbers: range) -> Iterator[dict[str, Any]]:
        """Of every fifth document."""
        for number in numbers[::5]:
            random = Random(number)
            yield {
                **_record(random, NOW),
                "policy_id": self.before_policies + number + 1,
                "number": 1,
                "file": f"policies/2026/{number}.pdf",
                "name": f"document-{number}.pdf",
                "size": 100_000 + number,
                "sha256": f"{random.getrandbits(256):064x}",
            }

    def activities(self, count: int) -> Iterator[dict[str, Any]]:
        random = self.sources["activities"]
        measures = list(Measure.objects.filter(evidence="activities"))
        for number in range(count):
            yield {
                **_record(random, NOW),
                "state_id": self.states[number % len(self.states)].pk,
                "measure_id": measures[number % len(measures)].pk,
                "title": words.text(random, 5),
                "language": "en",
                "date": str(2018 + number % 8),
                "online": True,
                "audience": "public",
            }


def _record(random: Random, at: datetime) -> dict[str, Any]:
    return {"uuid": UUID(int=random.getrandbits(128), version=4), "created_at": at, "updated_at": at}


def _kept_apart(number: int) -> dict[str, Any]:
    """Not all contacts are alike: some details are their state's own, some contacts have a key."""
    own: dict[str, Any] = {"mobile_audience": "secretariat" if number % 5 == 0 else "members"}
    own["deputy_audience"] = "secretariat" if number % 7 == 0 else "members"
    own["pgp_key"] = KEY if number % 10 == 3 else ""
    own["pgp_fingerprint"] = f"{number:040X}" if number % 10 == 3 else ""
    return own


def _ending(ended: bool) -> dict[str, Any]:
    if ended:
        return {"ended_on": date(2026, 1, 31), "end_reason": "Another official was designated."}
    return {"ended_on": None, "end_reason": ""}
