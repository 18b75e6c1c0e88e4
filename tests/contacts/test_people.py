"""Who acts for a state: the page that says so, retiring, second factors and ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cbmportal.accounts.models import ApiToken, User
from cbmportal.history.changes import history_of
from contacts.access import Right, end_grant, grant_right, portal, viewer_of
from contacts.access.accounts import accounts_without_access, reset_second_factor
from contacts.access.invitations import invite
from contacts.access.people import remind_of_rights_ending, retire
from contacts.models import DirectoryAccess, Invitation, PointOfContact, State, StateGrant
from contacts.services import (
    change_contact_details,
    correct_contact,
    end_contact,
    undo_contact_details,
)
from tests.conftest import CAST, Cast

PEOPLE = "/en/my/CHL/people/"
NORA = {"full_name": "Nora Nueva", "email": "nora@example.org", "language": "en"}
Browse = Callable[..., Client]
Delivered = Callable[[], list[EmailMessage]]


def retire_page(user: User) -> str:
    return f"{PEOPLE}{StateGrant.objects.get(user=user).uuid}/retire/"


def letters_to(delivered: Delivered, address: str) -> list[EmailMessage]:
    return [one for one in delivered() if one.to == [address]]


# The page -------------------------------------------------------------------------------------------------


def test_the_authority_sees_last_sign_in_and_second_factor_and_delegates_do_not(
    browse: Browse, delegate: User, designator: User, officer: User
) -> None:
    for who, sees in ((designator, True), (officer, True), (delegate, False)):
        text = browse(who).get(PEOPLE).content.decode()
        assert delegate.email in text
        assert designator.email in text
        assert ("without a second factor" in text) is sees
        assert ("has never signed in" in text or "last signed in" in text) is sees
        assert ("Invite a delegate" in text) is (who is designator)


def test_who_has_left_stands_there_no_more(browse: Browse, designator: User, former: User) -> None:
    assert former.email not in browse(designator).get(PEOPLE).content.decode()


def test_the_page_asks_as_often_for_thirty_as_for_three(
    browse: Browse, designator: User, chile: State, make_user: Callable[..., User]
) -> None:
    client = browse(designator)

    def asked_with(people: range) -> int:
        for number in people:
            user = make_user(f"d{number}")
            grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
            invite(
                state=chile, kind="delegate", by=viewer_of(designator), full_name="N",
                email=f"n{number}@example.org",
            )  # fmt: skip
        client.get(PEOPLE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PEOPLE).status_code == 200
        return len(asked)

    assert asked_with(range(3)) == asked_with(range(3, 30))


def test_the_authority_invites_on_the_page(browse: Browse, designator: User, delivered: Delivered) -> None:
    client = browse(designator)
    answer = client.post(PEOPLE, {**NORA, "until": ""}, follow=True)
    assert "the link is on its way to nora@example.org" in answer.content.decode()
    assert "Nora Nueva" in answer.content.decode()
    assert len(letters_to(delivered, "nora@example.org")) == 1
    again = client.post(PEOPLE, {**NORA, "until": ""})
    assert again.context["form"].errors


def test_a_last_day_lasts_to_its_end(browse: Browse, designator: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    browse(designator).post(PEOPLE, {**NORA, "until": tomorrow.isoformat()})
    until = Invitation.objects.get().until
    assert until is not None
    assert until.date() == tomorrow
    past = browse(designator).post(PEOPLE, {**NORA, "email": "o@example.org", "until": "2020-01-01"})
    assert "until" in past.context["form"].errors


@pytest.mark.parametrize("who", ["delegate", "officer"])
def test_nobody_else_invites_there(browse: Browse, cast: Cast, who: str, chile: State) -> None:
    assert browse(cast.people[who]).post(PEOPLE, NORA).status_code == 403
    assert not Invitation.objects.exists()


def test_an_expired_invitation_is_sent_again_or_revoked_there(browse: Browse, designator: User) -> None:
    client = browse(designator)
    client.post(PEOPLE, NORA)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "the link has expired" in client.get(PEOPLE).content.decode()
    address = f"/en/my/CHL/invitations/{Invitation.objects.get().uuid}"
    client.post(f"{address}/resend/")
    assert Invitation.objects.open(timezone.now()).get().serial == 2
    client.post(f"{address}/revoke/")
    assert not Invitation.objects.unanswered().exists()
    assert "already" in client.post(f"{address}/revoke/", follow=True).content.decode()


# Retiring -------------------------------------------------------------------------------------------------


def test_a_delegate_is_retired_in_one_click(
    browse: Browse, designator: User, delegate: User, chile: State, key_of: Callable[..., str],
    delivered: Delivered,
) -> None:  # fmt: skip
    theirs, key = browse(delegate), key_of(delegate)
    assert theirs.get("/en/my/CHL/").status_code == 200
    UserSession.objects.create(user=delegate, session_key=theirs.session.session_key, ip="127.0.0.1")
    page = browse(designator).post(retire_page(delegate), {"reason": "New post"}, follow=True)
    assert "no longer acts for your state" in page.content.decode()
    assert theirs.get("/en/my/CHL/").status_code == 302
    assert browse().get("/api/v1/contacts/", headers={"authorization": f"Token {key}"}).status_code == 401
    assert not ApiToken.objects.filter(user=delegate).exists()
    last = history_of(StateGrant.objects.get(user=delegate))[0]
    assert (last.actor, last.reason) == (designator.full_name, "New post")
    letter = letters_to(delivered, delegate.email)[0]
    assert "You no longer act for Chile" in letter.subject
    assert "New post" in str(letter.body)


def test_what_a_delegate_does_for_another_state_goes_on(
    designator: User, delegate: User, chile: State, colombia: State, key_of: Callable[..., str]
) -> None:
    grant_right(user=delegate, state=colombia, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    key_of(delegate)
    retire(user=delegate, state=chile, by=viewer_of(designator))
    assert viewer_of(delegate).delegate_of == {colombia.pk}
    assert ApiToken.objects.filter(user=delegate).exists()
    with pytest.raises(ValidationError, match="any more"):
        retire(user=delegate, state=chile, by=viewer_of(designator))


@pytest.mark.parametrize("who", CAST)
def test_who_may_retire_a_delegate_and_who_an_authority(
    cast: Cast, who: str, chile: State, delegate: User, designator: User, make_user: Callable[..., User]
) -> None:
    viewer, colleague = cast.viewer(who), make_user("colleague")
    grant_right(user=colleague, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    may = {colleague: who in ("officer", "designator"), designator: who == "officer"}
    for person, allowed in may.items():
        if allowed:
            retire(user=person, state=chile, by=viewer)
            assert not viewer_of(person).member
            continue
        with pytest.raises(PermissionDenied):
            retire(user=person, state=chile, by=viewer)
        assert StateGrant.objects.current(timezone.now()).filter(user=person).exists()


def test_an_authority_takes_nothing_from_itself_by_a_side_door(designator: User, chile: State) -> None:
    both = grant_right(user=designator, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    with pytest.raises(PermissionDenied):
        end_grant(both, by=viewer_of(designator))


def test_an_authority_makes_delegates_of_its_own_state_and_no_authorities(
    designator: User, observer: User, chile: State, colombia: State
) -> None:
    viewer = viewer_of(designator)
    for right, state in ((Right.DESIGNATE, chile), (Right.EDIT_ENTRIES, colombia)):
        with pytest.raises(PermissionDenied):
            grant_right(user=observer, state=state, right=right, by=viewer)
    grant_right(user=observer, state=chile, right=Right.EDIT_ENTRIES, by=viewer)
    assert viewer_of(observer).may_edit(chile)


def test_an_authority_has_no_page_to_be_retired_on(browse: Browse, designator: User) -> None:
    assert browse(designator).get(retire_page(designator)).status_code == 404


def test_the_other_authorities_are_told_who_ceases(
    designator: User, delegate: User, officer: User, chile: State, delivered: Delivered
) -> None:
    User.objects.update(notice_pace="at_once")
    retire(user=delegate, state=chile, by=viewer_of(officer), reason="As your note says")
    letter = letters_to(delivered, designator.email)[0]
    assert f"{delegate.full_name} no longer acts for Chile" in letter.subject
    assert "As your note says" in str(letter.body)
    assert letters_to(delivered, officer.email) == []


# Second factor --------------------------------------------------------------------------------------------


def test_an_authority_without_a_second_factor_opens_nothing(
    browse: Browse, designator: User, key_of: Callable[..., str], settings: object
) -> None:
    client, headers = browse(designator), {"authorization": f"Token {key_of(designator)}"}
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 200
    Authenticator.objects.all().delete()
    viewer = viewer_of(designator)
    assert (viewer.needs_second_factor, viewer.member, viewer.may_write) == (True, False, False)
    assert client.get("/en/my/CHL/")["Location"] == "/en/account/second-factor/"
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 403
    assert ApiToken.objects.filter(user=designator).exists()
    settings.PORTAL_DEMO = True  # type: ignore[attr-defined]
    assert viewer_of(designator).member


def test_resetting_it_leaves_a_trace_and_tells_the_person(
    designator: User, officer: User, delivered: Delivered
) -> None:
    reset_second_factor(user=designator, by=viewer_of(officer), reason="Telephone lost, called back")
    designator.refresh_from_db()
    assert designator.second_factor_reset_at
    change = history_of(designator)[0]
    assert (change.actor, change.reason) == (officer.full_name, "Telephone lost, called back")
    assert "second factor was reset" in letters_to(delivered, designator.email)[0].subject


# Ends -----------------------------------------------------------------------------------------------------


def test_a_right_that_ends_soon_is_called_to_mind_once(
    designator: User, delegate: User, chile: State, delivered: Delivered
) -> None:
    User.objects.update(notice_pace="at_once")
    now = timezone.now()
    grant = StateGrant.objects.filter(user=delegate)
    grant.update(since=now - timedelta(days=300), until=now + timedelta(days=20))
    for _time in range(2):
        remind_of_rights_ending(now=now)
    assert ["ends soon" in one.subject for one in letters_to(delivered, delegate.email)] == [True]
    assert ["soon no longer acts" in one.subject for one in letters_to(delivered, designator.email)] == [True]
    grant.update(until=now + timedelta(days=25))
    remind_of_rights_ending(now=now)
    assert len(letters_to(delivered, delegate.email)) == 2


def test_a_right_granted_for_a_few_days_needs_no_reminder(delegate: User, delivered: Delivered) -> None:
    now = timezone.now()
    StateGrant.objects.filter(user=delegate).update(until=now + timedelta(days=20))
    remind_of_rights_ending(now=now)
    assert delivered() == []


def test_a_reader_of_the_directory_is_reminded_too_unless_the_end_has_moved(
    observer: User, delivered: Delivered
) -> None:
    User.objects.update(notice_pace="at_once")
    now = timezone.now()
    access = DirectoryAccess.objects.filter(user=observer)
    access.update(since=now - timedelta(days=300), until=now + timedelta(days=20))
    for _time in range(2):
        remind_of_rights_ending(now=now)
    access.update(until=now + timedelta(days=25))
    remind_of_rights_ending(now=now)
    assert ["ends soon" in one.subject for one in letters_to(delivered, observer.email)] == [True]


def test_the_account_of_a_contact_who_has_ended_counts_as_without_access(
    member: User, ana: PointOfContact
) -> None:
    assert member not in accounts_without_access(timezone.now())
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="new post")
    assert member in accounts_without_access(timezone.now())


# The old address of a contact -----------------------------------------------------------------------------


def test_the_old_address_of_a_contact_is_told_that_it_is_one_and_not_the_new_one(
    ana: PointOfContact, delegate: User, officer: User, delivered: Delivered
) -> None:
    old = ana.email
    changed = change_contact_details(
        contact=ana, changes={"email": "new@example.org"}, by=viewer_of(delegate)
    )
    undone = undo_contact_details(contact=changed, by=viewer_of(delegate), version=changed.version)
    correct_contact(
        contact=undone, changes={"email": "third@example.org"}, by=viewer_of(officer), reason="Typing error"
    )
    first, third = letters_to(delivered, old)
    assert first.extra_headers["Content-Language"] == "es"
    # Whoever reads the old mailbox now may be a stranger.
    for letter, new in ((first, "new@example.org"), (third, "third@example.org")):
        assert old in str(letter.body)
        assert new not in str(letter.body)
    assert len(letters_to(delivered, "new@example.org")) == 1


def test_another_change_tells_no_address(ana: PointOfContact, delegate: User, delivered: Delivered) -> None:
    change_contact_details(
        contact=ana, changes={"phone": "+56221239999", "email": ana.email.upper()}, by=viewer_of(delegate)
    )
    assert letters_to(delivered, ana.email) == []
