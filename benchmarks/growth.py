"""How costs grow with the region: contacts from 2,000 to 200,000, policies from 10,000 to 1,000,000."""

from collections.abc import Iterator
from itertools import pairwise
from math import log10
from urllib.parse import quote

from benchmarks import memory, ratios, servers, words
from benchmarks.data import Region, make
from benchmarks.measuring import measure
from benchmarks.report import Finding, table
from benchmarks.servers import DatabaseClock

CONTACTS = (2_000, 200_000)
POLICIES = (10_000, 100_000, 1_000_000)
#: Powers of the size: 0 is the same cost at any size, 1 is in proportion to it.
MOST_OF_A_PAGE, MOST_OF_A_SEARCH, MOST_OF_ALL = 0.05, 0.5, 1.05
MOST_MEMORY = 1.1
SECONDS, ROUNDS, MOST_ANSWERS = 1.5, 3, 400

PAGES = "contacts, first page", "contacts, middle page", "contacts, last page"
SEARCHES = {
    "in every tenth": words.word_in(0.1),
    "in every hundredth": words.word_in(0.01),
    "in one of 10,000": words.word_in(0.0001),
    "two words": f"{words.word_in(0.1)} {words.word_in(0.01)}",
}
FILTERS = (
    "",
    "state=CHL",
    "kind=national_strategy",
    "year_from=2010&year_to=2012",
    "language=fr&status=in_force",
)
OF_POLICIES = {f"search, {name}": f"q={quote(text)}&page_size=20" for name, text in SEARCHES.items()}
OF_POLICIES |= {f"policies, {one or 'all'}": f"{one}&page_size=100".lstrip("&") for one in FILTERS}

Costs = dict[str, float]


def run() -> Iterator[Finding]:
    region = make(contacts=0, policies=0, history=False)
    headers = ratios.token_of(region.delegate)
    yield from _of_contacts(region, headers)
    yield from _of_policies(region, headers)


def exponent(before: float, after: float, times: float) -> float:
    return log10(after / before) / log10(times)


def _of_contacts(region: Region, headers: dict[str, str]) -> Iterator[Finding]:
    costs, peaks = [], []
    for count in CONTACTS:
        region.grow(contacts=count)
        paths = dict(zip(PAGES, (_page(1), _page(count // 200), _page(count // 100)), strict=True))
        costs.append(_costs({**paths, "all contacts": ratios.DIRECTORY}, headers))
        peaks.append(memory.peak_of(headers))
    yield from _grown("contacts", CONTACTS, costs, {"all contacts": MOST_OF_ALL}, MOST_OF_A_PAGE)
    small, large = peaks
    if small and large:
        table("Memory of a worker, MB", ("", *map(str, CONTACTS)), [("peak", small, large)])
        yield Finding(
            f"memory of a worker, {CONTACTS[-1]:,} contacts beside {CONTACTS[0]:,}",
            large / small,
            MOST_MEMORY,
        )


def _of_policies(region: Region, headers: dict[str, str]) -> Iterator[Finding]:
    costs = []
    for count in POLICIES:
        region.grow(policies=count)
        costs.append(
            _costs({name: f"/api/v1/policies/?{query}" for name, query in OF_POLICIES.items()}, headers)
        )
    yield from _grown("policies", POLICIES, costs, {}, MOST_OF_A_SEARCH)


def _page(number: int) -> str:
    return f"/api/v1/contacts/?page_size=100&page={number}"


def _costs(paths: dict[str, str], headers: dict[str, str]) -> Costs:
    """Milliseconds for one answer, of the quickest round: other work on a machine only adds."""
    clock = DatabaseClock()
    with servers.portal(**servers.LIVE) as portal:
        return {
            name: min(
                measure(
                    portal, clock, [path], headers=headers, connections=1, seconds=SECONDS, most=MOST_ANSWERS
                ).cost
                for _round in range(ROUNDS)
            )
            for name, path in paths.items()
            if ratios.is_offered(portal, path, headers)
        }


def _grown(
    what: str, sizes: tuple[int, ...], costs: list[Costs], limits: dict[str, float], usual: float
) -> Iterator[Finding]:
    rows = []
    for name in costs[0]:
        steps = zip(pairwise(sizes), pairwise(one[name] for one in costs), strict=True)
        powers = [exponent(*cost, later / sooner) for (sooner, later), cost in steps]
        rows.append((name, *(one[name] for one in costs), *powers))
        yield Finding(f"{name}, growth with the number of {what}", max(powers), limits.get(name, usual))
    heads = (f"ms at so many {what}", *(f"{size:,}" for size in sizes), *["exponent"] * (len(sizes) - 1))
    table(f"Growth with the number of {what}: milliseconds for one answer", heads, rows)
