"""How much of the limit's throughput the portal reaches: both under the same load, in turns, in one run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import mean, median
from time import monotonic
from urllib.parse import quote

from django.conf import settings
from django.test import Client

from benchmarks import servers, words
from benchmarks.data import Region
from benchmarks.equality import check_equal
from benchmarks.measuring import Round, measure
from benchmarks.report import Finding, table
from benchmarks.servers import DatabaseClock, Server
from cbmportal.accounts.models import User
from cbmportal.accounts.tokens import make_token
from contacts.views import PAGE_SIZE

ROUNDS, SECONDS = 5, 1.0
#: Seconds after which no further round of a scenario begins.
PATIENCE = 30
CONTACTS = "/api/v1/contacts/?page_size=100"
DIRECTORY = "/api/v1/directory.json"
POLICIES = [f"/api/v1/policies/?page_size=100&state={state}" for state in ("CHL", "COL", "BRA", "CAN", "HTI")]
#: Words that are in every tenth, hundredth and ten thousandth document, and two together.
SEARCHES = [words.word_in(share) for share in (0.1, 0.01, 0.0001)]
SEARCHES.append(f"{SEARCHES[0]} {SEARCHES[1]}")
SEARCH = [f"/api/v1/policies/?page_size=20&q={quote(one)}" for one in SEARCHES]
PAGE = "/en/directory/"


@dataclass(frozen=True)
class Scenario:
    """`least` is the share of the limit's throughput that the portal has to reach."""

    name: str
    least: float
    paths: list[str]
    limit_paths: list[str] = field(default_factory=list)
    server: str = "live"
    by_session: bool = False
    unchanged: bool = False


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("contacts, page of 100", 0.5, [CONTACTS]),
    Scenario("all contacts", 0.6, [DIRECTORY]),
    Scenario("policies of a state, page of 100", 0.5, POLICIES),
    Scenario("search, first 20", 0.45, SEARCH),
    Scenario("all contacts, unchanged repeat", 5, [DIRECTORY], server="caching"),
    Scenario("contacts, page of 100, 304", 1.5, [CONTACTS], server="caching", unchanged=True),
    Scenario(
        f"directory as a page, {PAGE_SIZE} contacts",
        0.3,
        [PAGE],
        [f"/api/v1/contacts/?page_size={PAGE_SIZE}"],
        by_session=True,
    ),
)


@dataclass(frozen=True)
class Contest:
    scenario: Scenario
    portal: Sequence[Round]
    limit: Sequence[Round]

    @property
    def ratios(self) -> list[float]:
        return [one.rate / other.rate for one, other in zip(self.portal, self.limit, strict=True)]

    @property
    def finding(self) -> Finding:
        what = f"{self.scenario.name}, throughput beside the limit's"
        return Finding(what, median(self.ratios), self.scenario.least, at_least=True)


@dataclass(frozen=True)
class Arena:
    portals: dict[str, Server]
    limit: Server
    clock: DatabaseClock
    token: dict[str, str]
    session: dict[str, str]

    def contest(self, one: Scenario) -> Contest:
        """The first, shorter round warms both and is forgotten; where answers take long, fewer rounds follow."""
        print(f"  {one.name} …", flush=True)
        self._both(one, SECONDS / 2)
        until, rounds = monotonic() + PATIENCE, [self._both(one, SECONDS)]
        while len(rounds) < ROUNDS and monotonic() < until:
            rounds.append(self._both(one, SECONDS))
        portal, limit = zip(*rounds, strict=True)
        return Contest(one, portal, limit)

    def _both(self, one: Scenario, seconds: float) -> tuple[Round, Round]:
        headers = self.session if one.by_session else self.token
        order = (
            {"headers": headers, "conditional": True, "status": 304}
            if one.unchanged
            else {"headers": headers}
        )
        portal = measure(self.portals[one.server], self.clock, one.paths, seconds=seconds, **order)
        paths = one.limit_paths or one.paths
        return portal, measure(self.limit, self.clock, paths, seconds=seconds, headers=self.token)


def run(region: Region) -> Iterator[Finding]:
    with ExitStack() as stack:
        live, caching, limit = map(
            stack.enter_context, (servers.portal(**servers.LIVE), servers.portal(), servers.limit())
        )
        portals = {"live": live, "caching": caching}
        arena = Arena(portals, limit, DatabaseClock(), token_of(region.delegate), session_of(region.delegate))
        offered = SCENARIOS
        if not is_offered(live, DIRECTORY, arena.token):
            offered = tuple(one for one in SCENARIOS if one.paths != [DIRECTORY])
        check_equal(live, limit, region, {CONTACTS, DIRECTORY, *POLICIES, *SEARCH})
        print("\nMeasuring beside the limit server:")
        contests = [arena.contest(one) for one in offered]
    _print(contests)
    yield from (one.finding for one in contests)


def token_of(person: User) -> dict[str, str]:
    _token, key = make_token(user=person, name="benchmark")
    return {"Authorization": f"Token {key}"}


def session_of(person: User) -> dict[str, str]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


def is_offered(portal: Server, path: str, headers: dict[str, str]) -> bool:
    status, _content = portal.get(path, headers)
    if status == 404:
        print(f"Skipped: the portal has no {path}")
    return status != 404


def _print(contests: list[Contest]) -> None:
    heads = (
        "",
        "ratio",
        "least",
        "from",
        "to",
        "rounds",
        "answers/s",
        "limit",
        "CPU ms",
        "limit",
        "database",
        "limit",
    )
    rows = [
        (
            one.scenario.name + ("  (missed)" if one.finding.is_missed else ""),
            *(median(one.ratios), one.scenario.least, min(one.ratios), max(one.ratios), len(one.ratios)),
            *(median(each.rate for each in rounds) for rounds in (one.portal, one.limit)),
            *(mean(each.application for each in rounds) for rounds in (one.portal, one.limit)),
            *(mean(each.database for each in rounds) for rounds in (one.portal, one.limit)),
        )
        for one in contests
    ]
    table("Throughput beside the limit server, in turns, 8 connections", heads, rows)
