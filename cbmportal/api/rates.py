"""How often a client may call: so many requests a minute for each token, person or network address.

Each worker process counts for itself, in its memory, so that counting costs no query: four workers let through up to
four times as many. That stops a client that has run wild; it is no quota.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from ipaddress import IPv6Address
from threading import Lock
from typing import Literal

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

#: A setting, API_RATE_<name>, says how many each has.
RateName = Literal["TOKEN", "ADDRESS", "FILES"]
SECOND = 10**9
MINUTE = 60 * SECOND
#: Keys remembered at once; of more, those not seen for longest begin anew.
MOST_KEYS = 10_000


class Rate:
    """For each key the moment by which all its requests are paid for, in nanoseconds (GCRA).

    A minute's worth can be used at once, and then as much as time brings back. 0 a minute is no limit.
    """

    def __init__(
        self, a_minute: int, most_keys: int = MOST_KEYS, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._price = MINUTE // a_minute if a_minute else 0
        self._most_keys = most_keys
        self._clock = clock
        self._paid: OrderedDict[Hashable, int] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._paid)

    def knows(self, key: Hashable) -> bool:
        return key in self._paid

    def forget(self, key: Hashable) -> None:
        with self._lock:
            self._paid.pop(key, None)

    def wait(self, key: Hashable) -> int:
        """For how many seconds, rounded up, this key's next request would be refused."""
        with self._lock:
            return self._wait(key, self._clock())

    def take(self, key: Hashable) -> int:
        """Count a request; or, if it is one too many, say for how many seconds to wait."""
        with self._lock:
            now = self._clock()
            if wait := self._wait(key, now):
                return wait
            self._paid[key] = max(self._paid.get(key, now), now) + self._price
            self._paid.move_to_end(key)
            if len(self._paid) > self._most_keys:
                self._paid.popitem(last=False)
            return 0

    def _wait(self, key: Hashable, now: int) -> int:
        too_soon = self._paid.get(key, now) + self._price - now - MINUTE
        return -(-too_soon // SECOND) if too_soon > 0 else 0


@cache
def rate(name: RateName) -> Rate:
    return Rate(getattr(settings, f"API_RATE_{name}"))


def count(name: RateName, key: Hashable) -> None:
    if wait := rate(name).take(key):
        raise Throttled(wait)


@contextmanager
def limited(request: Request, also: RateName | None = None) -> Iterator[None]:
    """Count a request around finding out whose it is: what is refused for its number costs no look-up.

    A key that opened the portal before is counted by itself. One that never did is looked up only while its address
    has not sent too many that open nothing, so that nobody tries keys at the portal's expense.
    """
    key, failures = _credentials(request), ("failed", address_of(request))
    known = key is not None and rate("TOKEN").knows(key)
    if known:
        count("TOKEN", key)
    elif key and (wait := rate("ADDRESS").wait(failures)):
        raise Throttled(wait)
    try:
        yield
    except AuthenticationFailed:
        rate("TOKEN").forget(key)
        rate("ADDRESS").take(failures)
        raise
    name, caller = _caller(request, key)
    if not known:
        count(name, caller)
    if also:
        count(also, caller)


def _credentials(request: Request) -> bytes | None:
    """A mark of what the header says; the key itself is not kept."""
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    return hashlib.blake2b(header.encode(), digest_size=16).digest() if header else None


def _caller(request: Request, key: bytes | None) -> tuple[RateName, Hashable]:
    if request.auth is not None:
        return "TOKEN", key
    if request.user.is_authenticated:
        return "TOKEN", request.user.pk
    return "ADDRESS", address_of(request)


def address_of(request: HttpRequest | Request) -> str:
    """Where a request comes from, by the rule of the limits on signing in: what the nearest trusted proxy says."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = request.META.get("HTTP_X_FORWARDED_FOR") if proxies else None
    return _network(told.split(",")[-proxies:][0] if told else request.META.get("REMOTE_ADDR", ""))


@lru_cache(MOST_KEYS)
def _network(address: str) -> str:
    """Of IPv6 the half that a provider gives to one customer, who has all the addresses in it."""
    cleaned = clean_client_ip(address) or ""
    if ":" not in cleaned:
        return cleaned
    number = IPv6Address(cleaned)
    return str(number.ipv4_mapped or IPv6Address(number.packed[:8] + bytes(8)))
