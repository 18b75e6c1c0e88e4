"""The named cast: who appears in the tests. Each is made by the same services that the portal uses."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import encrypt
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client
from django.utils import timezone, translation
from xdist.scheduler import LoadScopeScheduling

from cbmportal.accounts.models import TokenScope, User
from cbmportal.accounts.tokens import make_token
from cbmportal.api.memory import ANSWERS, ORDERS
from cbmportal.api.rates import rate
from cbmportal.api.records import forget_statements
from cbmportal.notices.sending import send_due
from contacts.access import (
    Right,
    Viewer,
    end_grant,
    grant_directory_access,
    grant_right,
    portal,
    viewer_of,
)
from contacts.models import Institution, PointOfContact, State
from contacts.services import add_institution, curate, register_contact
from contacts.views import SHOWN

PAGES_WITHOUT_COLLECTED_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
# The hash that the portal stores takes most of a second, by design.
QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
PASSWORD = "a-password-for-tests-only"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#: What shares something that takes seconds to make, or must not run beside each other: who follows changes waits for
#: every older transaction of the server, and what is loaded once for many tests is one that lasts long.
TOGETHER = {
    "tests/cbmportal/pages/demo/test_loading.py": "long transactions",
    "tests/cbmportal/pages/reference/test_entries.py": "long transactions",
    "tests/cbmportal/api/test_changes.py": "long transactions",
    "tests/cbmportal/test_postgres.py": "servers",
    "tests/test_commands.py": "servers",
    "tests/everywhere/": "everywhere",
    "tests/journeys/": "journeys",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
NAMES = {
    "CHL": ("CL", "Chile", "Chile", "Chile", "Chili", "America/Santiago"),
    "COL": ("CO", "Colombia", "Colombia", "Colômbia", "Colombie", "America/Bogota"),
    "BRA": ("BR", "Brazil", "Brasil", "Brasil", "Brésil", "America/Sao_Paulo"),
}


def make_state(iso3: str) -> State:
    iso2, en, es, pt, fr, zone = NAMES[iso3]
    state = State(
        iso3=iso3,
        iso2=iso2,
        name_en=en,
        name_es=es,
        name_pt=pt,
        name_fr=fr,
        official_languages=["es"],
        capital=en,
        time_zone=zone,
        joined_year=1948,
    )
    return curate(state, by=portal(), reason="test")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--audit", action="store_true", help="try everything, not a sample")


def pytest_configure(config: pytest.Config) -> None:
    # What is imported stays; to look through it for what could be thrown away takes a tenth of the time of all tests.
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    hypothesis.settings.register_profile("audit", max_examples=2000)
    hypothesis.settings.register_profile("usual", max_examples=100)
    hypothesis.settings.load_profile("audit" if config.getoption("--audit") else "usual")


class TogetherScheduling(LoadScopeScheduling):
    """Tests that share what takes seconds to make stay on one worker; all others go where there is room.

    xdist's own groups do not reach the scheduler with the pytest that we use.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((name for place, name in TOGETHER.items() if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling | None:
    """In an audit what takes seconds to make is little beside the rest."""
    return None if config.getoption("--audit") else TogetherScheduling(config, log)


@pytest.fixture(autouse=True)
def quick_settings(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PAGES_WITHOUT_COLLECTED_FILES}}
    settings.PASSWORD_HASHERS = [QUICK_HASHER, *settings.PASSWORD_HASHERS]
    # Files are looked for when they are asked for: to list them all takes each new client longer than most tests.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What was compiled or kept under other settings, and of rows that were never committed."""
    ANSWERS.forget()
    ORDERS.forget()
    SHOWN.forget()
    forget_statements()


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """The limits of the API begin anew with each test."""
    rate.cache_clear()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language the page of another test was read in."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """No connection outlives its request, so that a server under test leaves none open behind it."""
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, which asks nobody anything."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "The browser tests need Chromium: install the package chromium."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": [*QUIET, *sandbox]}


@pytest.fixture
def chile(db: None) -> State:
    return make_state("CHL")


@pytest.fixture
def colombia(db: None) -> State:
    return make_state("COL")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """An account; an officer's has the second factor without which it opens nothing."""

    def make(name: str, **extra: Any) -> User:
        user = User(email=f"{name}@example.org", full_name=name.replace(".", " ").title(), **extra)
        user.set_unusable_password()
        user.full_clean()
        user.save()
        if user.is_staff:
            give_app(user)
        return user

    return make


def give_app(user: User) -> None:
    """The second factor without which officers and designating authorities see nothing."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(APP_SECRET)}
    )


def app_code(secret: str = APP_SECRET) -> str:
    """What an authenticator app would show now: the last of the codes that are accepted lasts longest."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1]))


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    """The Secretariat officer."""
    return make_user("secretariat", is_staff=True)


@pytest.fixture
def delegate(make_user: Callable[..., User], chile: State) -> User:
    """A delegate of Chile."""
    user = make_user("delegate.chl")
    grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    return user


@pytest.fixture
def designator(make_user: Callable[..., User], chile: State) -> User:
    """The designating authority of Chile."""
    user = make_user("designator.chl")
    give_app(user)
    grant_right(user=user, state=chile, right=Right.DESIGNATE, by=portal(), reason="test")
    return user


@pytest.fixture
def neighbour(make_user: Callable[..., User], colombia: State) -> User:
    """A delegate of Colombia, who has no business in Chile's entries."""
    user = make_user("delegate.col")
    grant_right(user=user, state=colombia, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    return user


@pytest.fixture
def former(make_user: Callable[..., User], chile: State) -> User:
    """A delegate of Chile until a minute ago."""
    user = make_user("former.chl")
    grant = grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    type(grant).objects.filter(pk=grant.pk).update(since=a_minute_ago - timedelta(days=300))
    end_grant(grant, by=portal(), reason="left", at=a_minute_ago)
    return user


@pytest.fixture
def observer(make_user: Callable[..., User]) -> User:
    user = make_user("observer")
    grant_directory_access(
        user=user, kind="observer", organisation="Permanent Observer", by=portal(), reason="test"
    )
    return user


@pytest.fixture
def duty_desk(make_user: Callable[..., User], colombia: State) -> User:
    user = make_user("duty.desk")
    grant_directory_access(user=user, kind="duty_desk", state=colombia, by=portal(), reason="test")
    return user


@pytest.fixture
def inactive(make_user: Callable[..., User], chile: State) -> User:
    """A delegate of Chile whose account was closed while the grant still ran."""
    user = make_user("inactive.chl")
    grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


@pytest.fixture
def ministry(chile: State) -> Institution:
    return add_institution(
        state=chile,
        name="Ministry of Tests",
        mailbox="cyber@ministry.example.org",
        by=portal(),
        reason="test",
    )


@pytest.fixture
def make_contact(ministry: Institution) -> Callable[..., PointOfContact]:
    """A contact, of Chile unless told otherwise; details as keywords."""

    def make(**details: Any) -> PointOfContact:
        state = details.pop("state", ministry.state)
        institution = details.pop("institution", None) or (
            ministry
            if state == ministry.state
            else Institution.objects.filter(state=state).first()
            or add_institution(state=state, name="Ministry", by=portal(), reason="test")
        )
        return register_contact(
            state=state,
            institution=institution,
            by=portal(),
            reason="test",
            **{
                "category": "cyber_policy",
                "full_name": "Ana Ejemplo",
                "position": "Head of unit",
                "email": "ana.ejemplo@example.org",
                "note_reference": "NV 1/2026",
                "designated_on": date(2026, 1, 15),
                **details,
            },
        )

    return make


@pytest.fixture
def ana(make_contact: Callable[..., PointOfContact]) -> PointOfContact:
    """Chile's cyber-policy contact, with something in every field and some of it kept to the Secretariat."""
    return make_contact(
        phone="+56221230001",
        mobile="+56900000001",
        mobile_audience="secretariat",
        mailbox="cyber.contact@example.org",
        deputy_name="Beto Suplente",
        deputy_email="beto@example.org",
        deputy_audience="secretariat",
        duty_hours=dict.fromkeys("12345", "09:00-17:00"),
        languages=["es", "en"],
        competences=["policy"],
    )


@pytest.fixture
def member(make_user: Callable[..., User], ana: PointOfContact, chile: State) -> User:
    """Ana herself, with the read-only account of a point of contact."""
    user = make_user("contact.chl")
    grant_directory_access(user=user, kind="contact", state=chile, contact=ana, by=portal(), reason="test")
    return user


CAST = (
    *("visitor", "delegate", "neighbour", "designator", "member", "observer", "duty_desk"),
    *("officer", "inactive", "former"),
)


@dataclass(frozen=True)
class People(Mapping[str, User | None]):
    """Everybody by name, made when first asked for; `visitor` is None."""

    request: pytest.FixtureRequest

    def __getitem__(self, name: str) -> User | None:
        return None if name == "visitor" else self.request.getfixturevalue(name)

    def __iter__(self) -> Iterator[str]:
        return iter(CAST)

    def __len__(self) -> int:
        return len(CAST)


@dataclass(frozen=True)
class Cast:
    people: People

    def viewer(self, name: str) -> Viewer:
        return viewer_of(self.people[name] or AnonymousUser())


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    return Cast(People(request))


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """A web client signed in as somebody, or as a visitor."""

    def sign_in(user: User | None = None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def delivered() -> Callable[[], list[EmailMessage]]:
    """Every e-mail so far, once what is due has been sent."""

    def tick() -> list[EmailMessage]:
        send_due()
        return mail.outbox

    return tick


@pytest.fixture
def key_of() -> Callable[..., str]:
    """An API key of somebody, to be sent as `Authorization: Token <key>`."""

    def make(user: User, scope: str = TokenScope.READ) -> str:
        return make_token(user=user, name="test", scope=scope)[1]

    return make


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 6, 1, 12, tzinfo=UTC)
