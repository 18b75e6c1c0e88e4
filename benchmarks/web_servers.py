"""granian beside gunicorn: the same portal, the same number of workers, in turns."""

from statistics import mean, median

from benchmarks import ratios, servers
from benchmarks.data import Region
from benchmarks.measuring import measure
from benchmarks.report import table
from benchmarks.servers import DatabaseClock

ROUNDS, SECONDS = 5, 1.0
PATHS = {"contacts, page of 100": ratios.CONTACTS, "one state": "/api/v1/states/CHL/"}


def run(region: Region) -> None:
    headers, clock = ratios.token_of(region.delegate), DatabaseClock()
    rows = []
    with servers.portal(**servers.LIVE) as granian, servers.portal_under_gunicorn(**servers.LIVE) as gunicorn:
        for name, path in PATHS.items():
            pairs = [
                [
                    measure(server, clock, [path], headers=headers, seconds=SECONDS)
                    for server in (granian, gunicorn)
                ]
                for _round in range(ROUNDS + 1)
            ][1:]
            rates = [[one.rate for one in rounds] for rounds in zip(*pairs, strict=True)]
            costs = [mean(one.application for one in rounds) for rounds in zip(*pairs, strict=True)]
            ratio = [one / other for one, other in zip(*rates, strict=True)]
            rows.append((name, median(ratio), min(ratio), max(ratio), *map(median, rates), *costs))
    heads = ("", "ratio", "from", "to", "granian/s", "gunicorn/s", "granian CPU ms", "gunicorn CPU ms")
    table("granian beside gunicorn, answers of the portal", heads, rows)
