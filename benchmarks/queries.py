"""How many queries each list of the API asks with a token, and how the database goes about the hot ones."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import ratios
from benchmarks.data import Region
from benchmarks.report import Finding, table
from cbmportal.accounts.tokens import make_token
from cbmportal.api.resources import RESOURCES

MOST, MOST_REPEATED = 3, 2
#: A plan that reads such a table whole, row by row, is worth a look.
SMALL = 500


def run(region: Region) -> Iterator[Finding]:
    _token, key = make_token(user=region.delegate, name="queries")
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Token {key}"})
    lists = [f"/api/v1/{name}/" for name in RESOURCES] + [
        ratios.CONTACTS,
        ratios.POLICIES[0],
        ratios.SEARCH[1],
    ]
    offered = [path for path in (*lists, ratios.DIRECTORY) if _warmed(client, path)]
    rows, plans = [], []
    for path in offered:
        first, statements, tag = _asked(client, path)
        again, _statements, _tag = _asked(client, path)
        unchanged, _statements, _tag = _asked(client, path, tag)
        rows.append((path, first, again, unchanged))
        plans += [(path, *_plan(statement)) for statement in statements]
        yield Finding(f"{path}, queries", first, MOST)
        yield Finding(f"{path}, queries of a repeat", again, MOST_REPEATED)
        yield Finding(f"{path}, queries of a 304", unchanged, MOST_REPEATED)
    table("Queries of the API's lists, with a token", ("list", "first", "repeated", "304"), rows)
    heads = ("list", "estimated cost", f"indexes; ! a table of {SMALL} rows or more read whole")
    hot = {ratios.CONTACTS, ratios.POLICIES[0], ratios.SEARCH[1], ratios.DIRECTORY}
    table("Plans of the hot lists", heads, [plan for plan in plans if plan[0] in hot])


def _warmed(client: Client, path: str) -> bool:
    """Asked of another page's address, so that no answer is kept of this one; False if the portal has no such list.

    It notes what is noted once a day or an hour: that somebody has read, that a token was used.
    """
    other = "" if path.endswith(".json") else ("&" if "?" in path else "?") + "page=1"
    answer = client.get(path + other)
    answer.getvalue()  # what is streamed asks as it is read
    return answer.status_code == 200


def _asked(client: Client, path: str, tag: str = "") -> tuple[int, list[str], str]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, headers={"If-None-Match": tag} if tag else {})
        answer.getvalue()
    assert answer.status_code == (304 if tag else 200), f"{path} answers {answer.status_code}"
    selects = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
    return len(captured), selects, answer.headers.get("ETag", "")


def _plan(statement: str) -> tuple[float, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE reltuples >= %s", [SMALL])
        large = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        ((plan, *_others),) = cursor.fetchone()
    nodes = list(_nodes(plan["Plan"]))
    used = dict.fromkeys(node["Index Name"] for node in nodes if "Index Name" in node)
    whole = dict.fromkeys(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan")
    reads = [*used, *(f"! {name}" for name in whole if name in large)]
    return float(plan["Plan"]["Total Cost"]), ", ".join(reads) or "small tables only"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)
