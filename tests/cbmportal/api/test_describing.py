"""Nothing in the description is without a name, a sentence and an example, and what it promises is so."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from jsonschema import Draft202012Validator

from cbmportal.accounts.models import User
from cbmportal.api.describing import PREFIX, operations
from cbmportal.api.operations import OPERATIONS


@pytest.fixture
def schema(api: Callable[..., Any], db: None) -> dict[str, Any]:
    return api().get("/api/v1/schema/").json()  # type: ignore[no-any-return]


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
            examples = [one["example"]] if one.get("required") else one["schema"].get("examples", [])
            assert examples or one["name"] == "since", place
            assert [faults(schema, one["schema"], example) for example in examples] in ([], [[]]), place


def test_everything_sent_and_answered_has_an_example_that_fits(schema):
    for place, media, content in contents(schema):
        if media.partition("/")[0] == "application" and not media.endswith("json"):
            continue  # a file that no text can show
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


@pytest.fixture
def older(tmp_path, schema):
    """A file with a description like this one, but for one parameter that was still there."""
    operation = schema["paths"]["/api/v1/states/"]["get"]
    operation["summary"] = "States"
    operation["parameters"].append({"in": "query", "name": "colour", "schema": {"type": "string"}})
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(schema))
    return path


def test_a_check_says_what_differs_and_first_what_breaks_clients(older):
    with pytest.raises(CommandError) as refusal:
        call_command("api_schema", "--check", "--file", str(older))
    lines = str(refusal.value).splitlines()
    assert lines[1] == "BREAKS CLIENTS: GET /api/v1/states/: parameter colour (query) is gone"
    assert "differs: #/paths/~1api~1v1~1states~1/get/summary" in lines[2:]


def test_what_breaks_clients_is_written_only_when_that_is_said(older):
    before = older.read_text()
    with pytest.raises(CommandError, match="With --breaking it is written"):
        call_command("api_schema", "--file", str(older))
    assert older.read_text() == before
    call_command("api_schema", "--breaking", "--file", str(older))
    call_command("api_schema", "--check", "--file", str(older))


def test_it_is_the_same_in_every_language(db, tmp_path):
    with override("fr"):
        call_command("api_schema", "--check")
