"""Keeping answers, asking whether they still hold, and what a list costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import ApiToken, User
from contacts.access import portal
from contacts.models import Institution, Participation, PointOfContact, State
from contacts.services import add_institution, change_contact_details, confirm_contact, curate
from measures.models import Measure, MeasureText, Milestone
from measures.services import report_activity
from policies.models import GlossaryTerm, PolicySubmission
from policies.services import correct_policy, enter_received_policy, set_translation

PUBLIC = (
    "",
    "states/",
    "measures/",
    "policies/",
    "institutions/",
    "activities/",
    "milestones/",
    "glossary/",
    "implementation/",
    "labels/",
)
LANGUAGES = ("en", "es", "pt", "fr")


def vary(answer: Any) -> set[str]:
    return set(answer["Vary"].split(", "))


# Caching -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PUBLIC)
def test_what_a_visitor_reads_may_be_kept_by_shared_caches(api, chile, address):
    answer = api().get(f"/api/v1/{address}")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Authorization", "Cookie"} <= vary(answer)
    assert not answer.cookies


@pytest.mark.parametrize("address", [*PUBLIC, "contacts/"])
def test_what_somebody_reads_is_private(api, browse, delegate: User, ana, address):
    for answer in (api(delegate).get(f"/api/v1/{address}"), browse(delegate).get(f"/api/v1/{address}")):
        assert answer["Cache-Control"] == "private, no-cache"
        assert {"Authorization", "Cookie"} <= vary(answer)


@pytest.mark.parametrize("address", [*PUBLIC, "contacts/", "schema/", "states/CHL/"])
def test_an_unchanged_answer_is_304(api, observer, ana, address):
    client = api(observer)
    first = client.get(f"/api/v1/{address}")
    again = client.get(f"/api/v1/{address}", headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]
    assert vary(again) == vary(first)
    other = client.get(f"/api/v1/{address}", headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_change_changes_the_etag(api, observer, delegate, ana: PointOfContact):
    client, address = api(observer), f"/api/v1/contacts/{ana.uuid}/"
    before = client.get(address)["ETag"]
    change_contact_details(contact=ana, changes={"phone": "+56221230002"}, by=portal(), reason="test")
    answer = client.get(address, headers={"If-None-Match": before})
    assert (answer.status_code, answer.json()["phone"]) == (200, "+56221230002")


def test_two_viewers_who_see_different_things_have_different_etags(api, neighbour, delegate, ana):
    assert api(neighbour).get("/api/v1/contacts/")["ETag"] != api(delegate).get("/api/v1/contacts/")["ETag"]


def test_a_304_is_refused_to_whoever_may_not_read(api, delegate, ana):
    etag = api(delegate).get("/api/v1/contacts/")["ETag"]
    assert api().get("/api/v1/contacts/", headers={"If-None-Match": etag}).status_code == 401


def test_if_match_on_reading_is_compared_too(api, chile):
    answer = api().get("/api/v1/states/", headers={"If-Match": '"x"'})
    assert (answer.status_code, answer["Content-Type"]) == (412, "application/problem+json")


def test_head_is_get_without_the_body(api, observer, ana):
    client = api(observer)
    full, head = client.get("/api/v1/contacts/"), client.head("/api/v1/contacts/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", full["ETag"])
    assert head["Content-Type"] == "application/json"


def test_options_names_the_methods_and_nothing_else(api, observer, ana):
    answer = api(observer).options("/api/v1/contacts/")
    assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    assert api().options("/api/v1/contacts/").status_code == 401


def test_a_state_in_lower_case_is_sent_to_its_address(api, chile):
    answer = api().get("/api/v1/states/chl/")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/states/CHL/")


def test_json_is_utf_8_as_it_is(api, strategy):
    answer = api().get("/api/v1/policies/")
    assert answer["Content-Type"] == "application/json"
    assert "Política Nacional de Ciberseguridad" in answer.content.decode("utf-8")


# What a list costs -------------------------------------------------------------------------------------------


def add_state(number: int) -> None:
    code = chr(65 + number // 26) + chr(65 + number % 26)
    names = {f"name_{language}": f"State {number}" for language in LANGUAGES}
    state = State(
        iso3=f"X{code}",
        iso2=code,
        official_languages=["en"],
        capital="Capital",
        time_zone="UTC",
        joined_year=1948,
        **names,
    )
    curate(state, by=portal(), reason="test")
    for year in (2010, 2015):
        span = {"from_date": f"{year}-01-01", "until_date": f"{year + 1}-01-01"}
        curate(Participation(state=state, status="participating", **span), by=portal(), reason="test")


def add_measure(number: int) -> None:
    measure = curate(
        Measure(number=100 + number, evidence="activities", adopted_on="2019-04-24"),
        by=portal(),
        reason="test",
    )
    for language in LANGUAGES:
        text = MeasureText(measure=measure, language=language, status="official", short="Short", text="Text")
        curate(text, by=portal(), reason="test")


def add_policy(number: int) -> None:
    policy = enter_received_policy(
        state=State.objects.get(iso3="CHL"),
        by=portal(),
        reason="test",
        title=f"Law {number}",
        language="es",
        description="Text",
        kind="law",
        citation="Gazette",
        received_how="Note",
        received_on="2026-01-20",
    )
    set_translation(
        policy=policy, language="en", by=portal(), reason="test", title="Law", standing="courtesy"
    )
    successor = PolicySubmission.objects.exclude(pk=policy.pk).first()
    if successor:
        changes = {"legal_status": "superseded", "superseded_by": successor}
        correct_policy(policy=policy, changes=changes, by=portal(), reason="test")


def add_office(number: int) -> None:
    state = State.objects.get(iso3="CHL")
    add_institution(state=state, name=f"Office {number}", by=portal(), reason="test")


def add_activity(number: int) -> None:
    report_activity(
        state=State.objects.get(iso3="CHL"),
        by=portal(),
        reason="test",
        measure=Measure.objects.get(number=4),
        title=f"Seminar {number}",
        language="en",
        date="2026",
        online=True,
    )


def add_milestone(number: int) -> None:
    titles = {f"title_{language}": f"Title {number}" for language in LANGUAGES}
    curate(Milestone(date="2017", **titles), by=portal(), reason="test")


def add_term(number: int) -> None:
    texts = {f"{what}_{language}": "Text" for what in ("term", "definition") for language in LANGUAGES}
    curate(GlossaryTerm(key=f"term-{number}", topic="law", **texts), by=portal(), reason="test")


@pytest.fixture
def add_contact(make_contact: Callable[..., PointOfContact], ministry: Institution, delegate: User) -> Any:
    """Each with an institution and a confirmer of its own, so that nothing is shared by chance."""

    def add(number: int) -> None:
        office = add_institution(state=ministry.state, name=f"Ministry {number}", by=portal(), reason="test")
        contact = make_contact(full_name=f"Person {number}", institution=office)
        confirm_contact(contact=contact, by=portal(), reason="test")
        confirmer = User.objects.create(email=f"confirmer{number}@example.org", full_name="Confirmer")
        PointOfContact.objects.filter(pk=contact.pk).update(confirmed_by=confirmer)

    return add


def queries(client: Any, address: str, rows: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == rows
    return len(captured)


ADD = {
    "states": add_state,
    "measures": add_measure,
    "policies": add_policy,
    "institutions": add_office,
    "activities": add_activity,
    "milestones": add_milestone,
    "glossary": add_term,
}
BUDGET = {"contacts": 5, "states": 5, "measures": 5, "policies": 7}


@pytest.mark.parametrize("name", [*ADD, "contacts"])
def test_a_list_costs_the_same_at_3_rows_and_at_30(api, delegate, name, request, chile):
    """Read by the delegate, whose own state's rows show the most."""
    add = ADD.get(name) or request.getfixturevalue("add_contact")
    if name == "activities":
        request.getfixturevalue("measure")
    client, address = api(delegate), f"/api/v1/{name}/"
    ApiToken.objects.update(last_used_at="2999-01-01T00:00:00Z")
    present = client.get(address).json()["count"]
    for number in range(3 - present):
        add(number)
    at_3 = queries(client, address, 3)
    for number in range(3 - present, 30 - present):
        add(number)
    assert queries(client, address, 30) == at_3
    assert at_3 <= BUDGET.get(name, 4)


def test_200_contacts_cost_at_most_8_queries_with_a_token_never_used_before(api, neighbour, add_contact):
    for number in range(3):
        add_contact(number)
    template = PointOfContact.objects.first()
    assert template
    kept = [
        field.attname for field in PointOfContact._meta.concrete_fields if field.name not in ("id", "uuid")
    ]
    values = {name: getattr(template, name) for name in kept}
    PointOfContact.objects.bulk_create(PointOfContact(**values) for _number in range(197))
    address = "/api/v1/contacts/?page_size=200&state=CHL&ordering=-confirmed_at"
    assert queries(api(neighbour), address, 200) <= 8
