"""No parameter is ignored: it narrows, orders or pages, or it is refused by name."""

from typing import Any
from urllib.parse import quote

import pytest

from contacts.access import portal
from contacts.models import Participation, PointOfContact
from contacts.services import curate

LISTS = ("states", "measures", "contacts", "policies", "institutions", "activities", "milestones", "glossary")


def found(answer: Any, key: str) -> list[Any]:
    assert answer.status_code == 200, answer.content
    return [record[key] for record in answer.json()["results"]]


def refused(answer: Any) -> list[str]:
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    assert answer.json()["detail"] == "Some values are not valid; “errors” names each of them."
    return list(answer.json()["errors"])


NOT_UNDERSTOOD = (
    ("colour=blue", "colour"),
    ("Page=1", "Page"),
    ("%00=1", "\x00"),
    ("x" * 2000 + "=1", "x" * 2000),
    ("ordering=nothing", "ordering"),
    ("ordering=", "ordering"),
    ("ordering=pk", "ordering"),
    ("ordering=--updated_at", "ordering"),
    ("ordering=%00", "ordering"),
    ("page=0", "page"),
    ("page=-1", "page"),
    ("page=abc", "page"),
    ("page=1.0", "page"),
    ("page=%D9%A1", "page"),
    ("page=last", "page"),
    ("page=2", "page"),
    ("page=" + "9" * 3000, "page"),
    ("page=1&page=1", "page"),
    ("page_size=0", "page_size"),
    ("page_size=201", "page_size"),
    ("page_size=1000", "page_size"),
    ("page_size=%20", "page_size"),
    ("format=xml", "format"),
)


@pytest.mark.parametrize("name", LISTS)
def test_what_no_list_understands_is_refused_by_name(api, observer, name):
    client = api(observer)
    named = {query: refused(client.get(f"/api/v1/{name}/?{query}")) for query, _parameter in NOT_UNDERSTOOD}
    assert named == {query: [parameter] for query, parameter in NOT_UNDERSTOOD}


LONG = "x" * 3000
BAD_VALUES = {
    "contacts": {
        "state": ["chl", "XXX", "CHL,COL", "\x00", LONG, "1", "\u202eLHC"],
        "category": ["Cyber policy", "CYBER_POLICY", "\x00", LONG],
        "language": ["xx", "ES", "\x00"],
        "confirmed_before": [
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "20",
            "\x00",
            "0001-01-01T00:00:00+14:00x",
            "2026-01-01T00:00:00+20:56",
        ],
        "open_now": ["maybe", "1", "\x00", "tru"],
        "q": ["Ana"],
    },
    "policies": {
        "state": ["XXX", "\x00"],
        "kind": ["novel", "\x00"],
        "language": ["xx"],
        "status": ["published", "\x00"],
        "year_from": ["2018.5", "abc", "0", "99999", "NaN", "Infinity", "\x00", "9" * 3000],
        "year_to": ["-1", "2018-01", "1e400"],
        "published_since": ["now", "2026-99-99", "\x00"],
        "q": ["\x00", LONG],
    },
    "states": {"participation": ["yes", "\x00"]},
    "institutions": {"state": ["XXX", "\x00", LONG]},
    "activities": {
        "state": ["XXX"],
        "measure": ["x", "7", "-1", "1.5", "99999999999999999999", "\x00"],
        "language": ["xx"],
    },
    "glossary": {"topic": ["x", "\x00"], "q": [LONG, "\x00"]},
}


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, parameter) for name, parameters in BAD_VALUES.items() for parameter in parameters],
)
def test_a_value_that_a_filter_cannot_use_is_refused_by_name(api, observer, ana, name, parameter):
    client, values = api(observer), (*BAD_VALUES[name][parameter], "")
    named = {value: refused(client.get(f"/api/v1/{name}/?{parameter}={quote(value)}")) for value in values}
    assert named == {value: [parameter] for value in values}


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [
        ("contacts", "confirmed_before", "0001-01-01T00:00:00Z"),
        ("contacts", "confirmed_before", "0001-01-01T00:00:00+14:00"),
        ("policies", "published_since", "9999-12-31T23:59:59-14:00"),
        ("policies", "q", "%_\\ ' \" \u202e 🙂"),
        ("policies", "q", "\ud83d"),
    ],
)
def test_an_extreme_value_is_answered_or_refused_but_never_fails(api, observer, ana, name, parameter, value):
    query = quote(value, errors="surrogatepass")
    assert api(observer).get(f"/api/v1/{name}/?{parameter}={query}").status_code in (200, 400)


def test_all_faults_of_a_request_are_named_at_once(api, observer, ana):
    answer = api(observer).get("/api/v1/contacts/?colour=blue&page=1&page=2&state=")
    assert refused(answer) == ["colour", "page", "state"]


@pytest.mark.parametrize("address", ["", "labels/", "schema/", "states/CHL/", "policies/CHL-2017-001/"])
def test_addresses_without_parameters_refuse_any(api, strategy, address):
    assert refused(api().get(f"/api/v1/{address}?page=1")) == ["page"]


# What filters find -------------------------------------------------------------------------------------------


def test_filters_of_contacts(api, observer, colombia, make_contact):
    make_contact(full_name="Ana", languages=["es"])
    make_contact(full_name="Berta", category="foreign_affairs", languages=["en"])
    make_contact(full_name="Carla", state=colombia)
    client = api(observer)
    answers = {
        query: found(client.get(f"/api/v1/contacts/?{query}"), "full_name")
        for query in (
            "state=COL",
            "category=foreign_affairs",
            "language=es",
            "open_now=true",
            "open_now=false",
        )
    }
    assert list(answers.values()) == [["Carla"], ["Berta"], ["Ana"], [], ["Ana", "Berta", "Carla"]]


def test_filters_of_policies(api, strategy):
    finding = (
        *("state=CHL", "kind=national_strategy", "language=es", "status=in_force"),
        *("year_from=2017", "year_to=2017", "q=ciberseguridad politica"),
        *("published_since=2026-02-01T00:00:00Z", "published_since=2026-01-31"),
    )
    missing = (
        *("kind=law", "language=en", "status=draft", "year_from=2018", "year_to=2016"),
        *("published_since=2026-02-01T00:00:01Z", "q=agriculture"),
    )
    expected = {query: [strategy.ref] for query in finding} | {query: [] for query in missing}
    assert {query: found(api().get(f"/api/v1/policies/?{query}"), "ref") for query in expected} == expected


def test_filters_of_the_others(api, seminar, term, participation, colombia, public_office):
    expected = {
        "states/?participation=participating": ["CHL"],
        "states/?participation=withdrawn": [],
        "institutions/?state=CHL": ["CHL"],
        "institutions/?state=COL": [],
        "activities/?state=CHL&measure=4&language=en": ["CHL"],
        "activities/?language=fr": [],
        "glossary/?topic=threats": ["threats"],
        "glossary/?topic=law": [],
        "glossary/?q=INCIDENTE": ["threats"],
        "glossary/?q=agriculture": [],
    }
    keys = {"states": "iso3", "glossary": "topic"}
    assert {
        query: found(api().get(f"/api/v1/{query}"), keys.get(query.split("/")[0], "state"))
        for query in expected
    } == expected


def test_participation_is_asked_of_today(api, participation: Participation):
    participation.until_date = participation.from_date.replace(year=2020)
    curate(participation, by=portal(), reason="test")
    assert found(api().get("/api/v1/states/?participation=participating"), "iso3") == []


# Pages and order ---------------------------------------------------------------------------------------------


def test_pages_follow_one_another_and_keep_the_other_parameters(api, observer, make_contact):
    for name in ("Ana", "Berta", "Carla"):
        make_contact(full_name=name)
    client, seen = api(observer), []
    address = "/api/v1/contacts/?page_size=1&ordering=-full_name&state=CHL"
    while address:
        body = client.get(address).json()
        assert body["count"] == 3
        seen += [record["full_name"] for record in body["results"]]
        address = body["next"]
    assert seen == ["Carla", "Berta", "Ana"]
    assert body["previous"].endswith("?ordering=-full_name&page=2&page_size=1&state=CHL")


def test_a_page_holds_100_unless_told_otherwise_and_200_at_most(api, observer, make_contact):
    one = make_contact()
    copies = [one]
    for number in range(204):
        copies.append(PointOfContact(**{
            field.attname: getattr(one, field.attname)
            for field in PointOfContact._meta.concrete_fields
            if field.name not in ("id", "uuid", "full_name", "created_at", "updated_at")
        }, full_name=f"Contact {number:03}"))  # fmt: skip
    PointOfContact.objects.bulk_create(copies[1:])
    client = api(observer)
    sizes = [
        len(client.get(f"/api/v1/contacts/{query}").json()["results"]) for query in ("", "?page_size=200")
    ]
    assert sizes == [100, 200]


@pytest.mark.parametrize("order", ["category", "-category", "state", "confirmed_at", "-confirmed_at,state"])
def test_equal_rows_keep_their_order_from_page_to_page(api, observer, make_contact, order):
    people = {f"Person {letter}" for letter in "ABCDEFG"}
    for name in people:
        make_contact(full_name=name)
    client = api(observer)
    pages = [
        found(client.get(f"/api/v1/contacts/?ordering={order}&page_size=1&page={page}"), "full_name")
        for page in range(1, 8)
    ]
    assert {name for page in pages for name in page} == people
