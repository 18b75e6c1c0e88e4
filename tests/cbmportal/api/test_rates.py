"""How often one may call, counted in the memory of the process."""

from threading import Thread
from typing import Any

import pytest
from allauth.core.internal.httpkit import get_client_ip
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.accounts.models import ApiToken
from cbmportal.api import rates
from cbmportal.api.rates import SECOND, Rate, address_of
from cbmportal.api.views import PortalView
from cbmportal.urls import handler400, handler403, handler404, handler500
from cbmportal.urls import urlpatterns as portal_patterns
from tests.cbmportal.api.test_problems import is_problem

LABELS = "/api/v1/labels/"


class WholeFile(PortalView):
    permission_classes = [AllowAny]
    also_counted = "FILES"

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/v1/file/", WholeFile.as_view()), *portal_patterns]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


class Clock:
    def __init__(self) -> None:
        self.now = 10**15

    def __call__(self) -> int:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every rate that the test makes or meets."""
    clock = Clock()
    monkeypatch.setattr(rates, "Rate", lambda a_minute: Rate(a_minute, clock=clock))
    return clock


def let_through(rate: Rate, key: str, tries: int) -> int:
    return sum(not rate.take(key) for _try in range(tries))


# Counting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a_minute", [1, 7, 20, 300, 1200, 100_000])
def test_a_minutes_worth_is_let_through_and_not_one_more(a_minute: int) -> None:
    assert let_through(Rate(a_minute, clock=Clock()), "key", a_minute + 5) == a_minute


@pytest.mark.parametrize("a_minute", [1, 7, 300])
def test_time_brings_back_as_many_as_are_allowed_in_it(a_minute: int) -> None:
    clock = Clock()
    rate = Rate(a_minute, clock=clock)
    let_through(rate, "key", a_minute)
    clock.go_on(60)
    assert let_through(rate, "key", a_minute + 5) == a_minute
    clock.go_on(60 / a_minute)
    assert let_through(rate, "key", 2) == 1


@pytest.mark.parametrize("a_minute", [1, 7, 20, 1200])
def test_whoever_waits_as_long_as_told_is_let_through(a_minute: int) -> None:
    clock = Clock()
    rate = Rate(a_minute, clock=clock)
    let_through(rate, "key", a_minute)
    for _time in range(5):
        wait = rate.take("key")
        assert wait >= 1
        clock.go_on(wait)
        assert rate.take("key") == 0
        while rate.wait("key") == 0:
            rate.take("key")


def test_what_is_refused_is_not_counted() -> None:
    clock = Clock()
    rate = Rate(20, clock=clock)
    let_through(rate, "key", 1000)
    clock.go_on(3)
    assert rate.take("key") == 0


def test_asking_counts_nothing() -> None:
    rate = Rate(3, clock=Clock())
    assert [rate.wait("key") for _each in range(9)] == [0] * 9
    assert let_through(rate, "key", 5) == 3


def test_each_key_has_its_own() -> None:
    rate = Rate(3, clock=Clock())
    assert [let_through(rate, key, 5) for key in ("one", "other")] == [3, 3]


def test_none_a_minute_is_no_limit() -> None:
    assert let_through(Rate(0, clock=Clock()), "key", 5000) == 5000


def test_memory_stays_within_its_bound_and_the_busy_are_remembered() -> None:
    rate = Rate(3, most_keys=100, clock=Clock())
    for number in range(5000):
        rate.take(f"key {number}")
        if number % 50 == 0:
            rate.take("busy")
    assert len(rate) == 100
    assert rate.take("busy") > 0


def test_threads_together_are_let_through_no_more() -> None:
    rate, through = Rate(1000, clock=Clock()), []
    threads = [Thread(target=lambda: through.append(let_through(rate, "key", 400))) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(through) == 1000


# Whose request it is ----------------------------------------------------------------------------------------


def statuses(client: Any, address: str, times: int) -> list[int]:
    return [client.get(address).status_code for _time in range(times)]


def test_a_token_too_often_is_a_429_problem_that_says_how_long_to_wait(api, observer, settings, clock):
    settings.API_RATE_TOKEN = 4
    client = api(observer)
    assert statuses(client, LABELS, 4) == [200] * 4
    answer = client.get(LABELS)
    is_problem(answer, 429)
    clock.go_on(int(answer["Retry-After"]) - 1)
    assert client.get(LABELS).status_code == 429
    clock.go_on(1)
    assert client.get(LABELS).status_code == 200


def test_each_token_counts_for_itself(api, observer, settings):
    settings.API_RATE_TOKEN = 2
    assert [statuses(api(observer), LABELS, 3) for _token in range(2)] == [[200, 200, 429]] * 2


def test_a_person_signed_in_counts_as_one_in_all_sessions(browse, observer, settings):
    settings.API_RATE_TOKEN = 3
    assert statuses(browse(observer), LABELS, 2) == [200, 200]
    assert statuses(browse(observer), LABELS, 2) == [200, 429]


def test_visitors_count_by_their_address(settings, db):
    settings.API_RATE_ADDRESS = 2
    for address in ("192.0.2.1", "192.0.2.2"):
        assert statuses(Client(REMOTE_ADDR=address), LABELS, 3) == [200, 200, 429]


def test_who_calls_too_often_costs_no_query(api, observer, settings, clock):
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 1
    client, stranger = api(observer), Client(headers={"authorization": "Token nothing"})
    assert (client.get(LABELS).status_code, stranger.get(LABELS).status_code) == (200, 401)
    with CaptureQueriesContext(connection) as asked:
        assert (client.get(LABELS).status_code, stranger.get(LABELS).status_code) == (429, 429)
    assert len(asked) == 0


def test_keys_that_open_nothing_are_tried_only_so_often_from_one_address(settings, db):
    settings.API_RATE_ADDRESS = 3
    tries = [
        Client(REMOTE_ADDR="192.0.2.1", headers={"authorization": f"Token guess{number}"})
        for number in range(5)
    ]
    assert [client.get(LABELS).status_code for client in tries] == [401, 401, 401, 429, 429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.2", headers={"authorization": "Token guess"})
    assert elsewhere.get(LABELS).status_code == 401


def test_keys_that_open_nothing_shut_out_no_one_who_is_known_at_the_same_address(api, observer, settings):
    settings.API_RATE_ADDRESS = 2
    client, stranger = api(observer), Client(headers={"authorization": "Token nothing"})
    assert client.get(LABELS).status_code == 200
    assert statuses(stranger, LABELS, 3) == [401, 401, 429]
    assert client.get(LABELS).status_code == 200
    assert Client().get(LABELS).status_code == 200


def test_a_key_that_is_revoked_is_known_no_more(api, observer, settings):
    settings.API_RATE_ADDRESS = 1
    client = api(observer)
    assert client.get(LABELS).status_code == 200
    ApiToken.objects.all().delete()
    assert statuses(client, LABELS, 2) == [401, 429]


def test_a_token_that_opens_nothing_takes_no_memory_among_those_that_do(settings, db):
    statuses(Client(headers={"authorization": "Token nothing"}), LABELS, 3)
    assert len(rates.rate("TOKEN")) == 0


def test_what_costs_more_is_counted_beside(api, observer, settings):
    settings.ROOT_URLCONF, settings.API_RATE_FILES = __name__, 2
    client = api(observer)
    assert statuses(client, "/api/v1/file/", 3) == [200, 200, 429]
    assert client.get(LABELS).status_code == 200


# Addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize(
    "told",
    ["", "192.0.2.7", "192.0.2.9, 192.0.2.7", "6.6.6.6, 192.0.2.9, 192.0.2.7:5123", "192.0.2.9,192.0.2.7 "],
)
def test_the_address_is_the_one_by_which_signing_in_counts(settings, told: str, proxies: int) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    named = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", **named)
    if not told or len(told.split(",")) >= proxies:
        assert address_of(request) == get_client_ip(request)
    else:
        # allauth fails here; whoever calls past one of the proxies is still counted by the address that is known.
        assert address_of(request) == "192.0.2.7"


def test_all_addresses_of_one_customer_count_as_one(rf: RequestFactory) -> None:
    def seen(address: str) -> str:
        return address_of(rf.get("/", REMOTE_ADDR=address))

    assert seen("2001:db8:1:2:3:4:5:6") == seen("2001:db8:1:2::1") != seen("2001:db8:1:3::1")
    assert seen("::ffff:192.0.2.7") == "192.0.2.7"
    assert seen("") == seen("unix:") == ""
