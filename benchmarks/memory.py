"""What a worker of the portal holds while ten clients pull the whole directory at once."""

import time
from collections.abc import Iterator

from benchmarks import ratios, servers
from benchmarks.data import Region
from benchmarks.measuring import start_load
from benchmarks.report import Finding, table
from benchmarks.servers import Server

CLIENTS = 10
MOST_MEGABYTES = 120
SAMPLED_EVERY = 0.05


def run(region: Region) -> Iterator[Finding]:
    peak = peak_of(ratios.token_of(region.delegate))
    if peak is not None:
        table("Memory of a worker, MB", ("contacts", "peak"), [(region.made["contacts"], peak)])
        yield Finding("megabytes of a worker under load", peak, MOST_MEGABYTES)


def peak_of(headers: dict[str, str]) -> float | None:
    """Megabytes at most, seen from outside, once all have been served a page too; None without a directory."""
    with servers.portal(**servers.LIVE) as portal:
        status, _content = portal.get(ratios.CONTACTS, headers)
        assert status == 200
        return pulled(portal, headers) if ratios.is_offered(portal, ratios.DIRECTORY, headers) else None


def pulled(portal: Server, headers: dict[str, str]) -> float:
    order = {"headers": headers, "seconds": 600, "connections": CLIENTS, "most": CLIENTS * 2}
    peak = 0.0
    with start_load(portal, [ratios.DIRECTORY], **order) as process:
        while process.poll() is None:
            peak = max(peak, portal.memory())
            time.sleep(SAMPLED_EVERY)
    assert process.returncode == 0, "the directory was not pulled whole; the reason stands above"
    return max(peak, portal.memory())
