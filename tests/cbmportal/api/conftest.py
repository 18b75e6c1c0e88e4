"""Clients of the API, and one record of every kind."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from cbmportal.accounts.models import TokenScope, User
from contacts.access import portal
from contacts.models import Institution, Participation, State
from contacts.services import add_institution, curate
from measures.models import Activity, Measure, MeasureText, Milestone
from measures.services import report_activity
from policies.models import GlossaryTerm, PolicySubmission
from policies.services import enter_received_policy

Api = Callable[..., APIClient]


@pytest.fixture
def api(key_of: Callable[..., str]) -> Api:
    """A client with somebody's read token, or without credentials."""

    def make(user: User | None = None, **headers: str) -> APIClient:
        client = APIClient(headers=headers)
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {key_of(user)}")
        return client

    return make


@pytest.fixture
def writer(key_of: Callable[..., str]) -> Api:
    """A client with somebody's write token."""

    def make(user: User, **headers: str) -> APIClient:
        client = APIClient(headers=headers)
        client.credentials(HTTP_AUTHORIZATION=f"Token {key_of(user, TokenScope.WRITE)}")
        return client

    return make


@pytest.fixture
def participation(chile: State) -> Participation:
    return curate(
        Participation(state=chile, status="participating", from_date=date(2019, 1, 1), note="By letter"),
        by=portal(),
        reason="test",
    )


@pytest.fixture
def measure(db: None) -> Measure:
    measure = curate(
        Measure(
            number=4, evidence="activities", adopted_on=date(2019, 4, 24), adopting_resolution="CICTE/RES.1"
        ),
        by=portal(),
        reason="test",
    )
    for language, status in (
        ("en", "official"),
        ("es", "official"),
        ("fr", "translation"),
        ("pt", "translation"),
    ):
        curate(
            MeasureText(
                measure=measure,
                language=language,
                status=status,
                short=f"Short {language}",
                text=f"Text {language}",
            ),
            by=portal(),
            reason="test",
        )
    return measure


@pytest.fixture
def strategy(chile: State) -> PolicySubmission:
    """A strategy of Chile, published."""
    return enter_received_policy(
        state=chile,
        by=portal(),
        reason="test",
        at=datetime(2026, 2, 1, tzinfo=UTC),
        title="Política Nacional de Ciberseguridad",
        language="es",
        description="Cinco objetivos",
        kind="national_strategy",
        responsible_institutions=["Ministerio de Pruebas"],
        date="2017-04",
        date_kind="adoption",
        legal_status="in_force",
        citation="Gaceta 1",
        received_how="Note verbale",
        received_on=date(2026, 1, 20),
        notes="Ask for the annex",
    )


@pytest.fixture
def seminar(chile: State, measure: Measure) -> Activity:
    """An activity of Chile, public."""
    return report_activity(
        state=chile,
        by=portal(),
        reason="test",
        measure=measure,
        title="Seminar",
        language="en",
        date="2026-03",
        online=True,
    )


@pytest.fixture
def term(db: None) -> GlossaryTerm:
    words = {f"term_{code}": f"Term {code}" for code in ("en", "es", "pt", "fr")}
    texts = {f"definition_{code}": f"Definition {code}" for code in ("en", "es", "pt", "fr")}
    return curate(
        GlossaryTerm(key="cyber-incident", topic="threats", synonyms_es=["incidente"], **words, **texts),
        by=portal(),
        reason="test",
    )


@pytest.fixture
def milestone(db: None) -> Milestone:
    texts: dict[str, Any] = {f"title_{code}": f"Title {code}" for code in ("en", "es", "pt", "fr")}
    return curate(Milestone(date="2017-04", reference="CICTE/RES.1/17", **texts), by=portal(), reason="test")


@pytest.fixture
def public_office(chile: State) -> Institution:
    return add_institution(
        state=chile,
        by=portal(),
        reason="test",
        name="Agency",
        website="https://agency.example.org/",
        mailbox="office@agency.example.org",
        phone="+56221230000",
        address="Street 1",
        audience="public",
        mailbox_audience="public",
    )
