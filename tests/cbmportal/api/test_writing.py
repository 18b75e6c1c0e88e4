"""What is written through the API: by whom, over which version, and that a refusal leaves nothing behind."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from cbmportal.accounts.models import User
from cbmportal.history.changes import history_of
from cbmportal.history.models import events_of
from contacts.access import portal
from contacts.models import PointOfContact, State
from contacts.services import change_contact_details, end_contact
from measures.models import Activity, Measure
from measures.services import change_activity
from policies.models import PolicySubmission, ReviewStatus
from policies.services import draft_policy, publish_policy, submit_policy, withdraw_policy
from tests.cbmportal.api.test_problems import is_problem

POLICIES, ACTIVITIES = "/api/v1/policies/", "/api/v1/activities/"
LAW = {
    "state": "CHL",
    "title": "Ley de prueba",
    "language": "es",
    "kind": "law",
    "description": "Trata de pruebas",
    "responsible_institutions": ["Ministerio de Pruebas"],
    "citation": "Gaceta 2",
}
WORKSHOP = {
    "state": "CHL",
    "measure": 4,
    "title": "Workshop",
    "language": "en",
    "date": "2026-05",
    "online": True,
}
OTHERS = ("neighbour", "member", "observer", "duty_desk")


def at(record: Any) -> str:
    name, key = {
        PointOfContact: ("contacts", "uuid"),
        PolicySubmission: ("policies", "ref"),
        Activity: ("activities", "uuid"),
    }[type(record)]
    return f"/api/v1/{name}/{getattr(record, key)}/"


def patch(client: APIClient, record: Any, body: Any, if_match: str | None = "*", **headers: str) -> Any:
    if if_match is not None:
        headers["If-Match"] = if_match
    return client.patch(at(record), body, format="json", headers=headers)


def post(client: APIClient, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(address, body, format="json", headers=headers)


def events() -> int:
    """Everything that the history has of what is written here."""
    return sum(events_of(model).count() for model in (PointOfContact, PolicySubmission, Activity))


def as_read(client: APIClient, record: Any) -> tuple[bytes, str]:
    answer = client.get(at(record))
    assert answer.status_code == 200
    return answer.content, answer["ETag"]


@pytest.fixture
def draft(chile: State, cast: Any) -> PolicySubmission:
    """A complete draft of Chile."""
    content = {name: value for name, value in LAW.items() if name != "state"}
    return draft_policy(state=chile, by=cast.viewer("delegate"), **content)


@pytest.fixture
def records(ana: PointOfContact, draft: PolicySubmission, seminar: Activity) -> dict[str, Any]:
    """One record of each kind that is written, and a change of it."""
    return {
        "contact": (ana, {"position": "Director"}),
        "policy": (draft, {"title": "Ley corregida"}),
        "activity": (seminar, {"title": "Seminar on norms"}),
    }


KINDS = ("contact", "policy", "activity")


# Over which version ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_answers_as_reading_would(writer, delegate: User, records, kind):
    record, change = records[kind]
    client = writer(delegate)
    _body, etag = as_read(client, record)
    assert etag.startswith(f'"{record.version}-')
    answer = patch(client, record, change, if_match=etag)
    assert answer.status_code == 200
    assert change.items() <= answer.json().items()
    assert answer.json()["version"] == record.version + 1
    assert (answer.content, answer["ETag"]) == as_read(client, record)


def test_the_etag_of_an_institution_tells_its_version_too(api, public_office):
    assert api().get(f"/api/v1/institutions/{public_office.uuid}/")["ETag"].startswith('"1-')


@pytest.mark.parametrize("kind", KINDS)
def test_the_history_says_who_and_that_it_came_through_the_api(writer, delegate: User, records, kind):
    record, change = records[kind]
    patch(writer(delegate), record, change)
    newest = history_of(record)[0]
    assert (newest.actor, newest.via) == (str(delegate), "through the API")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_version_nothing_is_changed(writer, delegate: User, records, kind):
    record, change = records[kind]
    before = events()
    is_problem(patch(writer(delegate), record, change, if_match=None), 428)
    assert events() == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_changed_meanwhile_is_not_overwritten(writer, delegate: User, records, kind):
    record, change = records[kind]
    client = writer(delegate)
    _body, read = as_read(client, record)
    assert patch(client, record, change, if_match=read).status_code == 200
    present, before = as_read(client, record), events()
    answer = patch(client, record, {"title": "Late"} if kind != "contact" else {"position": "Late"}, read)
    assert (answer.status_code, answer["Content-Type"]) == (412, "application/problem+json")
    assert answer.json()["detail"].endswith("Nothing was saved.")
    assert (as_read(client, record), events()) == (present, before)
    assert answer["ETag"] == present[1]


def test_the_version_is_what_stands_before_the_dash_of_a_strong_etag(writer, delegate: User, ana):
    client = writer(delegate)
    for shape in ('"{}"', '"{}-anything"', '"0-x", "{}-y"', 'W/"0", "{}"', "*"):
        ana.refresh_from_db()
        answer = patch(client, ana, {"position": f"For {ana.version}"}, shape.format(ana.version))
        assert (answer.status_code, answer.json()["version"]) == (200, ana.version + 1), shape


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (412, ('W/"1"', 'W/"1-x"', '"0"', '"2"', '"01"', '"1x"', '"-1"', '""', '"*"', 'W/"1", "2-1"')),
        (400, ("1", "", '"1', "W/1")),
    ],
)
def test_any_other_header_is_refused(writer, delegate: User, ana: PointOfContact, status, headers):
    assert ana.version == 1
    client, before = writer(delegate), events()
    met = {header: patch(client, ana, {"position": "x"}, header).status_code for header in headers}
    assert met == dict.fromkeys(headers, status)
    assert events() == before


def test_a_change_that_nobody_who_reads_this_sees_still_moves_the_version(
    writer, neighbour: User, delegate: User, ana: PointOfContact
):
    """The hash is of what its reader saw; the version is everybody's."""
    _body, seen_by_neighbour = as_read(writer(neighbour), ana)
    assert patch(writer(delegate), ana, {"position": "Director"}, seen_by_neighbour).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_change_the_same_version_at_once_one_succeeds(
    key_of, delegate: User, ana: PointOfContact
):
    key, together, statuses = key_of(delegate, "write"), threading.Barrier(20), []
    before = events()

    def change(number: int) -> None:
        client = APIClient(headers={"Authorization": f"Token {key}"})
        try:
            together.wait()
            statuses.append(patch(client, ana, {"phone": f"+562212300{number}"}, '"1"').status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(10, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {200: 1, 412: 19}
    assert events() == before + 1
    ana.refresh_from_db()
    assert ana.version == 2


def test_the_service_compares_under_the_lock_what_the_view_has_compared_before(
    writer, delegate: User, ana: PointOfContact, monkeypatch
):
    """Somebody is quicker between the two."""

    def slow(**arguments: Any) -> PointOfContact:
        change_contact_details(contact=ana, changes={"position": "Quick"}, by=portal(), reason="test")
        return change_contact_details(**arguments)

    monkeypatch.setattr("cbmportal.api.writing.change_contact_details", slow)
    assert patch(writer(delegate), ana, {"position": "Slow"}, '"1"').status_code == 412
    ana.refresh_from_db()
    assert ana.position == "Quick"


@pytest.mark.parametrize("step", ["confirm", "submit", "withdraw"])
def test_a_step_need_not_name_a_version_and_is_not_taken_over_another_than_it_names(
    writer, cast, ana: PointOfContact, draft: PolicySubmission, step
):
    record: Any = ana if step == "confirm" else draft
    if step == "withdraw":
        record = submit_policy(policy=draft, by=cast.viewer("delegate"))
    client, before = writer(cast.people["delegate"]), events()
    address = f"{at(record)}{step}/"
    assert post(client, address, **{"If-Match": f'"{record.version + 1}"'}).status_code == 412
    assert events() == before
    assert post(client, address, **{"If-Match": f'"{record.version}"'}).status_code == 200


# By whom -----------------------------------------------------------------------------------------------------


def met(cast: Any, writer: Any, write: Any) -> dict[str, int]:
    """What each of the cast meets; nobody of them changes anything."""
    before = events()
    found = {
        name: write(writer(user) if user else APIClient()).status_code
        for name, user in cast.people.items()
        if name not in ("delegate", "designator")
    }
    assert events() == before
    return found


REFUSED = dict.fromkeys(OTHERS, 403) | {"visitor": 401, "inactive": 401}


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("contact", {"former": 401, "officer": 400}),
        ("policy", dict.fromkeys(OTHERS, 404) | {"former": 401, "officer": 403}),
        ("activity", {"former": 401, "officer": 400}),
    ],
)
def test_only_its_own_people_change_a_record(cast, writer, records, kind, others):
    record, change = records[kind]
    assert met(cast, writer, lambda client: patch(client, record, change)) == REFUSED | others
    for name in ("delegate", "designator"):
        assert patch(writer(cast.people[name]), record, change).status_code == 200


def test_who_has_no_business_here_need_not_name_a_version_to_be_told(writer, neighbour, officer, ana, draft):
    assert patch(writer(neighbour), ana, {}, if_match=None).status_code == 403
    assert patch(writer(officer), draft, {}, if_match=None).status_code == 403


@pytest.mark.parametrize(
    ("address", "body", "officer_meets"), [(POLICIES, LAW, 403), (ACTIVITIES, WORKSHOP, 400)]
)
def test_only_its_own_people_enter_something_for_a_state(
    cast, writer, ana, measure: Measure, address, body, officer_meets
):
    expected = REFUSED | {"former": 401, "officer": officer_meets}
    assert met(cast, writer, lambda client: post(client, address, body)) == expected
    for name in ("delegate", "designator"):
        assert post(writer(cast.people[name]), address, body).status_code == 201


@pytest.mark.parametrize("step", ["submit", "withdraw"])
def test_only_its_own_people_take_the_steps_of_a_submission(cast, writer, ana, strategy, draft, step):
    """What is published is seen by all, and still not theirs."""
    for record, unseen in ((strategy, 403), (draft, 404)):
        others = dict.fromkeys(OTHERS, unseen) | {"former": 401}
        assert met(cast, writer, lambda client, record=record: post(client, f"{at(record)}{step}/")) == (
            REFUSED | others | {"officer": 403}
        )


def test_only_its_own_people_confirm_an_entry(cast, writer, ana):
    found = met(cast, writer, lambda client: post(client, f"{at(ana)}confirm/"))
    assert found == REFUSED | {"former": 401, "officer": 400}


def test_a_token_that_reads_says_so(api, cast, records, measure):
    client, before = api(cast.people["delegate"]), events()
    ana, draft = records["contact"][0], records["policy"][0]
    answers = [patch(client, record, change) for record, change in records.values()]
    answers += [post(client, POLICIES, LAW), post(client, ACTIVITIES, WORKSHOP)]
    answers += [post(client, f"{at(ana)}confirm/"), post(client, f"{at(draft)}submit/")]
    for answer in answers:
        is_problem(answer, 403, "This token only reads. To change something, use one with the scope “write”.")
    assert events() == before
    assert client.options(at(ana)).status_code == 204


def test_a_session_writes_with_its_csrf_token(delegate: User, ana: PointOfContact):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(delegate)
    refused = client.patch(at(ana), {"position": "Director"}, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, "X-CSRFToken" in refused.json()["detail"]) == (403, True)
    client.cookies["csrftoken"] = "a" * 32
    headers = {"If-Match": "*", "X-CSRFToken": "a" * 32}
    assert client.patch(at(ana), {"position": "Director"}, format="json", headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["contact", "activity"])
def test_the_secretariat_says_why(writer, officer: User, records, kind):
    record, change = records[kind]
    client, before = writer(officer), events()
    for reason in ({}, {"reason": ""}, {"reason": "  "}):
        body = is_problem(patch(client, record, change | reason), 400, INVALID)
        assert list(body["errors"]) == ["reason"]
    assert events() == before
    assert patch(client, record, change | {"reason": "By note 7"}).status_code == 200
    assert history_of(record)[0].reason == "By note 7"


def test_the_secretariat_confirms_and_reports_with_a_reason(writer, officer: User, ana, chile, measure):
    client = writer(officer)
    confirmed = post(client, f"{at(ana)}confirm/", {"reason": "By telephone"})
    assert (confirmed.status_code, confirmed.json()["confirmed_by"]) == (200, officer.full_name)
    reported = post(client, ACTIVITIES, WORKSHOP | {"reason": "By note 8"})
    assert reported.status_code == 201
    activity = Activity.objects.get(uuid=reported.json()["uuid"])
    assert [history_of(one)[0].reason for one in (ana, activity)] == ["By telephone", "By note 8"]


# What bodies say ---------------------------------------------------------------------------------------------

INVALID = "Some values are not valid; “errors” names each of them."


WRONG: dict[str, list[tuple[Any, list[str]]]] = {
    "contact": [
        ({"phnoe": "+56221230002"}, ["phnoe"]),
        ({"full_name": "Another", "version": 1, "phone": "+56221230002"}, ["full_name", "version"]),
        ({"institution": None}, ["institution"]),
        ({"phone": 56221230002}, ["phone"]),
        ({"phone": "not a number"}, ["phone"]),
        ({"position": None}, ["position"]),
        ({"position": ""}, ["position"]),
        ({"position": True}, ["position"]),
        ({"position": "a\x00b"}, ["position"]),
        ({"position": "a\u202eb"}, ["position"]),
        ({"position": "x" * 201}, ["position"]),
        ({"email": "nobody"}, ["email"]),
        ({"email": ["a@example.org"]}, ["email"]),
        ({"email_audience": "public"}, ["email_audience"]),
        ({"languages": "es"}, ["languages"]),
        ({"languages": ["es", "xx"]}, ["languages"]),
        ({"languages": ["es", "es"]}, ["languages"]),
        ({"languages": {"0": "es"}}, ["languages"]),
        ({"competences": [1]}, ["competences"]),
        ({"duty_hours": "always"}, ["duty_hours"]),
        ({"duty_hours": {"8": "09:00-17:00"}}, ["duty_hours"]),
        ({"duty_hours": None}, ["duty_hours"]),
        ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
        ({"pgp_key": "not a key"}, ["pgp_key"]),
        ({"reason": 5}, ["reason"]),
        ({"reason": "x" * 501}, ["reason"]),
        ([], ["non_field_errors"]),
        ("text", ["non_field_errors"]),
    ],
    "policy": [
        ({"reason": "why"}, ["reason"]),
        ({"state": "CHL"}, ["state"]),
        ({"stage": "published"}, ["stage"]),
        ({"status": "published"}, ["status"]),
        ({"kind": "poem"}, ["kind"]),
        ({"date": "2018-13", "date_kind": "adoption"}, ["date"]),
        ({"date": 2018, "date_kind": "adoption"}, ["date"]),
        ({"date": "2018"}, ["non_field_errors"]),
        ({"link": "javascript:alert(1)"}, ["link"]),
        ({"link": "ftp://example.org/law"}, ["link"]),
        ({"responsible_institutions": ["one\ntwo"]}, ["responsible_institutions"]),
        ({"superseded_by": "COL-2020-001"}, ["superseded_by"]),
        ({"superseded_by": 7}, ["superseded_by"]),
        ({"superseded_by": "\x00"}, ["superseded_by"]),
    ],
    "activity": [
        ({"measure": 9}, ["measure"]),
        ({"measure": "4"}, ["measure"]),
        ({"measure": True}, ["measure"]),
        ({"measure": 10**18}, ["measure"]),
        ({"measure": 4.0}, ["measure"]),
        ({"online": "true"}, ["online"]),
        ({"online": 1}, ["online"]),
        ({"online": False, "place": "Santiago", "end_date": "2020"}, ["non_field_errors"]),
        ({"taken_back": True}, ["taken_back"]),
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_right_is_named_and_nothing_is_written(writer, delegate: User, records, kind):
    record, _change = records[kind]
    client, before = writer(delegate), events()
    for body, named in WRONG[kind]:
        errors = is_problem(patch(client, record, body), 400, INVALID)["errors"]
        assert sorted(errors) == named, body
        assert all(isinstance(one, str) for sentences in errors.values() for one in sentences), body
    assert events() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nested", ["[" * 1000 + "]" * 1000, '{"1":' * 1000 + "1" + "}" * 1000])
def test_what_is_nested_as_deep_as_json_goes_is_refused_like_anything_else(
    writer, delegate: User, records, kind, nested
):
    record, _change = records[kind]
    client = writer(delegate)
    names = {"contact": (*PointOfContact.DETAILS, "reason")}.get(kind) or type(record).CONTENT
    for value in (nested, f"[{nested}]"):
        body = ", ".join(f'"{name}": {value}' for name in names)
        answer = client.generic(
            "PATCH", at(record), f"{{{body}}}", content_type="application/json", headers={"If-Match": "*"}
        )
        assert is_problem(answer, 400, INVALID)["errors"].keys() == set(names)


def test_null_is_no_body(writer, delegate: User, ana: PointOfContact):
    headers = {"If-Match": "*"}
    answer = writer(delegate).generic("PATCH", at(ana), b"null", "application/json", headers=headers)
    assert list(is_problem(answer, 400, INVALID)["errors"]) == ["non_field_errors"]


def test_a_field_that_is_only_read_is_told_apart_from_one_that_there_is_not(writer, delegate: User, ana):
    errors = patch(writer(delegate), ana, {"category": "x", "colour": "x"}).json()["errors"]
    assert errors == {
        "category": ["This cannot be changed here."],
        "colour": ["There is no such field here."],
    }


def test_every_detail_can_be_changed_and_reads_back(writer, delegate: User, ana: PointOfContact):
    changes = {
        "position": "Director",
        "email": "ana@example.org",
        "phone": "+56221230009",
        "mobile": "",
        "mailbox": "desk@example.org",
        "deputy_name": "Carla",
        "deputy_email": "carla@example.org",
        "deputy_phone": "+56221230010",
        "duty_hours": {"1": "08:00-12:00"},
        "time_zone": "UTC",
        "languages": ["pt"],
        "competences": [],
        "pgp_key": "",
        **dict.fromkeys(PointOfContact.AUDIENCES, "secretariat"),
    }
    assert changes.keys() == set(PointOfContact.DETAILS)
    answer = patch(writer(delegate), ana, changes)
    assert answer.status_code == 200
    assert changes.items() <= answer.json().items()


@pytest.mark.parametrize("typed", ["+56 2 2123 0009", " +56-2-2123-0009 "])
def test_a_telephone_may_be_spaced(writer, delegate: User, ana, typed):
    assert patch(writer(delegate), ana, {"phone": typed}).json()["phone"] == "+56221230009"


def test_a_change_of_nothing_leaves_no_trace(writer, delegate: User, ana):
    before = events()
    answer = patch(writer(delegate), ana, {})
    assert (answer.status_code, answer.json()["version"], events()) == (200, ana.version, before)


@pytest.mark.parametrize("kind", KINDS)
def test_other_content_types_and_broken_or_large_bodies_are_refused(writer, delegate: User, records, kind):
    record, _change = records[kind]
    client, before = writer(delegate), events()
    for body, content_type, status in (
        (b"position=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b'{"reason": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ):
        answer = client.generic(
            "PATCH", at(record), body, content_type=content_type, headers={"If-Match": "*"}
        )
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert events() == before


@pytest.mark.parametrize("address", [POLICIES, ACTIVITIES])
def test_parameters_are_not_taken_with_what_is_written(writer, delegate: User, measure, address):
    answer = post(writer(delegate), f"{address}?state=CHL", {})
    assert list(is_problem(answer, 400, INVALID)["errors"]) == ["state"]


# Contacts ----------------------------------------------------------------------------------------------------


def test_an_entry_that_is_true_as_it_stands_is_confirmed(writer, delegate: User, ana: PointOfContact):
    client = writer(delegate)
    answer = client.post(f"{at(ana)}confirm/")
    assert (answer.status_code, answer.json()["confirmed_by"]) == (200, delegate.full_name)
    assert (answer.content, answer["ETag"]) == as_read(client, ana)
    ana.refresh_from_db()
    assert ana.confirmed_at
    assert timezone.now() - ana.confirmed_at < timedelta(minutes=1)
    refused = post(client, f"{at(ana)}confirm/", {"phone": "+56221230002"})
    assert is_problem(refused, 400, INVALID)["errors"] == {"phone": ["This cannot be changed here."]}


def test_what_has_ended_is_a_conflict_for_its_state_and_nothing_for_others(
    writer, delegate, neighbour, officer, ana: PointOfContact
):
    end_contact(contact=ana, on=timezone.now().date(), by=portal(), reason="retired")
    before, body = events(), {"position": "Director", "reason": "why"}
    sentence = "This contact has ended and can no longer be changed."
    for who in (delegate, officer):
        is_problem(patch(writer(who), ana, body), 409, sentence)
        is_problem(post(writer(who), f"{at(ana)}confirm/", {"reason": "why"}), 409, sentence)
    is_problem(patch(writer(neighbour), ana, body), 404)
    assert events() == before


# Policies ----------------------------------------------------------------------------------------------------


def test_a_draft_is_made_and_its_address_is_told(writer, api, delegate: User, chile: State):
    client = writer(delegate)
    body = LAW | {"date": "2020-03", "date_kind": "adoption", "link": "https://example.org/ley"}
    answer = post(client, POLICIES, body)
    assert answer.status_code == 201
    record = answer.json()
    assert body.items() <= record.items()
    assert (record["ref"], record["stage"], record["version"]) == ("CHL-2020-001", "draft", 1)
    assert answer["Location"] == record["url"] == f"http://testserver{POLICIES}CHL-2020-001/"
    read = client.get(answer["Location"])
    assert (answer.content, answer["ETag"]) == (read.content, read["ETag"])
    assert api().get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"state": "XXX"}, ["state"]),
        ({"state": "chl"}, ["state"]),
        ({"state": {"iso3": "CHL"}}, ["state"]),
        ({"state": None}, ["state"]),
        ({"ref": "CHL-2020-009"}, ["ref"]),
        ({"title": " "}, ["title"]),
        ({"language": "xx"}, ["language"]),
    ],
)
def test_a_draft_that_is_not_right_takes_no_number(writer, delegate: User, chile: State, change, named):
    client = writer(delegate)
    assert list(is_problem(post(client, POLICIES, LAW | change), 400, INVALID)["errors"]) == named
    missing = is_problem(post(client, POLICIES, {}), 400, INVALID)["errors"]
    assert missing.keys() == {"state", "title", "language", "kind"}
    assert not PolicySubmission.objects.exists()
    assert (
        post(client, POLICIES, LAW | {"date": "2020", "date_kind": "adoption"}).json()["ref"].endswith("-001")
    )


def test_a_successor_is_named_by_its_ref_if_the_caller_sees_it(
    writer, delegate, cast, draft, strategy, colombia
):
    client = writer(delegate)
    named = patch(client, draft, {"legal_status": "superseded", "superseded_by": strategy.ref})
    assert named.json()["superseded_by"] == strategy.ref
    assert patch(client, draft, {"superseded_by": None}).json()["superseded_by"] is None
    content = {name: value for name, value in LAW.items() if name != "state"}
    hidden = draft_policy(state=colombia, by=cast.viewer("neighbour"), **content)
    answer = is_problem(patch(client, draft, {"superseded_by": hidden.ref}), 400, INVALID)
    unknown = is_problem(patch(client, draft, {"superseded_by": "COL-1999-001"}), 400, INVALID)
    assert (
        answer["errors"]["superseded_by"][0].replace(hidden.ref, "COL-1999-001")
        == (unknown["errors"]["superseded_by"][0])
    )


def test_a_submission_goes_its_way(writer, delegate: User, officer, cast, draft: PolicySubmission):
    client = writer(delegate)
    submitted = client.post(f"{at(draft)}submit/")
    assert (submitted.status_code, submitted.json()["stage"]) == (200, "submitted")
    assert (submitted.content, submitted["ETag"]) == as_read(client, draft)
    publish_policy(policy=draft, by=cast.viewer("officer"))
    withdrawn = post(client, f"{at(draft)}withdraw/", {})
    assert (withdrawn.status_code, withdrawn.json()["stage"]) == (200, "withdrawn")
    assert patch(client, draft, {"title": "Ley corregida"}).json()["title"] == "Ley corregida"
    assert client.post(f"{at(draft)}submit/").json()["stage"] == "submitted"


@pytest.mark.parametrize("body", [{"title": "x"}, {"stage": "published"}, [], "x"])
def test_a_step_takes_no_body(writer, delegate: User, draft: PolicySubmission, body):
    is_problem(post(writer(delegate), f"{at(draft)}submit/", body), 400, INVALID)
    draft.refresh_from_db()
    assert draft.status == ReviewStatus.DRAFT


def test_what_is_missing_before_submitting_is_named(writer, delegate: User, chile: State):
    client = writer(delegate)
    bare = {name: LAW[name] for name in ("state", "title", "language", "kind")}
    ref = post(client, POLICIES, bare).json()["ref"]
    before = events()
    errors = is_problem(client.post(f"{POLICIES}{ref}/submit/"), 400, INVALID)["errors"]
    assert errors.keys() == {"description", "responsible_institutions", "citation"}
    assert events() == before


def test_a_step_that_is_not_possible_now_is_a_conflict(writer, delegate: User, cast, draft: PolicySubmission):
    client = writer(delegate)
    is_problem(
        client.post(f"{at(draft)}withdraw/"),
        409,
        "This submission is now “Draft”: this step is no longer possible.",
    )
    submit_policy(policy=draft, by=cast.viewer("delegate"))
    before = events()
    sentence = "This submission is now “Submitted”: this step is no longer possible."
    is_problem(patch(client, draft, {"title": "x"}), 409, sentence)
    is_problem(client.post(f"{at(draft)}submit/"), 409, sentence)
    assert events() == before
    withdraw_policy(policy=draft, by=cast.viewer("delegate"))
    assert patch(client, draft, {"title": "x"}).status_code == 200


# Activities --------------------------------------------------------------------------------------------------


def test_an_activity_is_reported_and_its_address_is_told(writer, delegate: User, measure: Measure):
    client = writer(delegate)
    body = WORKSHOP | {"partners": ["OAS"], "audience": "members", "description": "Two days"}
    answer = post(client, ACTIVITIES, body)
    assert answer.status_code == 201
    assert body.items() <= answer.json().items()
    read = client.get(answer["Location"])
    assert (answer.content, answer["ETag"]) == (read.content, read["ETag"])


def test_a_measure_without_activities_takes_none(writer, delegate: User, measure: Measure):
    Measure.objects.update(evidence="policies")
    before = events()
    answer = is_problem(post(writer(delegate), ACTIVITIES, WORKSHOP), 400, INVALID)
    assert answer["errors"] == {"measure": ["This measure is not implemented by activities."]}
    assert events() == before


def test_an_activity_for_members_is_404_for_who_is_none(writer, former: User, seminar: Activity):
    change_activity(activity=seminar, changes={"audience": "members"}, by=portal(), reason="test")
    is_problem(patch(writer(former), seminar, {"title": "x"}), 401)
