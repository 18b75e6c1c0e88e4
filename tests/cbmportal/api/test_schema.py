"""The description of the API is valid, complete, and true."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from cbmportal.accounts.models import User
from cbmportal.api.describing import BINARY, PREFIX, operations
from cbmportal.api.operations import OPERATIONS
from cbmportal.api.urls import RESOURCES
from contacts.access import portal
from contacts.models import PointOfContact
from contacts.services import record_check

PROBLEM = {"$ref": "#/components/schemas/Problem"}


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


# Nothing without a name, a sentence and an example -----------------------------------------------------------


def followed(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = schema
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


def contents(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything that is sent or answered: of which operation, as what, and how it is described."""
    for _path, _method, operation in operations(schema):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{operation['operationId']} takes", media, content
        for status, answer in operation["responses"].items():
            for media, content in followed(schema, answer).get("content", {}).items():
                yield f"{operation['operationId']} answers {status}", media, content


def test_every_operation_has_a_name_of_its_own_and_is_described(schema):
    names = []
    for path, method, operation in operations(schema):
        assert f"{method} {path.removeprefix(PREFIX)}" in OPERATIONS, (
            "Describe it in cbmportal/api/operations.py."
        )
        assert operation["summary"]
        assert operation["description"]
        assert len(operation["tags"]) == 1
        names.append(operation["operationId"])
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("(list|get|create|update|confirm|submit|withdraw)_[a-z_]+", one) for one in names)
    used = {tag for _path, _method, operation in operations(schema) for tag in operation["tags"]}
    assert {tag["name"] for tag in schema["tags"]} == used
    assert all(tag["description"] for tag in schema["tags"])


def test_every_parameter_is_described_and_has_a_fitting_example(schema):
    for _path, _method, operation in operations(schema):
        for one in operation["parameters"]:
            place = f"{one['name']} of {operation['operationId']}"
            assert one["description"], place
            assert "example" in one or one["name"] == "since", place
            if "example" in one:
                assert faults(schema, one["schema"], one["example"]) == [], place


def test_everything_sent_and_answered_has_an_example_that_fits(schema):
    for place, media, content in contents(schema):
        if content["schema"] == BINARY or not media.endswith("json"):
            continue
        assert content.get("examples"), f"Write an example in cbmportal/api/examples.json: {place}"
        for example in content["examples"].values():
            assert faults(schema, content["schema"], example["value"]) == [], place


def test_people_in_examples_are_fictional(schema):
    """Nobody writes to an example; the domain is kept for them."""
    written = [json.dumps(content.get("examples")) for _place, _media, content in contents(schema)]
    addresses = [one for text in written for one in re.findall(r"[\w.]+@([\w.]+)|https?://([\w.]+)", text)]
    assert addresses
    assert {host.split(".", 1)[-1] for pair in addresses for host in pair if host} <= {"org", "example.org"}


def test_every_answer_says_what_it_means_and_which_headers_it_has(schema):
    for _path, method, operation in operations(schema):
        for status, answer in operation["responses"].items():
            answer, place = followed(schema, answer), f"{operation['operationId']} answers {status}"
            assert answer["description"], place
            expected = {"ETag", "Vary"} if status < "400" else {"Cache-Control"}
            expected |= {"Cache-Control"} if method == "GET" else set()
            expected = {"Location"} if status == "301" else expected
            expected |= {"201": {"Location"}, "401": {"WWW-Authenticate"}, "429": {"Retry-After"}}.get(
                status, set()
            )
            assert set(answer["headers"]) == expected, place


def test_the_headers_are_there_as_described(api, delegate, ana, schema):
    for client in (api(), api(delegate)):
        for path in ("states/", "states/CHL/", "contacts/", f"contacts/{ana.uuid}/", "nothing/"):
            answer = client.get(f"/api/v1/{path}")
            described = {
                200: ("ETag", "Cache-Control", "Vary"),
                401: ("WWW-Authenticate", "Cache-Control"),
                404: ("Cache-Control",),
            }[answer.status_code]
            assert [name for name in described if name not in answer] == []


def test_an_officer_without_a_second_factor_is_refused_as_described(api, make_user, schema):
    officer = make_user("officer")
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    client = api(officer)
    for path, _method, operation in operations(schema):
        if "{" not in path:
            assert str(client.get(path).status_code) in operation["responses"], path


def faults(schema: dict[str, Any], described: dict[str, Any], value: Any) -> list[str]:
    validator = Draft202012Validator(
        {**described, "components": schema["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in validator.iter_errors(value)]


# The description that is committed --------------------------------------------------------------------------


def test_the_committed_description_is_this_one(db):
    """If it is not: manage.py api_schema writes it, and refuses what would break clients."""
    call_command("api_schema", "--check")


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
        for status in statuses:
            content = followed(schema, responses[status])["content"]
            assert content["application/problem+json"]["schema"] == PROBLEM


def test_it_closes_the_lists_that_filters_and_orders_choose_from(schema):
    parameters = {
        one["name"]: one["schema"] for one in schema["paths"]["/api/v1/contacts/"]["get"]["parameters"]
    }
    assert parameters.keys() == {
        *("state", "category", "language", "open_now", "confirmed_before", "ordering", "page", "page_size"),
        "If-None-Match",
    }
    assert set(parameters["category"]["enum"]) == {"cyber_policy", "foreign_affairs"}
    assert parameters["open_now"] == {"type": "boolean"}
    assert parameters["page_size"] == {"type": "integer", "minimum": 1, "maximum": 200}
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
    wrong = []
    for path, methods in schema["paths"].items():
        if "{" in path or (who == "visitor" and "contacts" in path):
            continue
        content = methods["get"]["responses"]["200"]["content"]["application/json"]
        described = Draft202012Validator({**content["schema"], "components": schema["components"]})
        answer = client.get(path).json()
        wrong += [(path, error.message) for error in described.iter_errors(answer)]
        undescribed = {
            name
            for record in answer.get("results", [])
            for name in record.keys() - named(schema, content["schema"])
        }
        wrong += [(path, name) for name in undescribed]
    assert wrong == []


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
