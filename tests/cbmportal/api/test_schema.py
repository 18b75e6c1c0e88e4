"""The description of the API is valid, complete, and true."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from cbmportal.api.directory import FORMATS
from cbmportal.api.resources import RESOURCES
from contacts.access import portal
from contacts.models import PointOfContact
from contacts.services import record_check

FOR_MEMBERS = ("/api/v1/contacts/", "/api/v1/directory.")
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


WRITTEN = {
    "/api/v1/contacts/{uuid}/": "patch",
    "/api/v1/contacts/{uuid}/confirm/": "post",
    "/api/v1/policies/": "post",
    "/api/v1/policies/{ref}/": "patch",
    "/api/v1/policies/{ref}/submit/": "post",
    "/api/v1/policies/{ref}/withdraw/": "post",
    "/api/v1/activities/": "post",
    "/api/v1/activities/{uuid}/": "patch",
}


def test_it_describes_every_resource_and_what_is_written(schema):
    read = {"/api/v1/", "/api/v1/labels/", "/api/v1/implementation/"}
    read |= {"/api/v1/changes/"} | {f"/api/v1/{name}/" for name in RESOURCES}
    read |= {f"/api/v1/directory.{ending}" for ending in FORMATS}
    keys = {"states": "iso3", "measures": "number", "policies": "ref", "glossary": "key"}
    read |= {f"/api/v1/{name}/{{{keys.get(name, 'uuid')}}}/" for name in RESOURCES if name != "milestones"}
    described = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    assert described == {(path, "get") for path in read} | set(WRITTEN.items())


def test_it_says_what_needs_credentials(schema):
    assert schema["components"]["securitySchemes"].keys() == {"token", "session"}
    either = [{"token": []}, {"session": []}]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            closed = path.startswith(FOR_MEMBERS) or method != "get"
            assert operation["security"] == (either if closed else [*either, {}]), (path, method)


def test_it_says_which_version_a_change_has_to_name(schema):
    for path, method in WRITTEN.items():
        described = schema["paths"][path][method].get("parameters", [])
        required = {
            one["name"]: one["required"] for one in described if one["in"] == "header" and one.get("required")
        }
        optional = {one["name"] for one in described if one["in"] == "header" and not one.get("required")}
        assert required == ({"If-Match": True} if method == "patch" else {}), path
        assert optional == ({"If-Match"} if method == "post" and "{" in path else set()), path


def test_bodies_are_closed_and_named_as_answers_are(schema):
    components = schema["components"]["schemas"]
    for path, method in WRITTEN.items():
        body = schema["paths"][path][method].get("requestBody")
        if body is None:
            assert path.endswith(("/submit/", "/withdraw/"))
            continue
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        answer = {"contacts": "Contact", "policies": "Policy", "activities": "Activity"}[path.split("/")[3]]
        assert components[name]["additionalProperties"] is False
        assert components[name]["properties"].keys() - {"reason"} <= components[answer]["properties"].keys()


def test_it_says_which_problems_to_expect(schema):
    expected = {
        "/api/v1/contacts/": {"400", "401", "403", "406"},
        "/api/v1/contacts/{uuid}/": {"400", "401", "403", "404", "406"},
        "/api/v1/states/": {"400", "401", "403", "406"},
        "/api/v1/states/{iso3}/": {"400", "401", "403", "404", "406"},
    }
    for path, statuses in expected.items():
        responses = schema["paths"][path]["get"]["responses"]
        assert responses.keys() - {"301"} == statuses | {"200", "304", "414", "429"}
    everywhere = {"400", "401", "403", "406", "411", "413", "414", "415", "429"}
    patch = everywhere | {"404", "409", "412", "428"}
    assert schema["paths"]["/api/v1/contacts/{uuid}/"]["patch"]["responses"].keys() == patch | {"200"}
    assert schema["paths"]["/api/v1/policies/"]["post"]["responses"].keys() == everywhere | {"201"}
    step = patch - {"428"}
    assert schema["paths"]["/api/v1/policies/{ref}/submit/"]["post"]["responses"].keys() == step | {"200"}
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
        if "{" in path or "get" not in methods or (who == "visitor" and path.startswith(FOR_MEMBERS)):
            continue
        content = methods["get"]["responses"]["200"]["content"].get("application/json")
        if content is None:
            continue
        described = Draft202012Validator({**content["schema"], "components": schema["components"]})
        answer = json.loads(client.get(path).getvalue())
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


def test_each_format_of_the_directory_is_described(schema):
    for ending, form in FORMATS.items():
        (media_type,) = schema["paths"][f"/api/v1/directory.{ending}"]["get"]["responses"]["200"]["content"]
        assert media_type == form.media_type.partition(";")[0]
