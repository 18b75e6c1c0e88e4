"""What the database writes is what the serializers write, for every resource and everybody."""

from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox import crypto
from rest_framework.test import APIRequestFactory

from cbmportal.api.memory import ANSWERS, ORDERS
from cbmportal.api.records import records
from cbmportal.api.renderers import JSONRenderer
from cbmportal.api.resources import RESOURCES
from contacts.access import portal, viewer_of
from contacts.access.callers import account_with, caller_with
from contacts.models import PointOfContact
from contacts.services import (
    add_institution,
    change_contact_details,
    change_institution,
    confirm_contact,
    end_contact,
    mark_do_not_use,
    record_check,
)
from measures.services import change_activity
from policies.models import PolicySubmission
from policies.services import correct_policy, draft_policy, set_translation
from tests.cbmportal.api.test_shapes import HOST
from tests.conftest import CAST


@pytest.fixture
def everything(
    cast, ana, make_contact, colombia, strategy, seminar, term, milestone, participation, public_office
):
    """One of every kind and of every audience; some of it hidden, of two states."""
    by = cast.viewer("delegate")
    portal_ = portal()
    confirm_contact(contact=ana, by=by)
    record_check(contact=ana, result="reached", by=portal_, reason="test")  # type: ignore[arg-type]
    mark_do_not_use(contact=ana, by=by, reason='Quotes " and \\ and ünïcödé')
    hidden = make_contact(state=colombia, full_name="Carla")
    change_institution(
        institution=hidden.institution, changes={"audience": "secretariat"}, by=portal_, reason="test"
    )
    audiences = dict.fromkeys(PointOfContact.AUDIENCES, "secretariat")
    change_contact_details(contact=hidden, changes=audiences, by=portal_, reason="test")
    end_contact(
        contact=make_contact(full_name="Gone"), on=timezone.now().date(), by=portal_, reason="retired"
    )
    add_institution(state=colombia, name="Open", audience="public", by=portal_, reason="test")
    change_activity(activity=seminar, changes={"audience": "members"}, by=portal_, reason="test")
    draft = draft_policy(state=strategy.state, by=by, title="Draft", language="es", kind="law")
    correct_policy(
        policy=strategy,
        changes={"legal_status": "superseded", "superseded_by": draft},
        by=portal_,
        reason="test",
    )
    for language in ("pt", "en"):
        set_translation(
            policy=strategy, language=language, title="T", standing="courtesy", by=portal_, reason="test"
        )


def plain(name: str, viewer: Any) -> list[dict[str, Any]]:
    """By the serializers, in the order of the list."""
    view: Any = RESOURCES[name](request=None, action="list")
    request = APIRequestFactory().get(f"/api/v1/{name}/")
    type(view).viewer = property(lambda self: viewer)
    try:
        rows = view.get_queryset().order_by(*view.default_order, "pk")
        written = view.serializer_class(rows, many=True, context={"viewer": viewer, "request": request})
        answer: list[dict[str, Any]] = orjson.loads(JSONRenderer().render(written.data))
    finally:
        del type(view).viewer
    return answer


@pytest.mark.parametrize("name", RESOURCES)
def test_the_quick_way_writes_what_the_serializer_writes(name, cast, everything):
    resource: Any = RESOURCES[name]
    seen = {}
    for person in CAST:
        viewer = cast.viewer(person)
        rows = resource.model.objects.visible_to(viewer).order_by(*resource.default_order, "pk")
        keys = list(rows.values_list("pk", flat=True))
        quick = [
            orjson.loads(one.json)
            for one in records(resource.serializer_class, viewer, keys, f"{HOST}/{name}/")
        ]
        slow = plain(name, viewer)
        assert quick == slow, person
        assert [list(record) for record in quick] == [list(record) for record in slow]
        seen[person] = len(quick)
    assert max(seen.values()) > 0


def test_a_token_and_an_account_make_the_same_viewer(cast, everything, key_of):
    now = timezone.now()
    for person in set(CAST) - {"visitor", "inactive"}:
        user = cast.people[person]
        caller = caller_with(crypto.hash_token(key_of(user)), now)
        assert caller is not None
        assert caller.viewer == viewer_of(user, via="api", token=caller.token, at=now), person
        assert caller.account.user == user
        account = account_with(user.pk, now)
        assert account is not None
        assert account.viewer("page") == viewer_of(user, at=now), person
    assert account_with(cast.people["inactive"].pk, now) is None
    assert account_with(0, now) is None
    assert caller_with(crypto.hash_token(key_of(cast.people["inactive"])), now) is None
    assert caller_with("nobody", now) is None


@pytest.mark.parametrize(
    "name", [*RESOURCES, "contacts/?state=CHL&ordering=-updated_at", "policies/?q=ciber"]
)
def test_a_list_with_a_token_asks_three_times_and_a_repeat_at_most_twice(
    name, api, delegate, everything, django_capture_on_commit_callbacks
):
    client, address = api(delegate), f"/api/v1/{name}" + ("" if "?" in name else "/")
    with django_capture_on_commit_callbacks(execute=True):
        client.get(
            "/api/v1/contacts/?ordering=full_name"
        )  # the first use and the first reading of a day are noted
    with CaptureQueriesContext(connection) as first:
        answer = client.get(address)
    with CaptureQueriesContext(connection) as repeat:
        again = client.get(address)
    with CaptureQueriesContext(connection) as unchanged:
        same = client.get(address, headers={"If-None-Match": answer["ETag"]})
    ANSWERS.forget()
    with CaptureQueriesContext(connection) as ordered:
        third = client.get(address)
    assert answer.content == again.content == third.content
    assert same.status_code == 304
    assert [len(one) for one in (first, repeat, unchanged, ordered)] == [3, 1, 1, 2]


def test_what_is_kept_is_never_out_of_date_and_never_another_viewers(api, cast, everything, ana):
    clients = {
        person: api(cast.people[person]) for person in ("delegate", "neighbour", "observer", "officer")
    }

    def all_numbers() -> dict[str, list[Any]]:
        return {
            person: [one.get("mobile") for one in client.get("/api/v1/contacts/").json()["results"]]
            for person, client in clients.items()
        }

    before = all_numbers()
    assert before == all_numbers()
    assert "+56900000001" in before["delegate"]
    assert "+56900000001" not in before["neighbour"] + before["observer"]
    change_contact_details(
        contact=ana,
        changes={"mobile": "+56900000002", "mobile_audience": "members"},
        by=portal(),
        reason="test",
    )
    after = all_numbers()
    assert all("+56900000002" in numbers for numbers in after.values())
    PointOfContact.objects.filter(pk=ana.pk).update(mobile="+56900000003")
    assert all("+56900000003" in numbers for numbers in all_numbers().values())


def test_memory_is_bounded():
    ORDERS.keep("small", b"1234")
    ORDERS.keep("huge", bytes(17_000_000))
    assert ORDERS.get("huge") is None
    assert ORDERS.get("small") == b"1234"


def test_pages_anywhere_hold_the_right_records(api, observer, make_contact):
    names = [f"Person {number:02}" for number in range(25)]
    for name in reversed(names):
        make_contact(full_name=name)
    client = api(observer)
    pages = [
        [
            one["full_name"]
            for one in client.get(f"/api/v1/contacts/?page={page}&page_size=10").json()["results"]
        ]
        for page in (1, 2, 3)
    ]
    assert pages == [names[:10], names[10:20], names[20:]]
    assert client.get("/api/v1/contacts/?page=4&page_size=10").status_code == 400
    assert PolicySubmission.objects.count() == 0
    assert client.get("/api/v1/policies/").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
