"""Every page of the portal, with the demonstration in it: what must hold on each of them is looked at here."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from cbmportal.accounts.models import User
from cbmportal.accounts.tokens import make_token
from cbmportal.notices.demo import letters
from cbmportal.notices.sending import send_due
from cbmportal.pages import demo
from contacts.access import portal, viewer_of
from contacts.access.invitations import resend
from contacts.imports.services import keep_list
from contacts.models import (
    DirectoryImport,
    FormalAct,
    Institution,
    Invitation,
    PointOfContact,
    State,
    StateGrant,
)
from contacts.services import mark_do_not_use
from measures.models import Activity, Measure, Milestone
from policies.models import GlossaryTerm, PolicySubmission, ReviewStatus
from policies.services import add_file
from tests.access_table import TABLE
from tests.conftest import PAGES_WITHOUT_COLLECTED_FILES
from tests.lists import ANA, BETO, HEADINGS, cells, csv_of

# Playwright runs an event loop in the test's thread; the ORM is still used from one thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: Who looks at a page: the first of them who may.
LOOKERS = {
    "visitor": None,
    "delegate": "delegate.chl@example.org",
    "designator": "designator.chl@example.org",
    "officer": "secretariat@example.org",
}
LETTER_PAGES = ("demo_letter", "demo_letter_html")
#: Addresses that lead on: whoever has a password changes it elsewhere, and nobody here has an app to ask for.
LEADS_ON = ("account_set_password", "mfa_reauthenticate")
#: What is worth a look by somebody else too, or about another thing than the first.
ALSO = {
    "home": ("delegate", "officer"),
    "state": ("delegate",),
    "policies": ("delegate",),
    "measure": ("delegate",),
    "my_people": ("designator",),
}


@dataclass(frozen=True)
class Stop:
    """One page as one person sees it."""

    name: str
    person: str
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def address(self) -> str:
        """In the language that is active."""
        return reverse(self.name, kwargs=dict(self.arguments))


@pytest.fixture(scope="package")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The demonstration, loaded and committed once for these tests; one of everything by name."""
    with (
        django_db_blocker.unblock(),
        override_settings(
            PORTAL_DEMO=True,
            MEDIA_ROOT=tmp_path_factory.mktemp("files"),
            DEMO_OUTBOX=tmp_path_factory.mktemp("outbox"),
            STORAGES={
                "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                "staticfiles": {"BACKEND": PAGES_WITHOUT_COLLECTED_FILES},
            },
        ),
    ):
        call_command("load_reference_data", verbosity=0)
        demo.load(datetime(2026, 6, 1, 12, tzinfo=UTC))
        yield one_of_everything()
        call_command("flush", verbosity=0, interactive=False)
        # While Playwright's loop runs this thread has a connection of its own, which nobody else would close.
        connections.close_all()


def one_of_everything() -> dict[str, Any]:
    """By the names that the rows of the access table use."""
    chile = State.objects.get(iso3="CHL")
    viewer = viewer_of(User.objects.get(email=LOOKERS["delegate"]))
    own = PolicySubmission.objects.filter(state=chile)
    draft = own.filter(status=ReviewStatus.DRAFT).first() or own.first()
    assert draft
    add_file(policy=draft, upload=ContentFile(b"%PDF-1.7", "law.pdf"), name="law.pdf", by=viewer)
    return {
        "state": chile,
        "contact": PointOfContact.objects.filter(state=chile, ended_on__isnull=True).first(),
        "act": FormalAct.objects.filter(state=chile, signed_notes__isnull=False).first(),
        "invitation": invitation_that_is_open(),
        "retiring": {"iso3": "CHL", "uuid": StateGrant.objects.get(user=viewer.user_id).uuid},
        "institution": Institution.objects.filter(state=chile).first(),
        "measure": Measure.objects.get(number=4),
        "milestone": Milestone.objects.first(),
        "term": GlossaryTerm.objects.first(),
        "draft": draft,
        "token": make_token(user=User.objects.get(pk=viewer.user_id), name="Nightly import")[0],
        "activity": Activity.objects.filter(state=chile).first(),
    }


def invitation_that_is_open() -> Invitation:
    """Today, whenever the demonstration was loaded."""
    first = Invitation.objects.unanswered().order_by("pk").first()
    assert first
    return resend(invitation=first, by=portal())


def stops(scene: dict[str, Any]) -> list[Stop]:
    """Every address of the access table that somebody may open, and the pages of the desk."""
    found = []
    for name, row in TABLE.items():
        able = [person for person in LOOKERS if row.expected(person) == 200]
        if row.method == "GET" and able and not name.startswith(("api-", *LEADS_ON)):
            arguments = tuple(row.arguments(scene).items())
            found += [
                Stop(name, person, arguments) for person in dict.fromkeys((able[0], *ALSO.get(name, ())))
            ]
    return [*found, *stops_at_the_outbox(), *stops_at_the_desk()]


def stops_at_the_outbox() -> list[Stop]:
    """Pages that the access table, which knows no demonstration, calls missing."""
    contact = PointOfContact.objects.filter(state__iso3="CHL").active()[0]
    mark_do_not_use(contact=contact, by=viewer_of(User.objects.get(email=LOOKERS["officer"])), reason="Lost")
    with override_settings(EMAIL_BACKEND="cbmportal.notices.demo.OutboxBackend"):
        send_due()
    letter = (("name", letters()[0].name),)
    return [Stop("demo_outbox", "visitor"), *(Stop(name, "visitor", letter) for name in LETTER_PAGES)]


def stops_at_the_desk() -> list[Stop]:
    waiting = PolicySubmission.objects.filter(status=ReviewStatus.SUBMITTED).first()
    assert waiting
    found = [
        Stop("admin:index", "officer"),
        Stop("admin:policies_policysubmission_review", "officer", (("pk", waiting.pk),)),
        Stop("admin:contacts_formalact_review", "officer", (("pk", FormalAct.objects.to_decide()[0].pk),)),
        Stop("admin:contacts_pointofcontact_import", "officer"),
        *(
            Stop("admin:contacts_pointofcontact_import_preview", "officer", (("uuid", kept.uuid),))
            for kept in lists_handed_in()
        ),
    ]
    for model, desk in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(Stop(f"{name}_changelist", "officer"))
        first = desk.model._default_manager.order_by("pk").first()
        if first:
            found.append(Stop(f"{name}_change", "officer", (("object_id", str(first.pk)),)))
    return found


def lists_handed_in() -> list[DirectoryImport]:
    """One that may be brought in, and one with problems."""
    by = viewer_of(User.objects.get(email=LOOKERS["officer"]))
    wrong = BETO | {"State": "Atlantis", "E-mail address": "nobody", "Shoe size": "41"}
    lists = (cells(ANA, BETO), cells(ANA, wrong, headings=(*HEADINGS, "Shoe size")))
    return [keep_list(content=csv_of(rows), name="directory.csv", by=by) for rows in lists]


@pytest.fixture(scope="package")
def clients(demonstration: dict[str, Any]) -> dict[str, Client]:
    """A web client for each who looks."""
    clients = {}
    for person, email in LOOKERS.items():
        clients[person] = Client()
        if email:
            user = User.objects.get(email=email)
            clients[person].force_login(user)
            confirm_that_it_is(user, clients[person])
    return clients


def confirm_that_it_is(user: User, client: Client) -> None:
    """As if the person had just written the password once more, before a step that matters."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture(scope="package")
def route(demonstration: dict[str, Any], clients: dict[str, Client]) -> list[Stop]:
    """Every page; files to be downloaded are not pages."""
    found = []
    for stop in stops(demonstration):
        response = clients[stop.person].get(stop.address)
        assert response.status_code == 200, f"{stop} is answered with {response.status_code}"
        if response["Content-Type"].startswith("text/html"):
            found.append(stop)
    return found


@pytest.fixture(scope="package")
def address(demonstration: dict[str, Any]) -> Iterator[str]:
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="package")
def open_page(browser: Browser, address: str, clients: dict[str, Client]) -> Iterator[Callable[..., Page]]:
    """A page as one of those who look sees it, in one theme and width."""
    contexts: dict[tuple[str, str, int], Page] = {}

    def open_as(person: str, theme: str, width: int) -> Page:
        key = person, theme, width
        if key not in contexts:
            context = browser.new_context(
                color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
            )
            cookies = clients[person].cookies.items()
            context.add_cookies([{"name": name, "value": one.value, "url": address} for name, one in cookies])
            contexts[key] = context.new_page()
        return contexts[key]

    yield open_as
    for page in contexts.values():
        page.context.close()
