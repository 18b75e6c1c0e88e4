"""The limit: the smallest honest program that answers as the API does, to see what the portal costs above it.

psycopg2 and orjson, one connection a thread, SQL by hand. It knows tokens, dated grants and who sees which
detail, and no more: no visitors' errors, no validation, no caching, and officers of the Secretariat are
turned away.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson
import psycopg2

from benchmarks import limit_sql as sql

Environment = dict[str, Any]
Query = dict[str, str]
Row = tuple[Any, ...]
_thread = threading.local()


class Viewer(NamedTuple):
    own: list[int]
    member: bool


class Refused(Exception):
    pass


def application(environment: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
    try:
        answer = ROUTES[environment["PATH_INFO"]]
        content = answer(viewer_of(environment), dict(parse_qsl(environment["QUERY_STRING"])), environment)
    except (KeyError, Refused) as error:
        start_response("404 Not Found" if isinstance(error, KeyError) else "401 Unauthorized", [])
        return [b""]
    body = orjson.dumps(content)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def rows(statement: str, **values: Any) -> list[Row]:
    if not hasattr(_thread, "cursor"):
        connection = psycopg2.connect(os.environ["DATABASE_URL"], options="-c timezone=UTC")
        connection.autocommit = True
        _thread.cursor = connection.cursor()
    _thread.cursor.execute(statement, values)
    found: list[Row] = _thread.cursor.fetchall()
    return found


def viewer_of(environment: Environment) -> Viewer:
    scheme, _space, key = environment.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "Token":
        return Viewer([], member=False)
    found = rows(sql.VIEWER, digest=hashlib.sha512(key.encode()).hexdigest())
    if not found:
        raise Refused
    ((own, reads),) = found
    return Viewer(own, member=bool(own) or reads)


# Contacts --------------------------------------------------------------------------------------------------


def contacts(viewer: Viewer, query: Query, environment: Environment) -> dict[str, Any]:
    page = Page(query, environment)
    ((count,),) = rows(sql.CONTACTS_COUNT, own=viewer.own)
    found = rows(sql.CONTACTS + sql.PAGE, own=viewer.own, **page.span)
    return page.of(count, written_contacts(viewer, found, environment))


def directory(viewer: Viewer, query: Query, environment: Environment) -> dict[str, Any]:
    found = written_contacts(viewer, rows(sql.CONTACTS, own=viewer.own), environment)
    return {"count": len(found), "results": found}


def written_contacts(viewer: Viewer, found: list[Row], environment: Environment) -> list[dict[str, Any]]:
    if not viewer.member:
        raise Refused
    base, own = f"http://{environment['HTTP_HOST']}/api/v1/contacts/", frozenset(viewer.own)
    return [written_contact(row, row[0] in own, base) for row in found]


def written_contact(row: Row, own: bool, base: str) -> dict[str, Any]:
    """Row by row as sql.CONTACTS has them: state, institution, audiences, then fields by name."""
    _state, audience, uuid, name, *values = row
    written = dict(zip(sql.CONTACT_FIELDS, values, strict=True))
    written["url"] = f"{base}{written['uuid']}/"
    if own or audience != "secretariat":
        written["institution"] = {"uuid": uuid, "name": name}
    if not own:
        for who, details in sql.AUDIENCES.items():
            if written.pop(who) == "secretariat":
                for detail in details:
                    del written[detail]
    return written


# Policies --------------------------------------------------------------------------------------------------


def policies(viewer: Viewer, query: Query, environment: Environment) -> dict[str, Any]:
    page = Page(query, environment)
    where = sql.POLICIES_SEEN
    if "state" in query:
        where += sql.POLICIES_OF_STATE
    if "q" in query:
        where += sql.POLICIES_ABOUT
    values = {**query, "own": viewer.own}
    ((count,),) = rows(sql.POLICIES_COUNT + where, **values)
    found = rows(sql.POLICIES + where + sql.POLICIES_ORDER + sql.PAGE, **values, **page.span)
    return page.of(count, written_policies(viewer, found, environment))


def written_policies(viewer: Viewer, found: list[Row], environment: Environment) -> list[dict[str, Any]]:
    base, own = f"http://{environment['HTTP_HOST']}/api/v1/policies/", frozenset(viewer.own)
    keys = [row[0] for row in found]
    translations = by_policy(sql.TRANSLATIONS, sql.TRANSLATION_FIELDS, keys)
    files = by_policy(sql.FILES, sql.FILE_FIELDS, keys)
    results = []
    for key, state, *values in found:
        written = dict(zip(sql.POLICY_FIELDS, values, strict=True))
        written["url"] = f"{base}{written['ref']}/"
        written["translations"], written["files"] = translations.get(key, []), files.get(key, [])
        if state not in own:
            for detail in sql.POLICY_DETAILS:
                del written[detail]
        results.append(written)
    return results


def by_policy(statement: str, names: tuple[str, ...], keys: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for key, *values in rows(statement, keys=keys):
        found.setdefault(key, []).append(dict(zip(names, values, strict=True)))
    return found


# Pages -----------------------------------------------------------------------------------------------------


class Page:
    def __init__(self, query: Query, environment: Environment) -> None:
        self.number, self.size = int(query.get("page", 1)), int(query.get("page_size", 100))
        self.query = dict(query)
        self.address = f"http://{environment['HTTP_HOST']}{environment['PATH_INFO']}"
        self.span = {"limit": self.size, "offset": (self.number - 1) * self.size}

    def of(self, count: int, results: list[dict[str, Any]]) -> dict[str, Any]:
        more = self.number * self.size < count
        return {
            "count": count,
            "next": self._link(self.number + 1) if more else None,
            "previous": self._link(self.number - 1) if self.number > 1 else None,
            "results": results,
        }

    def _link(self, number: int) -> str:
        query = {name: text for name, text in self.query.items() if name != "page"}
        if number > 1:
            query["page"] = str(number)
        return f"{self.address}?{urlencode(sorted(query.items()))}" if query else self.address


ROUTES = {
    "/api/v1/contacts/": contacts,
    "/api/v1/directory.json": directory,
    "/api/v1/policies/": policies,
}
