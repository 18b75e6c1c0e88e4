"""What breaks clients is told from what does not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cbmportal.api.breaking import breaking_changes

Json = dict[str, Any]
Change = Callable[[Json], Any]

NAME = {"type": "string", "maxLength": 20}
CODES = {"type": "string", "enum": ["a", "b"]}
ANSWER = {"headers": {"ETag": {}}, "content": {"application/json": {"schema": {"$ref": "#/schemas/Thing"}}}}


def copied(it: Json) -> Json:
    """Without the parts that it has in common with itself."""
    return json.loads(json.dumps(it))  # type: ignore[no-any-return]


def document() -> Json:
    """A description with one of everything."""
    return copied(
        {
            "paths": {
                "/things/": {
                    "get": {
                        "operationId": "list_things",
                        "security": [{"token": []}, {}],
                        "parameters": [
                            {"in": "query", "name": "code", "schema": CODES},
                            {"in": "query", "name": "size", "schema": {"type": "integer", "maximum": 200}},
                        ],
                        "responses": {"200": ANSWER, "304": {}, "400": {"$ref": "#/answers/Problem"}},
                    },
                    "post": {
                        "operationId": "create_thing",
                        "requestBody": {
                            "content": {"application/json": {"schema": {"$ref": "#/schemas/NewThing"}}}
                        },
                        "responses": {"201": ANSWER},
                    },
                },
            },
            "answers": {"Problem": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
            "schemas": {
                "Codes": CODES,
                "Thing": {
                    "type": "object",
                    "required": ["name", "code"],
                    "properties": {
                        "name": {"type": "string"},
                        "code": {"allOf": [{"$ref": "#/schemas/Codes"}], "readOnly": True},
                        "mail": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}]},
                        "parts": {"type": "array", "items": {"$ref": "#/schemas/Thing"}},
                    },
                },
                "NewThing": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": NAME,
                        "code": CODES,
                        "count": {"type": ["integer", "null"], "minimum": 1},
                        "mail": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}]},
                    },
                },
            },
        }
    )


def things(change: Change) -> Change:
    return lambda it: change(it["paths"]["/things/"])


def listing(change: Change) -> Change:
    return things(lambda it: change(it["get"]))


def answered(change: Change) -> Change:
    return lambda it: change(it["schemas"]["Thing"])


def sent(change: Change) -> Change:
    return lambda it: change(it["schemas"]["NewThing"])


def fields(change: Change) -> Change:
    return lambda it: change(it["properties"])


BREAKING: dict[str, Change] = {
    "path gone": lambda it: it["paths"].clear(),
    "operation gone": things(lambda it: it.pop("post")),
    "operation renamed": listing(lambda it: it.update(operationId="things_list")),
    "needs credentials": listing(lambda it: it["security"].remove({})),
    "another way of credentials": listing(lambda it: it.update(security=[{"key": []}, {}])),
    "parameter gone": listing(lambda it: it["parameters"].pop()),
    "parameter required": listing(lambda it: it["parameters"][0].update(required=True)),
    "parameter new and required": listing(
        lambda it: it["parameters"].append({"in": "header", "name": "If", "required": True, "schema": NAME})
    ),
    "parameter's value gone": listing(lambda it: it["parameters"][0]["schema"]["enum"].remove("a")),
    "parameter's type": listing(lambda it: it["parameters"][1]["schema"].update(type="string")),
    "parameter's limit lower": listing(lambda it: it["parameters"][1]["schema"].update(maximum=100)),
    "parameter's limit new": listing(lambda it: it["parameters"][1]["schema"].update(minimum=1)),
    "parameter's pattern new": listing(lambda it: it["parameters"][0]["schema"].update(pattern="^a")),
    "body required": things(lambda it: it["post"]["requestBody"].update(required=True)),
    "body's media type": things(lambda it: it["post"]["requestBody"].update(content={"text/csv": {}})),
    "sent field gone": sent(fields(lambda it: it.pop("code"))),
    "sent field required": sent(lambda it: it["required"].append("code")),
    "sent field new and required": sent(
        lambda it: (it["properties"].update(new=NAME), it["required"].append("new"))
    ),
    "sent value gone": sent(fields(lambda it: it["code"]["enum"].remove("b"))),
    "sent values closed": sent(fields(lambda it: it["name"].update(enum=["x"]))),
    "sent null no more": sent(fields(lambda it: it["count"].update(type="integer"))),
    "sent minimum higher": sent(fields(lambda it: it["count"].update(minimum=2))),
    "sent text shorter": sent(fields(lambda it: it["name"].update(maxLength=19))),
    "sent format new": sent(fields(lambda it: it["name"].update(format="email"))),
    "sent alternative gone": sent(fields(lambda it: it["mail"]["anyOf"].pop())),
    "sent names closed": sent(lambda it: it.update(additionalProperties=False)),
    "answer gone": listing(lambda it: it["responses"].pop("304")),
    "answer's media type": listing(lambda it: it["responses"]["200"].update(content={"text/csv": {}})),
    "answer's header gone": listing(lambda it: it["responses"]["200"].update(headers={})),
    "problem's media type": lambda it: it["answers"]["Problem"].update(content={"text/html": {}}),
    "answered field gone": answered(fields(lambda it: it.pop("mail"))),
    "answered required field gone": answered(fields(lambda it: it.pop("name"))),
    "answered field may be absent": answered(lambda it: it["required"].remove("name")),
    "answered field's type": answered(fields(lambda it: it["name"].update(type="integer"))),
    "answered field may be null": answered(fields(lambda it: it["name"].update(type=["string", "null"]))),
    "answered field's format": answered(fields(lambda it: it["mail"]["anyOf"][0].update(format="uri"))),
    "answered list no longer closed": lambda it: it["schemas"]["Codes"].pop("enum"),
    "answered alternative new": answered(fields(lambda it: it["mail"]["anyOf"].append({"type": "integer"}))),
    "answered items": answered(fields(lambda it: it["parts"].update(items={"type": "string"}))),
}

COMPATIBLE: dict[str, Change] = {
    "nothing": lambda it: None,
    "words": listing(lambda it: it.update(summary="All", description="All things", tags=["things"])),
    "path new": lambda it: it["paths"].update({"/others/": {}}),
    "operation new": things(lambda it: it.update(patch={"operationId": "update_thing"})),
    "another way of credentials more": listing(lambda it: it["security"].append({"key": []})),
    "parameter new": listing(
        lambda it: it["parameters"].append(
            {"in": "query", "name": "q", "schema": {"$ref": "#/schemas/Codes"}}
        )
    ),
    "parameters in another order": listing(lambda it: it["parameters"].reverse()),
    "parameter's value new": listing(lambda it: it["parameters"][0]["schema"]["enum"].append("c")),
    "parameter's limit higher": listing(lambda it: it["parameters"][1]["schema"].update(maximum=500)),
    "parameter's limit gone": listing(lambda it: it["parameters"][1]["schema"].pop("maximum")),
    "sent field new": sent(fields(lambda it: it.update(new=NAME))),
    "sent field no longer required": sent(lambda it: it["required"].clear()),
    "sent field may be null": sent(fields(lambda it: it["name"].update(type=["string", "null"]))),
    "sent integer may be any number": sent(fields(lambda it: it["count"].update(type=["number", "null"]))),
    "sent text longer": sent(fields(lambda it: it["name"].update(maxLength=30))),
    "sent value new": sent(fields(lambda it: it["code"]["enum"].append("c"))),
    "sent alternative new": sent(fields(lambda it: it["mail"]["anyOf"].append({"type": "integer"}))),
    "answer new": listing(lambda it: it["responses"].update({"429": {"description": "Too many"}})),
    "problem gone": listing(lambda it: it["responses"].pop("400")),
    "answer's header new": listing(lambda it: it["responses"]["200"]["headers"].update(Vary={})),
    "answer's media type new": listing(
        lambda it: it["responses"]["200"]["content"].update({"text/csv": {"schema": {}}})
    ),
    "answered field new": answered(fields(lambda it: it.update(new=NAME))),
    "answered field always there": answered(lambda it: it["required"].append("mail")),
    "answered field never null": answered(fields(lambda it: it["mail"]["anyOf"].pop())),
    "answered value new": lambda it: it["schemas"]["Codes"]["enum"].append("c"),
    "answered value gone": lambda it: it["schemas"]["Codes"]["enum"].remove("a"),
}


@pytest.mark.parametrize("change", BREAKING)
def test_what_breaks_clients_is_found(change):
    changed = document()
    BREAKING[change](changed)
    assert breaking_changes(document(), changed) != []


@pytest.mark.parametrize("change", COMPATIBLE)
def test_what_does_not_is_not(change):
    changed = document()
    COMPATIBLE[change](changed)
    assert breaking_changes(document(), changed) == []


def test_it_says_what_is_broken_and_where():
    changed = document()
    changed["schemas"]["Thing"]["properties"].pop("mail")
    changed["paths"]["/things/"]["get"]["parameters"].pop()
    assert breaking_changes(document(), changed) == [
        "GET /things/: parameter size (query) is gone",
        "GET /things/: 200.mail is gone",
        "POST /things/: 201.mail is gone",
    ]


# The description that is committed --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed() -> Json:
    return json.loads((Path(settings.BASE_DIR) / "docs/openapi.json").read_text())  # type: ignore[no-any-return]


def test_no_field_of_an_answer_can_be_lost(committed):
    for name, component in committed["components"]["schemas"].items():
        if "Paginated" in name or "Input" in name or "properties" not in component:
            continue
        field = next(iter(component["properties"]))
        changed = copied(committed)
        del changed["components"]["schemas"][name]["properties"][field]
        assert any(f"{field} is gone" in change for change in breaking_changes(committed, changed)), name


def test_no_parameter_of_an_operation_can_be_lost(committed):
    for path, methods in committed["paths"].items():
        for method, operation in methods.items():
            changed = copied(committed)
            changed["paths"][path][method]["parameters"] = []
            expected = {
                f"{method.upper()} {path}: parameter {one['name']} ({one['in']}) is gone"
                for one in operation["parameters"]
            }
            assert set(breaking_changes(committed, changed)) == expected
