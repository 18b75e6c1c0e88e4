"""Following what changes: nothing missed, nothing twice, and nothing that one may not see."""

import random
import runpy
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from cbmportal.accounts.models import User
from cbmportal.api.changes import epoch
from cbmportal.api.changes.keeping import forget_old_changes
from cbmportal.api.models import Change, Epoch
from cbmportal.api.resources import RESOURCES
from contacts.access import Right, StateGrant, end_grant, grant_right, portal
from contacts.models import Institution, Participation, PointOfContact, State
from contacts.services import (
    change_contact_details,
    change_institution,
    curate,
    discard,
    end_contact,
)
from measures.models import Milestone
from measures.services import change_activity
from policies.models import PolicySubmission
from policies.services import draft_policy, publish_policy, set_translation, submit_policy, withdraw_policy
from tests.policies.test_services import CONTENT

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120
mirror = SimpleNamespace(**runpy.run_path(str(Path(settings.BASE_DIR) / "docs/examples/mirror.py")))
ADDRESS = "/api/v1/changes/"
Key = tuple[str, str]


@pytest.fixture(autouse=True)
def settled() -> None:
    """What the fixtures have written counts once older transactions, of other tests too, have ended."""
    wait_for_older_transactions()


def wait_for_older_transactions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (now,) = cursor.fetchone()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_sleep(0.01)")
            if cursor.fetchone()[0] >= now:
                return
    raise AssertionError("Another transaction does not end.")


class Follower:
    """Keeps a copy, and every entry that it was told."""

    def __init__(self, client: APIClient, limit: int = 200) -> None:
        self.client, self.limit = client, limit
        self.cursor: str | None = None
        self.copy: dict[Key, Any] = {}
        self.told: list[dict[str, Any]] = []

    def follow(self) -> list[dict[str, Any]]:
        wait_for_older_transactions()
        before, more = len(self.told), True
        while more:
            more = self.step()
        return self.told[before:]

    def step(self) -> bool:
        query: dict[str, Any] = {"limit": self.limit} | ({"since": self.cursor} if self.cursor else {})
        answer = self.client.get(ADDRESS, query)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        for one in body["changes"]:
            self.note(one)
        self.cursor = body["next"]
        return bool(body["more"])

    def note(self, one: dict[str, Any]) -> None:
        self.told.append(one)
        if one["action"] == "upsert":
            self.copy[one["kind"], one["id"]] = one["object"]
        else:
            assert set(one) == {"kind", "id", "action", "at"}
            self.copy.pop((one["kind"], one["id"]), None)


KEYS = {"states": "iso3", "measures": "number", "policies": "ref", "glossary": "key"}


def all_that_is_seen(client: APIClient) -> dict[Key, Any]:
    found = {}
    for kind in RESOURCES:
        address: str | None = f"/api/v1/{kind}/?page_size=200"
        while address:
            answer = client.get(address)
            if answer.status_code in (401, 403):
                break
            body = answer.json()
            found |= {(kind, str(one[KEYS.get(kind, "uuid")])): one for one in body["results"]}
            address = body["next"]
    return found


def actions(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["kind"], one["action"]) for one in told]


@pytest.fixture
def follower(api: Callable[..., APIClient]) -> Callable[..., Follower]:
    return lambda user=None, limit=200: Follower(api(user), limit)


def test_from_the_beginning_all_that_is_seen_is_told_once(
    follower, cast, ana, strategy, seminar, term, milestone, participation, public_office
):
    draft_policy(state=strategy.state, by=cast.viewer("delegate"), **CONTENT)
    for person in ("visitor", "neighbour", "delegate", "officer"):
        one = follower(cast.people[person], limit=3)
        told = one.follow()
        assert one.copy == all_that_is_seen(one.client), person
        assert {action for _kind, action in actions(told)} == {"upsert"}
        assert len(told) == len(one.copy)
        assert one.follow() == []


def test_a_change_is_told_once_with_the_record_as_it_is(follower, observer: User, ana: PointOfContact):
    one = follower(observer)
    one.follow()
    for phone in ("+56221230002", "+56221230003"):
        change_contact_details(contact=ana, changes={"phone": phone}, by=portal(), reason="test")
    told = one.follow()
    assert actions(told) == [("contacts", "upsert")]
    assert (told[0]["id"], told[0]["object"]["phone"]) == (str(ana.uuid), "+56221230003")
    assert one.follow() == []


def test_what_a_record_quotes_changes_it_too(
    follower, observer, delegate, ana: PointOfContact, strategy, participation: Participation
):
    one = follower(observer)
    one.follow()
    change_institution(institution=ana.institution, changes={"name": "New name"}, by=portal(), reason="test")
    set_translation(
        policy=strategy, language="en", title="T", standing="courtesy", by=portal(), reason="test"
    )
    PointOfContact.objects.filter(pk=ana.pk).update(confirmed_by=delegate, confirmed_at=timezone.now())
    participation.note = "Another"
    curate(participation, by=portal(), reason="test")
    assert set(actions(one.follow())) == {
        ("institutions", "upsert"),
        ("contacts", "upsert"),
        ("policies", "upsert"),
        ("states", "upsert"),
    }
    User.objects.filter(pk=delegate.pk).update(full_name="Another Name")
    assert actions(one.follow()) == [("contacts", "upsert")]
    assert one.copy == all_that_is_seen(one.client)


def test_a_successor_that_is_published_shows_in_what_it_supersedes(follower, cast, strategy, officer):
    by = cast.viewer("delegate")
    draft = draft_policy(state=strategy.state, by=by, **CONTENT)
    PolicySubmission.objects.filter(pk=strategy.pk).update(legal_status="superseded", superseded_by=draft)
    one = follower()
    one.follow()
    assert one.copy["policies", strategy.ref]["superseded_by"] is None
    publish_policy(policy=submit_policy(policy=draft, by=by), by=cast.viewer("officer"))
    one.follow()
    assert one.copy["policies", strategy.ref]["superseded_by"] == draft.ref
    assert one.copy == all_that_is_seen(one.client)


def test_what_is_no_longer_seen_ends_with_kind_id_and_time_alone(
    follower, cast, ana, strategy, seminar, public_office, milestone: Milestone
):
    visitor, neighbour = follower(), follower(cast.people["neighbour"])
    for one in (visitor, neighbour):
        one.follow()
    end_contact(contact=ana, on=timezone.now().date(), by=portal(), reason="retired")
    change_activity(activity=seminar, changes={"audience": "members"}, by=portal(), reason="test")
    change_institution(
        institution=public_office, changes={"audience": "secretariat"}, by=portal(), reason="test"
    )
    PolicySubmission.objects.filter(pk=strategy.pk).update(status="withdrawn")
    discard(milestone, by=portal(), reason="test")
    gone = {("institutions", "end"), ("policies", "end"), ("milestones", "end")}
    assert set(actions(visitor.follow())) == gone | {("activities", "end")}
    assert set(actions(neighbour.follow())) == gone | {("contacts", "end"), ("activities", "upsert")}
    for one in (visitor, neighbour):
        assert one.copy == all_that_is_seen(one.client)


def test_a_draft_is_nothing_to_others(follower, cast, chile: State):
    visitor, neighbour, delegate = (
        follower(cast.people[one]) for one in ("visitor", "neighbour", "delegate")
    )
    for one in (visitor, neighbour, delegate):
        one.follow()
    draft = draft_policy(state=chile, by=cast.viewer("delegate"), **CONTENT)
    assert [one.follow() for one in (visitor, neighbour)] == [[], []]
    assert actions(delegate.follow()) == [("policies", "upsert")]
    withdraw_policy(
        policy=submit_policy(policy=draft, by=cast.viewer("delegate")), by=cast.viewer("delegate")
    )
    assert [one.follow() for one in (visitor, neighbour)] == [[], []]


def test_a_detail_that_is_hidden_is_told_without_it(follower, observer: User, ana: PointOfContact):
    one = follower(observer)
    one.follow()
    change_contact_details(contact=ana, changes={"phone_audience": "secretariat"}, by=portal(), reason="test")
    (told,) = one.follow()
    assert "phone" not in told["object"]


def test_another_grant_tells_what_it_makes_different_and_nothing_else(
    follower, make_user, cast, ana, make_contact, strategy, chile: State, colombia: State
):
    user = make_user("both")
    for state in (chile, colombia):
        grant_right(user=user, state=state, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    draft = draft_policy(state=chile, by=cast.viewer("delegate"), **CONTENT)
    other = make_contact(state=colombia, full_name="Carla")
    one = follower(user, limit=2)
    one.follow()
    assert one.copy["contacts", str(ana.uuid)]["mobile"] == ana.mobile
    end_grant(StateGrant.objects.get(user=user, content_object=chile), by=portal(), reason="left")
    told = one.follow()
    assert {(entry["kind"], entry["id"], entry["action"]) for entry in told} >= {
        ("policies", draft.ref, "end"),
        ("contacts", str(ana.uuid), "upsert"),
    }
    assert str(other.uuid) not in {entry["id"] for entry in told}
    assert not {"states", "milestones"} & {entry["kind"] for entry in told}
    assert one.copy == all_that_is_seen(one.client)
    assert one.follow() == []
    grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    one.follow()
    assert one.copy == all_that_is_seen(one.client)


def test_what_changes_while_rights_are_looked_at_anew_is_told_too(
    follower, make_user, ana, make_contact, chile, colombia
):
    user = make_user("both")
    for state in (chile, colombia):
        grant_right(user=user, state=state, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    people = [make_contact(full_name=f"Person {number}") for number in range(5)]
    one = follower(user, limit=1)
    one.follow()
    end_grant(StateGrant.objects.get(user=user, content_object=chile), by=portal(), reason="left")
    assert one.step()
    for contact in (ana, people[0]):
        change_contact_details(contact=contact, changes={"position": "New"}, by=portal(), reason="test")
    end_contact(contact=people[1], on=timezone.now().date(), by=portal(), reason="retired")
    one.follow()
    assert one.copy == all_that_is_seen(one.client)


def test_a_transaction_that_ends_late_is_not_missed(follower, observer: User, ana, make_contact):
    other = make_contact(full_name="Berta")
    one = follower(observer)
    one.follow()
    begun, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            PointOfContact.objects.filter(pk=other.pk).update(position="Slow")
            begun.set()
            finish.wait(PATIENCE)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(PATIENCE)
    change_contact_details(contact=ana, changes={"position": "Quick"}, by=portal(), reason="test")
    one.step()
    finish.set()
    thread.join()
    one.follow()
    assert one.copy == all_that_is_seen(one.client)
    assert [entry["object"]["position"] for entry in one.told[-2:]] == ["Slow", "Quick"]


def test_an_invalid_cursor_is_named(api, db):
    for text in ("x", "a:b", "eyJhIjoxfQ:abc", "%00", "."):
        answer = api().get(ADDRESS, {"since": text})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["since"]), text
    for text in ("0", "-1", "1001", "x", "1.5"):
        answer = api().get(ADDRESS, {"limit": text})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["limit"]), text


def test_a_cursor_of_somebody_else_shows_no_more(follower, api, officer: User, ana, strategy):
    one = follower(officer)
    one.follow()
    visitor = Follower(api())
    visitor.cursor = one.cursor
    told = visitor.follow()
    assert {entry["kind"] for entry in told if entry["action"] == "upsert"} <= {"policies", "institutions"}
    assert ana.full_name not in str(told)


def gone(follower_: Follower) -> bool:
    answer = follower_.client.get(ADDRESS, {"since": follower_.cursor})
    if answer.status_code == 410:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["start"].endswith(ADDRESS)
    return bool(answer.status_code == 410)


def test_after_the_retention_a_cursor_is_gone_and_others_are_not(follower, observer, ana, milestone):
    old, young = follower(observer), follower(observer)
    old.follow()
    for position in ("One", "Two", "Three"):
        change_contact_details(contact=ana, changes={"position": position}, by=portal(), reason="test")
    discard(milestone, by=portal(), reason="test")
    young.follow()
    lines = Change.objects.count()
    later = timezone.now() + timedelta(days=91)
    forget_old_changes(now=timezone.now())
    assert not gone(old)
    forget_old_changes(now=later)
    assert Change.objects.count() < lines
    assert (gone(old), gone(young)) == (True, False)
    change_contact_details(contact=ana, changes={"position": "Four"}, by=portal(), reason="test")
    young.follow()
    anew = follower(observer)
    anew.follow()
    assert anew.copy == young.copy == all_that_is_seen(young.client)


def test_a_restored_database_begins_another_epoch(follower, observer, ana, monkeypatch: pytest.MonkeyPatch):
    one = follower(observer)
    one.follow()
    # A dump read into a younger cluster: the log speaks of transactions that have not come yet.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_change SET transaction = (transaction::text::bigint + 1000000)::text::xid8"
        )
    monkeypatch.setattr(epoch, "_DATABASE", "SELECT 'another cluster'")
    assert gone(one)
    anew = follower(observer)
    anew.follow()
    change_contact_details(contact=ana, changes={"position": "New"}, by=portal(), reason="test")
    assert actions(anew.follow()) == [("contacts", "upsert")]
    assert anew.copy == all_that_is_seen(anew.client)


def test_a_cursor_from_the_future_of_a_copied_disk_is_gone(follower, observer, ana):
    one = follower(observer)
    one.follow()
    call_command("begin_epoch", stdout=StringIO())
    assert gone(one)
    assert Epoch.objects.count() == 1


# Ten writers ---------------------------------------------------------------------------------------------------


def commit_or_not(
    seed: int, contacts: list[int], offices: list[int], policies: list[int], rounds: int
) -> None:
    """Bulk edits, rollbacks, transactions that dawdle; now and then somebody is hidden, ended, or comes back."""
    dice = random.Random(seed)
    try:
        for number in range(rounds):
            try:
                with transaction.atomic():
                    write(dice, contacts, offices, policies, f"{seed}-{number}")
                    if dice.random() < 0.1:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT pg_sleep(0.02)")
                    if dice.random() < 0.15:
                        raise KeyboardInterrupt
            except KeyboardInterrupt:
                continue
    finally:
        connection.close()


def write(
    dice: random.Random, contacts: list[int], offices: list[int], policies: list[int], mark: str
) -> None:
    kind = dice.random()
    some = sorted(dice.sample(contacts, 3))
    found = PointOfContact.objects.filter(pk=dice.choice(contacts))
    if kind < 0.5:
        found.update(position=mark)
    elif kind < 0.6:
        PointOfContact.objects.filter(pk=some[0]).update(position=f"bulk {mark}")
    elif kind < 0.7:
        found.update(mobile_audience=dice.choice(["members", "secretariat"]))
    elif kind < 0.75:
        found.update(ended_on=timezone.now().date(), end_reason=mark)
    elif kind < 0.8:
        found.update(ended_on=None, end_reason="")
    elif kind < 0.85:
        audience = dice.choice(["public", "members", "secretariat"])
        Institution.objects.filter(pk=dice.choice(offices)).update(audience=audience)
    elif kind < 0.95:
        PolicySubmission.objects.filter(pk=dice.choice(policies)).update(
            status=dice.choice(["published", "withdrawn"]), title=mark
        )
    else:
        Milestone.objects.create(
            uuid=uuid4(), date="2020", **{f"title_{one}": mark for one in ("en", "es", "pt", "fr")}
        )


@pytest.fixture
def scene(make_contact, chile, colombia, strategy, cast) -> tuple[list[int], list[int], list[int]]:
    contacts = [
        make_contact(full_name=f"Person {number}", state=state).pk
        for number in range(10)
        for state in (chile, colombia)
    ]
    by = cast.viewer("delegate")
    drafts = [draft_policy(state=chile, by=by, **CONTENT) for _number in range(4)]
    policies = [
        strategy.pk,
        *(publish_policy(policy=submit_policy(policy=one, by=by), by=portal()).pk for one in drafts),
    ]
    return contacts, list(Institution.objects.values_list("pk", flat=True)), policies


@pytest.fixture
def many(request: pytest.FixtureRequest) -> int:
    return 2000 if request.config.getoption("--audit") else 300


def test_ten_writers_are_followed_exactly_by_clients_with_different_rights(follower, cast, scene, many: int):
    followers = [follower(cast.people[one], limit=50) for one in ("delegate", "neighbour", "visitor")]
    mirrors = {one: dict(mirror.NOTHING) for one in followers}
    faults: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            commit_or_not(seed, *scene, many)
        except BaseException as fault:
            faults.append(fault)

    writers = [threading.Thread(target=work, args=[seed]) for seed in range(10)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        for one in followers:
            one.step()
            mirrors[one] = mirror.sync(mirrors[one], getter(one.client))
    for writer in writers:
        writer.join()
    assert faults == []
    for one in followers:
        one.follow()
        seen = all_that_is_seen(one.client)
        assert one.copy == seen
        assert mirror.sync(mirrors[one], getter(one.client))["records"] == {
            f"{kind}/{key}": record for (kind, key), record in seen.items()
        }
        assert repeated(one.told) == []
    assert sum(len(one.told) for one in followers) > many


def getter(client: APIClient) -> Any:
    """What the reference client of the guide asks with."""

    def get(address: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        answer = client.get(f"/api/v1/{address}")
        return answer.status_code, dict(answer.headers), answer.json()

    return get


def repeated(told: list[dict[str, Any]]) -> list[Any]:
    """Changes of which one was told more than once."""
    times = Counter((one["kind"], one["id"], one["at"]) for one in told)
    return [change for change, number in times.items() if number > 1]
