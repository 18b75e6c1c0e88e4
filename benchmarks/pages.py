"""What the main pages cost: CPU of the application for one answer, queries, and what that is beside a bare template.

The bare template is the house with nothing in it: header, navigation and footer, rendered in the same run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from time import process_time
from unittest.mock import patch

from django.db import connection
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from benchmarks.data import make
from benchmarks.report import Finding, table
from cbmportal import rows
from cbmportal.accounts.models import User
from cbmportal.memory import Memory
from contacts import views
from contacts.access import VISITOR, viewer_of
from contacts.models import ReadVia, State
from contacts.reads import note_reading
from policies.models import PolicySubmission

CONTACTS, POLICIES = 200, 500
ROUNDS, ANSWERS = 20, 5
MOST_MILLISECONDS = 30
MOST_QUERIES = 12
#: Those with a limit in milliseconds; all pages have that of queries. The directory shows 100 contacts.
DIRECTORY = "/en/directory/"
LIVE = f"{DIRECTORY} (no row kept)"
LIMITED = {"/en/": MOST_MILLISECONDS, "/en/states/CHL/": MOST_MILLISECONDS, DIRECTORY: 16, LIVE: 24}


@dataclass(frozen=True)
class Cost:
    page: str
    person: str
    milliseconds: float
    median: float
    queries: int
    ratio: float

    @property
    def findings(self) -> list[Finding]:
        who = f"{self.page} as {self.person}"
        found = [Finding(f"{who}, queries", self.queries, MOST_QUERIES)]
        if self.page in LIMITED:
            found.append(Finding(f"{who}, milliseconds", self.milliseconds, LIMITED[self.page]))
        return found


def measure(answer: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of CPU for one answer: of the quickest round, which nothing disturbed, and of the middle one."""
    for _warm in range(ANSWERS):
        answer()
    rounds = []
    for _round in range(ROUNDS):
        begun = process_time()
        for _answer in range(ANSWERS):
            answer()
        rounds.append((process_time() - begun) / ANSWERS * 1000)
    return min(rounds), median(rounds)


def run() -> Iterator[Finding]:
    costs = measured()
    heads = ("page", "as", "ms", "median", "queries", "× bare template")
    rows = [(one.page, one.person, one.milliseconds, one.median, one.queries, one.ratio) for one in costs]
    table(f"Pages, at {CONTACTS} contacts and {POLICIES} policies; CPU of the application", heads, rows)
    for one in costs:
        yield from one.findings
    live = next(one for one in costs if one.page == LIVE)
    noting = milliseconds_of_noting()
    print(f"\nNoting a reading of all states that is noted already: {noting * 1000:.1f} µs", flush=True)
    yield Finding("noting who reads, as a share of a directory page", noting / live.milliseconds, 0.01)


def milliseconds_of_noting() -> float:
    """What every reading after the first of a day costs; that one writes a row a state."""
    reader = viewer_of(User.objects.get(email="delegate.chl@example.org"))
    states = set(State.objects.values_list("pk", flat=True))
    milliseconds, _median = measure(lambda: note_reading(viewer=reader, states=states, via=ReadVia.PAGE))
    return milliseconds


def measured() -> list[Cost]:
    delegate = make(contacts=CONTACTS, policies=POLICIES).delegate
    ref = PolicySubmission.objects.filter(state__iso3="CHL", status="published").values_list(
        "ref", flat=True
    )[0]
    public = [
        "/en/",
        "/en/states/CHL/",
        "/en/states/",
        "/en/policies/",
        f"/en/policies/{ref}/",
        "/en/measures/",
    ]
    clients = {"visitor": Client(SERVER_NAME="localhost"), "delegate": Client(SERVER_NAME="localhost")}
    clients["delegate"].force_login(delegate)
    bare = bare_template()
    costs = [cost(clients["visitor"], page, "visitor", bare) for page in public]
    members = [*public[:2], DIRECTORY, "/en/my/CHL/"]
    costs += [cost(clients["delegate"], page, "delegate", bare) for page in members]
    nothing_kept = patch.object(views, "SHOWN", Memory(0))
    with nothing_kept, patch.object(rows, "MOST_KEPT", 0), patch.object(rows, "_KEPT", {}):
        live = cost(clients["delegate"], DIRECTORY, "delegate", bare)
    return [*costs, replace(live, page=LIVE)]


def bare_template() -> float:
    request = RequestFactory(SERVER_NAME="localhost").get("/en/")
    request.viewer = VISITOR  # type: ignore[attr-defined]
    milliseconds, _median = measure(lambda: render(request, "error.html"))
    return milliseconds


def cost(client: Client, page: str, person: str, bare: float) -> Cost:
    with CaptureQueriesContext(connection) as queries:
        status = client.get(page).status_code
    asked = len(queries)
    assert status == 200, f"{page} answers {status}"
    milliseconds, middle = measure(lambda: client.get(page))
    return Cost(page, person, milliseconds, middle, asked, milliseconds / bare)
