"""The description of the API is valid, complete, and true."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from cbmportal.api.urls import RESOURCES
from contacts.access import portal
from contacts.models import PointOfContact
from contacts.services import record_check

PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}


@pytest.fixture
def schema(api: Callable[..., Any], db: None) -> dict[str, Any]:
    answer = api().get("/api/v1/schema/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()  # type: ignore[no-any-return]


def test_it_is_generated_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_it_is_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(schema).validate()


def test_it_describes_every_resource_for_reading_only(schema):
    paths = {"/api/v1/", "/api/v1/labels/"}
    paths |= {f"/api/v1/{name}/" for name in RESOURCES}
    keys = {"states": "iso3", "measures": "number", "policies": "ref", "glossary": "key"}
    paths |= {f"/api/v1/{name}/{{{keys.get(name, 'uuid')}}}/" for name in RESOURCES if name != "milestones"}
    assert set(schema["paths"]) == paths
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


def test_it_says_what_needs_credentials(schema):
    assert schema["components"]["securitySchemes"].keys() == {"token", "session"}
    either = [{"token": []}, {"session": []}]
    for path, methods in schema["paths"].items():
        expected = either if path.startswith("/api/v1/contacts/") else [*either, {}]
        assert methods["get"]["security"] == expected


def test_it_says_which_problems_to_expect(schema):
    expected = {
        "/api/v1/contacts/": {"400", "401", "403", "406"},
        "/api/v1/contacts/{uuid}/": {"400", "401", "403", "404", "406"},
        "/api/v1/states/": {"400", "401", "403", "406"},
        "/api/v1/states/{iso3}/": {"400", "401", "403", "404", "406"},
    }
    for path, statuses in expected.items():
        responses = schema["paths"][path]["get"]["responses"]
        assert responses.keys() - {"301"} == statuses | {"200", "304"}
    for problem in schema["components"]["responses"].values():
        content = problem["content"]["application/problem+json"]
        assert content | PROBLEM == content


def test_it_closes_the_lists_that_filters_and_orders_choose_from(schema):
    parameters = {
        one["name"]: one["schema"] for one in schema["paths"]["/api/v1/contacts/"]["get"]["parameters"]
    }
    assert parameters.keys() == {
        *("state", "category", "language", "open_now", "confirmed_before", "ordering", "page", "page_size"),
        "If-None-Match",
    }
    assert set(parameters["category"]["enum"]) == {"cyber_policy", "foreign_affairs"}
    assert parameters["open_now"]["type"] == "boolean"
    assert parameters["page_size"].items() >= {"type": "integer", "minimum": 1, "maximum": 200}.items()
    assert "full_name" in parameters["ordering"]["pattern"]


def test_details_that_may_be_absent_are_not_required(schema):
    required = set(schema["components"]["schemas"]["Contact"]["required"])
    assert {"uuid", "state", "full_name"} <= required
    assert not required & {"phone", "mobile", "institution", "email_audience"}


def test_its_words_follow_the_language_of_the_request_and_its_names_do_not(api, schema):
    other = api().get("/api/v1/schema/", headers={"Accept-Language": "fr"})
    assert other["Content-Language"] == "fr"
    assert "Accept-Language" in other["Vary"]
    assert other.json()["paths"].keys() == schema["paths"].keys()
    assert api().get("/api/v1/schema/")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("who", ["visitor", "neighbour", "delegate", "officer"])
def test_every_answer_is_as_described(
    api,
    cast,
    schema,
    who,
    make_contact,
    ana: PointOfContact,
    strategy,
    seminar,
    term,
    milestone,
    participation,
    public_office,
):
    record_check(contact=ana, result="reached", by=portal(), reason="test")  # type: ignore[arg-type]
    make_contact(category="foreign_affairs", full_name="Never Checked")
    client = api(cast.people[who])
    faults = []
    for path, methods in schema["paths"].items():
        if "{" in path or (who == "visitor" and "contacts" in path):
            continue
        content = methods["get"]["responses"]["200"]["content"]["application/json"]
        described = Draft202012Validator({**content["schema"], "components": schema["components"]})
        answer = client.get(path).json()
        faults += [(path, error.message) for error in described.iter_errors(answer)]
        undescribed = {
            name
            for record in answer.get("results", [])
            for name in record.keys() - named(schema, content["schema"])
        }
        faults += [(path, name) for name in undescribed]
    assert faults == []


def named(schema: dict[str, Any], page: dict[str, Any]) -> set[str]:
    """The fields that the schema names for the records of a page."""
    components = schema["components"]["schemas"]
    items = components[page["$ref"].rpartition("/")[2]]["properties"]["results"]["items"]
    return set(components[items["$ref"].rpartition("/")[2]]["properties"])


def test_a_problem_is_as_described(api, schema):
    described = Draft202012Validator(
        {"$ref": "#/components/schemas/Problem", "components": schema["components"]}
    )
    for address in ("contacts/", "states/?page=0", "nothing/"):
        assert [
            error.message for error in described.iter_errors(api().get(f"/api/v1/{address}").json())
        ] == []


@pytest.mark.parametrize(
    ("record", "field", "closed_list"),
    [
        ("Contact", "category", "Category"),
        ("Contact", "check_result", "CheckResult"),
        ("Policy", "provenance", "Provenance"),
        ("Policy", "stage", "ReviewStatus"),
        ("Policy", "date_kind", "DateKind"),
        ("Activity", "audience", "ActivityAudience"),
    ],
)
def test_codes_are_described_by_their_closed_list(schema, record, field, closed_list):
    description = schema["components"]["schemas"][record]["properties"][field]
    choices = description.get("oneOf") or description.get("allOf") or [description]
    assert {"$ref": f"#/components/schemas/{closed_list}"} in choices
