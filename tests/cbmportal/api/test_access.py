"""Who may call what, and that nothing hidden shows: not in a record, not through a filter, not through an order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.tokens import make_token
from cbmportal.api.permissions import SecretariatOnly
from cbmportal.api.urls import urlpatterns
from cbmportal.api.views import ListOf, PortalView
from contacts.access import StateGrant, portal
from contacts.api import ContactSerializer
from contacts.models import Institution, PointOfContact
from contacts.services import change_contact_details, change_institution, end_contact
from measures.models import Activity
from measures.services import change_activity
from policies.models import PolicySubmission
from policies.services import correct_policy, draft_policy

MEMBERS = {"delegate", "neighbour", "designator", "member", "observer", "duty_desk", "officer"}
CONTACTS = "/api/v1/contacts/"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [
        record.get("full_name") or record.get("title") or record["name"]
        for record in answer.json()["results"]
    ]


def views() -> Iterator[tuple[str, type]]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        callback: Any = pattern.callback
        yield str(pattern.name), getattr(callback, "cls", None) or callback.view_class


def test_every_view_says_who_may_call_it():
    silent = {
        name
        for name, view in views()
        if issubclass(view, PortalView) and "permission_classes" not in vars(view)
    }
    assert silent == set()


def test_a_view_that_forgets_to_say_is_for_the_secretariat():
    assert PortalView.permission_classes == [SecretariatOnly]
    assert ListOf.permission_classes == [SecretariatOnly]


def test_every_view_of_the_api_is_a_portal_view_or_a_page_about_it():
    assert {name for name, view in views() if not issubclass(view, PortalView)} == {"api-docs", "api-guide"}
    assert get_resolver().resolve("/api/v1/").url_name == "api-root"


def test_the_directory_is_for_members_with_a_token_or_a_session(api, browse, cast, ana, key_of):
    by_token, by_session = {}, {}
    for name, user in cast.people.items():
        by_token[name] = api(user).get(CONTACTS).status_code
        by_session[name] = browse(user if name != "inactive" else None).get(CONTACTS).status_code
    expected = dict.fromkeys(cast.people, 401) | dict.fromkeys(MEMBERS, 200) | {"former": 403}
    assert by_token == expected | {"former": 401}
    assert by_session == expected


def test_an_inactive_account_loses_its_session(browse, delegate: User, ana):
    client = browse(delegate)
    User.objects.filter(pk=delegate.pk).update(is_active=False)
    assert client.get(CONTACTS).status_code == 401


def test_401_says_how_to_authenticate(api, db):
    answer = api().get(CONTACTS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert "Authorization: Token <key>" in answer.json()["detail"]


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token nonsense", "Token \xff", "Token " + "x" * 5000]
)
def test_an_unreadable_token_is_401_even_for_what_is_public(api, db, header):
    client = api()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert client.get("/api/v1/states/").status_code == 401


def test_a_token_ends_with_its_expiry(api, delegate: User, ana):
    client = api(delegate)
    assert client.get(CONTACTS).status_code == 200
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get(CONTACTS).status_code == 401


def test_a_token_ends_with_its_owners_account(api, delegate: User, ana):
    client = api(delegate)
    User.objects.filter(pk=delegate.pk).update(is_active=False)
    assert client.get(CONTACTS).status_code == 401


def test_a_token_opens_nothing_once_its_owners_access_has_ended(api, delegate: User, ana):
    """Not what is public either; and whether the token's row is still there makes no difference."""
    client = api(delegate)
    StateGrant.objects.filter(user=delegate).update(until=timezone.now())
    assert {client.get(address).status_code for address in (CONTACTS, "/api/v1/states/", "/api/v1/")} == {401}
    assert ApiToken.objects.get().last_used_at is None


def test_a_token_of_an_officer_without_second_factor_is_told_what_is_missing(api, officer: User):
    Authenticator.objects.filter(user=officer).delete()
    assert api(officer).get("/api/v1/states/").status_code == 403


def test_a_token_lives_at_most_a_year(delegate: User):
    token, _key = make_token(user=delegate, name="long", life=timedelta(days=4000))
    assert token.expiry - timezone.now() <= timedelta(days=365)


# What is hidden --------------------------------------------------------------------------------------------


def test_the_details_that_may_be_absent_are_all_that_as_seen_by_decides(cast, ana: PointOfContact):
    decided = set(ana.as_seen_by(cast.viewer("officer")))
    assert set(ContactSerializer.DETAILS) == decided


def test_a_mobile_kept_to_the_secretariat_is_absent_for_the_neighbour(api, ana, neighbour, delegate):
    assert ana.mobile_audience == "secretariat"
    hidden = api(neighbour).get(f"{CONTACTS}{ana.uuid}/")
    assert "mobile" not in hidden.json()
    assert ana.mobile not in hidden.content.decode()
    assert api(delegate).get(f"{CONTACTS}{ana.uuid}/").json()["mobile"] == ana.mobile


def test_an_institution_kept_to_the_secretariat_does_not_show_in_its_contacts(api, ana, neighbour, delegate):
    change_institution(
        institution=ana.institution, changes={"audience": "secretariat"}, by=portal(), reason="test"
    )
    hidden = api(neighbour).get(f"{CONTACTS}{ana.uuid}/")
    assert "institution" not in hidden.json()
    assert ana.institution.name not in hidden.content.decode()
    assert api(neighbour).get(f"/api/v1/institutions/{ana.institution.uuid}/").status_code == 404
    assert api(delegate).get(f"{CONTACTS}{ana.uuid}/").json()["institution"]["name"] == ana.institution.name


def test_hidden_languages_do_not_show_through_the_filter(api, ana, neighbour, delegate):
    address = f"{CONTACTS}?language=es"
    assert names(api(neighbour).get(address)) == ["Ana Ejemplo"]
    change_contact_details(
        contact=ana, changes={"languages_audience": "secretariat"}, by=portal(), reason="test"
    )
    assert names(api(neighbour).get(address)) == []
    assert names(api(delegate).get(address)) == ["Ana Ejemplo"]


def test_hidden_duty_hours_do_not_show_through_the_filter(api, ana, neighbour, delegate):
    always = dict.fromkeys("1234567", "00:00-24:00")
    change_contact_details(contact=ana, changes={"duty_hours": always}, by=portal(), reason="test")
    assert names(api(neighbour).get(f"{CONTACTS}?open_now=true")) == ["Ana Ejemplo"]
    change_contact_details(contact=ana, changes={"duty_audience": "secretariat"}, by=portal(), reason="test")
    assert names(api(neighbour).get(f"{CONTACTS}?open_now=true")) == []
    assert names(api(delegate).get(f"{CONTACTS}?open_now=true")) == ["Ana Ejemplo"]


def test_no_order_follows_a_detail(api, ana, neighbour):
    client = api(neighbour)
    for name in (*ContactSerializer.DETAILS, "state__grants", "confirmed_by__email", "pk"):
        answer = client.get(CONTACTS, {"ordering": name})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["ordering"]), name


def test_a_contact_that_has_ended_is_404_for_other_states(api, ana, neighbour, delegate):
    end_contact(contact=ana, on=timezone.now().date(), by=portal(), reason="retired")
    assert names(api(neighbour).get(CONTACTS)) == []
    assert api(neighbour).get(f"{CONTACTS}{ana.uuid}/").status_code == 404
    assert api(delegate).get(f"{CONTACTS}{ana.uuid}/").json()["end_reason"] == "retired"


def test_visitors_read_only_public_institutions(
    api, ministry: Institution, public_office: Institution, neighbour
):
    assert names(api().get("/api/v1/institutions/")) == ["Agency"]
    assert api().get(f"/api/v1/institutions/{ministry.uuid}/").status_code == 404
    assert names(api(neighbour).get("/api/v1/institutions/")) == ["Agency", "Ministry of Tests"]


def test_the_mailbox_of_a_public_institution_is_public_only_if_its_state_says_so(
    api, public_office, neighbour
):
    address = f"/api/v1/institutions/{public_office.uuid}/"
    change_institution(
        institution=public_office, changes={"mailbox_audience": "members"}, by=portal(), reason="test"
    )
    assert "mailbox" not in api().get(address).json()
    assert api(neighbour).get(address).json()["mailbox"] == "office@agency.example.org"


def test_an_activity_for_members_needs_a_member(api, browse, seminar: Activity, neighbour, former):
    change_activity(activity=seminar, changes={"audience": "members"}, by=portal(), reason="test")
    address = f"/api/v1/activities/{seminar.uuid}/"
    clients = (api(), browse(former), api(neighbour))
    assert [client.get(address).status_code for client in clients] == [404, 404, 200]
    assert [names(client.get("/api/v1/activities/")) for client in clients] == [[], [], ["Seminar"]]


def test_a_draft_is_seen_by_its_state_alone(api, cast, strategy: PolicySubmission):
    draft = draft_policy(
        state=strategy.state, by=cast.viewer("delegate"), title="Draft law", language="es", kind="law"
    )
    seen = {
        name: api(user).get(f"/api/v1/policies/{draft.ref}/").status_code
        for name, user in cast.people.items()
        if name not in ("inactive", "former")
    }
    readers = {"delegate", "designator", "officer"}
    assert {name for name, status in seen.items() if status == 200} == readers
    assert set(seen.values()) == {200, 404}
    assert names(api(cast.people["neighbour"]).get("/api/v1/policies/")) == [strategy.title]


def test_a_successor_that_is_still_a_draft_is_not_given_away(api, cast, strategy: PolicySubmission):
    draft = draft_policy(
        state=strategy.state, by=cast.viewer("delegate"), title="Draft law", language="es", kind="law"
    )
    correct_policy(
        policy=strategy,
        changes={"legal_status": "superseded", "superseded_by": draft},
        by=portal(),
        reason="test",
    )
    address = f"/api/v1/policies/{strategy.ref}/"
    assert api().get(address).json()["superseded_by"] is None
    assert draft.ref not in api().get(address).content.decode()
    assert api(cast.people["delegate"]).get(address).json()["superseded_by"] == draft.ref


def test_a_review_comment_and_the_notes_are_not_public(api, strategy: PolicySubmission, neighbour):
    PolicySubmission.objects.filter(pk=strategy.pk).update(review_comment="Between us")
    for who in (None, neighbour):
        text = api(who).get("/api/v1/policies/").content.decode()
        assert "Between us" not in text
        assert strategy.notes not in text


# What is not written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["put", "delete"])
def test_nothing_is_replaced_or_deleted(api, officer: User, ana: PointOfContact, method):
    client = api(officer)
    for address, allowed in (
        (CONTACTS, "GET, HEAD, OPTIONS"),
        (f"{CONTACTS}{ana.uuid}/", "GET, PATCH, HEAD, OPTIONS"),
        ("/api/v1/policies/", "GET, POST, HEAD, OPTIONS"),
    ):
        answer = getattr(client, method)(address, {"phone": "+1"}, format="json")
        assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.parametrize("name", ["states", "measures", "contacts", "institutions", "milestones", "glossary"])
def test_what_is_not_the_states_own_to_enter_is_not_entered(writer, officer: User, name):
    assert writer(officer).post(f"/api/v1/{name}/", {}, format="json").status_code == 405


def test_a_session_writes_nothing_without_its_csrf_token(delegate: User, ana: PointOfContact):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(delegate)
    assert client.get(CONTACTS).status_code == 200
    answer = client.post(CONTACTS, {}, format="json")
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["detail"]


def test_confirmed_before_finds_only_what_was_confirmed_earlier(api, ana: PointOfContact, neighbour):
    PointOfContact.objects.filter(pk=ana.pk).update(confirmed_at=datetime(2026, 3, 1, tzinfo=UTC))
    found = {
        moment: names(api(neighbour).get(CONTACTS, {"confirmed_before": moment}))
        for moment in ("2026-03-01T00:00:00Z", "2026-03-01T00:00:01Z", "2026-03-02")
    }
    assert list(found.values()) == [[], ["Ana Ejemplo"], ["Ana Ejemplo"]]
