"""The limit is one only if it answers what the portal answers: the same JSON, for whoever asks."""

from collections.abc import Iterable
from typing import Any

from benchmarks.data import Region
from benchmarks.servers import Server
from cbmportal.accounts.tokens import make_token

MORE = (
    *(
        "/api/v1/contacts/",
        "/api/v1/contacts/?page=11&page_size=100",
        "/api/v1/contacts/?page=20&page_size=100",
    ),
    *("/api/v1/policies/?page=2&state=CHL", "/api/v1/policies/?page=40"),
)


def check_equal(portal: Server, limit: Server, region: Region, paths: Iterable[str]) -> None:
    """As a delegate, who sees more of one state than of others, and as an observer."""
    for person in (region.delegate, region.observer):
        _token, key = make_token(user=person, name="equality")
        headers = {"Authorization": f"Token {key}"}
        for path in (*paths, *MORE):
            status, expected = portal.get(path, headers)
            if status == 404:
                continue
            ours, given = limit.get(path, headers)
            assert (status, ours) == (200, 200), f"{path} answers {status}, and the limit {ours}"
            fault = difference(records(expected), records(given))
            assert not fault, f"{path}: portal and limit differ for {person}: {fault}"


def records(content: Any) -> Any:
    """Of the directory as a whole only the contacts count, whatever stands around them."""
    if "next" in content:
        return content
    return next(one for one in content.values() if isinstance(one, list))


def difference(one: Any, other: Any) -> str:
    """Where two contents first differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((f"{key}.{fault}" for key in one if (fault := difference(one[key], other[key]))), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        both = enumerate(zip(one, other, strict=True))
        return next((f"{n}.{fault}" for n, pair in both if (fault := difference(*pair))), "")
    return "" if one == other else f" {str(one)[:300]} and {str(other)[:300]}"
