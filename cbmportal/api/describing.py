"""Completes the description that drf-spectacular has made: names, sentences, headers and an example for everything.

It reads what an operation takes and answers from the description itself, so that an operation that is added is
completed like all others; what nobody has written yet (`operations.py`, `examples.json`), the tests ask for.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from cbmportal.api.examples import example, problems
from cbmportal.api.operations import HEADERS, OPERATIONS, PARAMETERS, TAGS, Operation
from cbmportal.api.problems import DETAILS, MEDIA_TYPE

PREFIX = "/api/v1/"
MOVED, NOT_MODIFIED = "301", "304"


def complete(result: dict[str, Any], generator: Any, **_kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular, after all others."""
    components = result["components"]
    components["headers"] = {name: _header(name) for name in HEADERS}
    components["responses"] = {}
    for path, method, operation in operations(result):
        _name(operation, path, method)
        _describe_parameters(operation)
        _describe_body(operation, result["paths"])
        _describe_answers(operation, method, result["paths"])
        _share_problems(operation, components["responses"])
    used = {tag for _path, _method, operation in operations(result) for tag in operation["tags"]}
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    return result


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _name(operation: dict[str, Any], path: str, method: str) -> None:
    place = path.removeprefix(PREFIX)
    words = OPERATIONS.get(f"{method} {place}", Operation(operation["operationId"], ""))
    operation["operationId"] = words.id
    if words.summary:
        operation["summary"] = words.summary
    if words.description:
        operation["description"] = words.description
    operation["tags"] = [place.split("/")[0].split(".")[0] or "index"]


def _describe_parameters(operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    if NOT_MODIFIED in operation["responses"]:
        parameters.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
    for parameter in parameters:
        text, value = PARAMETERS.get(parameter["name"], ("", None))
        parameter["description"] = text or parameter.get("description", "")
        value = parameter.pop("example", value)
        if value is not None and parameter.get("required"):
            parameter["example"] = value
        elif value is not None:
            # Not beside the schema, from where the docs page would fill it in and narrow every trial.
            parameter["schema"]["examples"] = [value]


def _describe_body(operation: dict[str, Any], paths: dict[str, Any]) -> None:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _exemplify(content, operation, paths)


def _describe_answers(operation: dict[str, Any], method: str, paths: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if status < "400":
            answer["description"] = answer["description"] or HTTPStatus(int(status)).phrase
            answer["headers"] = answer.get("headers", {}) | _headers(*_success_headers(status, method))
            for content in answer.get("content", {}).values():
                _exemplify(content, operation, paths)


def _exemplify(content: dict[str, Any], operation: dict[str, Any], paths: dict[str, Any]) -> None:
    value = example(operation["operationId"], content["schema"], paths)
    if value is not None and not content.get("examples"):
        content["examples"] = {"example": {"value": value}}


def _success_headers(status: str, method: str) -> tuple[str, ...]:
    if status == MOVED:
        return ("Location",)
    created = ("Location",) if status == "201" else ()
    return ("ETag", "Vary", *(("Cache-Control",) if method == "GET" else ()), *created)


def _share_problems(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """A problem is described once for all operations."""
    for status, answer in operation["responses"].items():
        if MEDIA_TYPE in answer.get("content", {}):
            name = HTTPStatus(int(status)).name.title().replace("_", "")
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
            answer["content"][MEDIA_TYPE]["examples"] = problems(int(status))
            answer["description"] = DETAILS.get(int(status), answer["description"])
            answer["headers"] = _headers("Cache-Control", *_problem_headers(int(status)))
            shared[name] = answer


def _problem_headers(status: int) -> tuple[str, ...]:
    return {401: ("WWW-Authenticate",), 429: ("Retry-After",)}.get(status, ())


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(name: str) -> dict[str, Any]:
    text, value = HEADERS[name]
    schema = {"type": "integer", "minimum": 1} if name == "Retry-After" else {"type": "string"}
    return {"description": text, "required": True, "schema": schema, "example": value}
