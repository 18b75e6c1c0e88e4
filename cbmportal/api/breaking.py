"""Which changes of the API's description would break a client that was written for it as it was.

What clients send, the new description has to take as the old one did; what they are answered, they understand as
the old one told them. What may be added without breaking them is in docs/api.md.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
EXACT = ("pattern", "format", "const", "multipleOf", "uniqueItems")
ANY = frozenset({"array", "boolean", "null", "number", "object", "string"})


def breaking_changes(old: Json, new: Json) -> list[str]:
    """In sentences, each beginning with the operation that it is about."""
    return list(dict.fromkeys(_Comparison(old, new).changes()))


class _Comparison:
    def __init__(self, old: Json, new: Json) -> None:
        self.old, self.new = old, new
        self.compared: set[tuple[Any, ...]] = set()

    def changes(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method, old in methods.items():
                self.compared.clear()
                new = self.new["paths"].get(path, {}).get(method)
                broken = self._operation(old, new) if new else ["is gone"]
                yield from (f"{method.upper()} {path}: {change}" for change in broken)

    def _operation(self, old: Json, new: Json) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"operationId is {new.get('operationId')}, was {old.get('operationId')}"
        for way in old.get("security", [{}]):
            if way not in new.get("security", [{}]):
                yield f"no longer opens with {' and '.join(way) or 'no credentials'}"
        yield from self._parameters(old, new)
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required") and not before.get("required"):
            yield "a body is required"
        yield from self._contents(before.get("content", {}), after.get("content", {}), "body", sent=True)
        yield from self._answers(old.get("responses", {}), new.get("responses", {}))

    def _parameters(self, old: Json, new: Json) -> Iterator[str]:
        before, after = (
            {(one["in"], one["name"]): one for one in each.get("parameters", ())} for each in (old, new)
        )
        yield from (f"parameter {name} ({place}) is gone" for place, name in before.keys() - after.keys())
        for (place, name), one in after.items():
            former = before.get((place, name))
            if one.get("required") and not (former and former.get("required")):
                yield f"parameter {name} ({place}) is required"
            if former:
                yield from self._schema(former["schema"], one["schema"], f"parameter {name}", sent=True)

    def _answers(self, old: Json, new: Json) -> Iterator[str]:
        for status in old:
            if status not in new:
                yield from [f"never answers {status}"] if status < "400" else []
                continue
            before, after = _followed(old[status], self.old), _followed(new[status], self.new)
            lost = before.get("headers", {}).keys() - after.get("headers", {}).keys()
            yield from (f"{status} has no header {name}" for name in lost)
            yield from self._contents(before.get("content", {}), after.get("content", {}), status, sent=False)

    def _contents(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        for media, content in old.items():
            if media in new:
                yield from self._schema(content["schema"], new[media]["schema"], place, sent=sent)
            else:
                yield f"{place} is no longer {media}"

    def _schema(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        pair = (old.get("$ref"), new.get("$ref"), sent)
        if all(pair[:2]) and pair in self.compared:
            return
        self.compared.add(pair)
        old, new = _merged(old, self.old), _merged(new, self.new)
        # Clients give what is sent and take what is answered: the taker must expect all that the giver may give.
        giver, taker = (old, new) if sent else (new, old)
        if not _types(giver) <= _types(taker):
            yield f"{place} is {new.get('type', 'anything')}, was {old.get('type', 'anything')}"
        yield from (f"{place} has another {name}" for name in _narrower(giver, taker, sent))
        yield from self._properties(old, new, place, sent=sent)
        for name in ("items", "additionalProperties"):
            if isinstance(old.get(name), dict) and isinstance(new.get(name), dict):
                yield from self._schema(old[name], new[name], f"{place}[]", sent=sent)
        yield from self._alternatives(old, new, place, sent=sent)

    def _properties(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        giver, taker = (old, new) if sent else (new, old)
        yield from (f"{place}.{name} is gone" for name in sorted(before.keys() - after.keys()))
        for name in sorted((set(taker.get("required", ())) - set(giver.get("required", ()))) & after.keys()):
            yield f"{place}.{name} {'is required' if sent else 'may be absent'}"
        for name in before.keys() & after.keys():
            yield from self._schema(before[name], after[name], f"{place}.{name}", sent=sent)

    def _alternatives(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        """Each that the giver may choose needs one of the taker's that fits it."""
        before, after = (one.get("anyOf") or one.get("oneOf") or [one] for one in (old, new))
        given, taken = (before, after) if sent else (after, before)
        for one in given if len(given) + len(taken) > 2 else ():
            pairs = [(one, other) if sent else (other, one) for other in taken]
            afresh = _Comparison(self.old, self.new)
            if all([*afresh._schema(*pair, place, sent=sent)] for pair in pairs):
                yield f"{place} has other alternatives"


def _narrower(giver: Json, taker: Json, sent: bool) -> Iterator[str]:
    if "enum" in taker and not ("enum" in giver and (not sent or set(giver["enum"]) <= set(taker["enum"]))):
        yield "enum"
    yield from (name for name in EXACT if name in taker and taker[name] != giver.get(name))
    if sent:
        yield from (name for name in UPPER if name in taker and giver.get(name, float("inf")) > taker[name])
        yield from (name for name in LOWER if name in taker and giver.get(name, float("-inf")) < taker[name])
        if taker.get("additionalProperties") is False and giver.get("additionalProperties") is not False:
            yield "additionalProperties"


def _followed(node: Json, document: Json) -> Json:
    while "$ref" in node:
        found: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


def _merged(schema: Json, document: Json) -> Json:
    """With its reference followed and the parts of `allOf` in one."""
    schema = _followed(schema, document)
    merged: Json = {key: value for key, value in schema.items() if key != "allOf"}
    for part in (_merged(one, document) for one in schema.get("allOf", ())):
        properties = merged.get("properties", {}) | part.get("properties", {})
        required = [*merged.get("required", ()), *part.get("required", ())]
        merged |= part | {"properties": properties, "required": required}
    return merged


def _types(schema: Json) -> frozenset[str]:
    named = schema.get("type", ANY)
    types = frozenset({named} if isinstance(named, str) else named)
    return types | {"integer"} if "number" in types else types
