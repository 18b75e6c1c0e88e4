"""API tokens: who makes them, who takes them back, and when they go of themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cbmportal.accounts.models import ApiToken, User
from cbmportal.history.models import events_of
from contacts.access import (
    DirectoryAccess,
    Right,
    StateGrant,
    end_grant,
    grant_directory_access,
    grant_right,
    portal,
    tokens_without_access,
    viewer_of,
)
from contacts.access.accounts import close_account, dismiss_officer
from contacts.access.tokens import (
    MOST_TOKENS,
    make_own_token,
    may_revoke,
    revoke_token,
    tokens_acting_for,
)
from contacts.models import State
from contacts.services import end_contact
from tests.conftest import CAST, Cast

MONTH = timedelta(days=30)


def make(user: User, **given: Any) -> ApiToken:
    said: dict[str, Any] = {"name": "CSIRT", "scope": "read", "life": MONTH, **given}
    return make_own_token(by=viewer_of(user), **said)[0]


# Making -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CAST)
def test_members_make_tokens_of_their_own_and_a_shared_account_does_not(who: str, cast: Cast) -> None:
    if who in ("visitor", "inactive", "former", "duty_desk"):
        with pytest.raises(PermissionDenied):
            make_own_token(by=cast.viewer(who), name="CSIRT", scope="read", life=MONTH)
    else:
        assert (
            make_own_token(by=cast.viewer(who), name="CSIRT", scope="read", life=MONTH)[0].user
            == cast.people[who]
        )


@pytest.mark.parametrize("who", ["delegate", "designator", "officer", "member", "observer"])
def test_a_token_that_writes_is_for_those_who_may_write(who: str, cast: Cast) -> None:
    user = cast.people[who]
    assert user
    if who in ("member", "observer"):
        with pytest.raises(ValidationError) as refusal:
            make(user, scope="write")
        assert list(refusal.value.message_dict) == ["scope"]
    else:
        assert make(user, scope="write").scope == "write"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"scope": "admin"}, "scope"),
        ({"life": timedelta(days=366)}, "life"),
        ({"life": timedelta()}, "life"),
    ],
)
def test_a_token_that_cannot_be_is_refused_by_field(
    delegate: User, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make(delegate, **wrong)
    assert where in refusal.value.message_dict
    assert not ApiToken.objects.exists()


def test_a_person_has_so_many_tokens_and_no_more_but_expired_ones_do_not_count(delegate: User) -> None:
    made = [make(delegate) for _each in range(MOST_TOKENS)]
    with pytest.raises(ValidationError, match="You have 20 tokens"):
        make(delegate)
    ApiToken.objects.filter(pk=made[0].pk).update(expiry=timezone.now())
    assert make(delegate)


def test_the_history_says_who_made_and_who_revoked_it_and_keeps_no_key(delegate: User, officer: User) -> None:
    token, key = make_own_token(by=viewer_of(delegate), name="CSIRT", scope="read", life=MONTH)
    ApiToken.objects.update(last_used_at=timezone.now())
    revoke_token(token=token, by=viewer_of(officer, via="admin"), reason="Laptop lost")
    made, ended = events_of(ApiToken).order_by("pgh_id")
    assert (made.pgh_label, made.pgh_context["user"]) == ("insert", delegate.pk)
    assert (ended.pgh_label, ended.pgh_context["user"], ended.pgh_context["reason"]) == (
        "delete",
        officer.pk,
        "Laptop lost",
    )
    values = [str(getattr(made, field.attname)) for field in made._meta.fields]
    assert not any(value and key.startswith(value) for value in values)


# Taking back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CAST)
def test_the_owner_the_authority_and_the_secretariat_revoke(who: str, cast: Cast, delegate: User) -> None:
    token, viewer = make(delegate), cast.viewer(who)
    if who in ("delegate", "designator", "officer"):
        revoke_token(token=token, by=viewer, reason="Laptop lost")
        assert not ApiToken.objects.exists()
    else:
        with pytest.raises(PermissionDenied):
            revoke_token(token=token, by=viewer, reason="Laptop lost")
        assert ApiToken.objects.exists()


def test_only_the_owner_need_not_say_why(delegate: User, designator: User) -> None:
    token = make(delegate)
    with pytest.raises(ValidationError) as refusal:
        revoke_token(token=token, by=viewer_of(designator), reason=" ")
    assert list(refusal.value.message_dict) == ["reason"]
    revoke_token(token=token, by=viewer_of(delegate))


@pytest.mark.parametrize("owner", ["delegate", "designator", "neighbour", "member", "former", "officer"])
@pytest.mark.parametrize("who", ["delegate", "designator", "neighbour"])
def test_what_an_authority_sees_is_what_it_revokes(
    owner: str, who: str, cast: Cast, chile: State, key_of: Callable[..., str]
) -> None:
    key_of(cast.people[owner])
    token, viewer = ApiToken.objects.get(), cast.viewer(who)
    sees = tokens_acting_for(chile, viewer).exists()
    assert sees is (who == "designator" and owner in ("delegate", "designator"))
    assert may_revoke(viewer, token) is (sees or owner == who)


def test_an_officer_who_also_acts_for_the_state_is_not_the_authoritys_business(
    officer: User, designator: User, chile: State
) -> None:
    grant_right(user=officer, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    token = make(officer)
    assert not tokens_acting_for(chile, viewer_of(designator)).exists()
    assert not may_revoke(viewer_of(designator), token)


def test_an_authority_whose_right_has_ended_revokes_nothing(delegate: User, designator: User) -> None:
    token = make(delegate)
    end_grant(StateGrant.objects.get(user=designator), by=portal(), reason="left")
    with pytest.raises(PermissionDenied):
        revoke_token(token=token, by=viewer_of(designator), reason="Laptop lost")


# Going of itself --------------------------------------------------------------------------------------------


def test_a_token_goes_with_the_last_of_its_owners_grants(delegate: User, chile: State) -> None:
    make(delegate)
    second = grant_directory_access(
        user=delegate, kind="observer", organisation="Observers", by=portal(), reason="test"
    )
    end_grant(StateGrant.objects.get(user=delegate), by=portal(), reason="left")
    assert ApiToken.objects.exists()
    end_grant(second, by=portal(), reason="left")
    assert not ApiToken.objects.exists()


def test_a_grant_that_is_to_end_later_takes_no_token_yet(delegate: User) -> None:
    make(delegate)
    later = timezone.now() + timedelta(days=1)
    end_grant(StateGrant.objects.get(user=delegate), by=portal(), reason="leaves", at=later)
    assert ApiToken.objects.exists()


def test_a_token_goes_with_the_account_and_with_the_office(
    delegate: User, officer: User, neighbour: User, make_user: Callable[..., User]
) -> None:
    for user in (delegate, officer):
        make(user)
    close_account(user=delegate, by=portal())
    assert ApiToken.objects.get().user == officer
    dismiss_officer(user=officer, by=portal())
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("who", [one for one in CAST if one != "visitor"])
def test_the_twins_agree_on_whose_tokens_count(who: str, cast: Cast, key_of: Callable[..., str]) -> None:
    key_of(cast.people[who])
    keeps = cast.viewer(who).keeps_tokens
    assert keeps is (who not in ("inactive", "former"))
    assert tokens_without_access(timezone.now()).exists() is not keeps


def test_the_twins_agree_once_a_points_designation_has_ended(
    member: User, ana: Any, noon: datetime, key_of: Callable[..., str]
) -> None:
    key_of(member)
    end_contact(contact=ana, on=noon.date(), by=portal(), reason="left")
    assert DirectoryAccess.objects.current(timezone.now()).filter(user=member).exists()
    assert not viewer_of(member).keeps_tokens
    assert tokens_without_access(timezone.now()).exists()
