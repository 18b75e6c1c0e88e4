"""Every address of the portal, opened by the whole cast. An address without a row in the table fails."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cbmportal.accounts.models import TokenScope, User
from cbmportal.accounts.second_factor import SETTING_UP
from cbmportal.accounts.tokens import make_token
from contacts.access import portal, viewer_of
from contacts.access.invitations import invite
from contacts.models import Institution, PointOfContact, State, StateGrant
from contacts.services import curate
from contacts.services.acts import draft_act
from measures.models import Measure, Milestone
from measures.services import report_activity
from policies.models import GlossaryTerm
from policies.services import add_file, draft_policy
from tests.access_table import SIGNED_OUT, TABLE, Row
from tests.conftest import CAST, Cast
from tests.contacts.test_acts import sign
from tests.policies.test_services import CONTENT

#: Addresses that the table covers together, by the beginning of their names.
TOGETHER = ("admin:",)


def named_addresses(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


ADDRESSES = set(named_addresses(get_resolver().url_patterns))


@pytest.fixture
def scene(
    chile: State,
    delegate: User,
    ana: PointOfContact,
    ministry: Institution,
    tmp_path: Path,
    settings: Any,
) -> dict[str, Any]:
    """One of everything, of Chile, where nothing is public that need not be."""
    settings.MEDIA_ROOT = tmp_path
    viewer = viewer_of(delegate)
    four = ("en", "es", "pt", "fr")
    measure = curate(
        Measure(number=4, evidence="activities", adopted_on=date(2019, 6, 27)), by=portal(), reason="test"
    )
    milestone = Milestone(date="2018", **{f"title_{code}": "Step" for code in four})
    texts = {f"{name}_{code}": "Term" for name in ("term", "definition") for code in four}
    draft = draft_policy(state=chile, by=viewer, **CONTENT)
    add_file(policy=draft, upload=ContentFile(b"%PDF-1.7", "law.pdf"), name="law.pdf", by=viewer)
    return {
        "state": chile,
        "contact": ana,
        "act": sign(draft_act(state=chile, kind="removal", outgoing=ana, by=viewer), delegate),
        "invitation": invite(
            state=chile, kind="delegate", email="new@example.org", full_name="Nora Nueva", by=portal()
        ),
        "retiring": {"iso3": chile.iso3, "uuid": StateGrant.objects.get(user=delegate).uuid},
        "institution": ministry,
        "measure": measure,
        "milestone": curate(milestone, by=portal(), reason="test"),
        "term": curate(GlossaryTerm(key="term", topic="law", **texts), by=portal(), reason="test"),
        "draft": draft,
        "token": make_token(user=delegate, name="Nightly import")[0],
        "activity": report_activity(
            state=chile,
            by=viewer,
            measure=measure,
            title="Workshop",
            language="en",
            date="2026",
            online=True,
            audience="members",
        ),
    }


def test_every_address_has_its_row() -> None:
    alone = {name for name in ADDRESSES if not name.startswith(TOGETHER)}
    assert alone == set(TABLE)


def answers(table: Mapping[str, Row], scene: dict[str, Any], clients: Mapping[str, Client]) -> dict[str, Any]:
    """The status that each person meets at each address; what they change there is undone at once."""
    return {
        name: {person: opened(client, row, scene, name) for person, client in clients.items()}
        for name, row in table.items()
    }


def opened(client: Client, row: Row, scene: dict[str, Any], name: str) -> int:
    with transaction.atomic():
        status = client.generic(row.method, reverse(name, kwargs=row.arguments(scene))).status_code
        transaction.set_rollback(True)
    return status


def test_who_may_open_what(
    cast: Cast, scene: dict[str, Any], browse: Callable[[User | None], Client]
) -> None:
    clients = {person: browse(cast.people[person]) for person in CAST}
    assert answers(TABLE, scene, clients) == {
        name: {person: row.expected(person) for person in CAST} for name, row in TABLE.items()
    }


def test_a_token_opens_what_its_owner_may_and_no_more(
    cast: Cast, scene: dict[str, Any], key_of: Callable[..., str]
) -> None:
    owners = [person for person in CAST if person != "visitor"]
    clients = {
        person: Client(headers={"authorization": f"Token {key_of(cast.people[person], TokenScope.WRITE)}"})
        for person in owners
    }
    # What is about the API is a page: it looks at no token.
    pages = ("api-docs", "api-guide")
    table = {name: row for name, row in TABLE.items() if name.startswith("api-") and name not in pages}
    assert answers(table, scene, clients) == {
        name: {person: row.expected(person) for person in owners} | {"inactive": 401, "former": 401}
        for name, row in table.items()
    }


def admin_address(name: str) -> str:
    """An admin address; the object it is about need not exist, for refusal comes first."""
    for arguments in ([], ["contacts"], [1], [1, 1], [UUID(int=0)]):
        with suppress(NoReverseMatch):
            return reverse(name, args=arguments)
    raise NoReverseMatch(name)


def test_nobody_but_the_secretariat_enters_admin(cast: Cast, browse: Callable[[User | None], Client]) -> None:
    # Django's catch-all has no name: it answers for whatever else is typed behind /admin/.
    named = sorted(name for name in ADDRESSES if name.startswith("admin:") and name != "admin:None")
    addresses = ["/admin/nowhere/", *map(admin_address, named)]
    people = [person for person in CAST if person != "officer"]
    clients = {person: browse(cast.people[person]) for person in people}
    refused = {
        person: {client.get(address).status_code for address in addresses}
        for person, client in clients.items()
    }
    assert refused == {person: {302 if person in SIGNED_OUT else 403} for person in people}


def test_without_a_second_factor_an_officer_comes_nowhere_but_to_setting_one_up(
    officer: User, scene: dict[str, Any], browse: Callable[[User | None], Client]
) -> None:
    Authenticator.objects.filter(user=officer).delete()
    client = browse(officer)
    pages = {name: row for name, row in TABLE.items() if name not in SETTING_UP}
    met = answers(pages, scene, {"officer": client})
    assert met == {name: {"officer": 403 if name.startswith("api-") else 302} for name in pages}
    desk = [name for name in ADDRESSES if name.startswith("admin:") and name != "admin:None"]
    public = [name for name in pages if not name.startswith("api-")]
    led_to = {client.get(admin_address(name))["Location"] for name in desk}
    led_to |= {
        client.generic(pages[name].method, reverse(name, kwargs=pages[name].arguments(scene)))["Location"]
        for name in public
    }
    assert led_to == {reverse("mfa_index")}


def test_the_secretariat_enters_admin(officer: User, browse: Callable[[User | None], Client]) -> None:
    client = browse(officer)
    lists = sorted(name for name in ADDRESSES if name.startswith("admin:") and name.endswith("_changelist"))
    assert {client.get(reverse(name)).status_code for name in lists} == {200}
    assert client.get(reverse("admin:index")).status_code == 200
