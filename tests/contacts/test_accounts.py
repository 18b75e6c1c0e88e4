"""Who opens, changes and closes accounts."""

from collections.abc import Callable, Collection

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cbmportal.accounts.models import ApiToken, User
from contacts.access import portal, viewer_of
from contacts.access.accounts import (
    appoint_officer,
    change_account,
    close_account,
    dismiss_officer,
    open_account,
    reopen_account,
)
from contacts.access.tokens import revoke_all_tokens, revoke_token
from tests.conftest import CAST, Cast


@pytest.mark.parametrize("who", sorted({*CAST} - {"officer"}))
def test_only_the_secretariat_keeps_accounts(who: str, cast: Cast, key_of: Callable[..., str]) -> None:
    viewer, user = cast.viewer(who), cast.people["neighbour"]
    assert user is not None
    key_of(user)
    for service in (close_account, reopen_account, appoint_officer, dismiss_officer):
        with pytest.raises(PermissionDenied):
            service(user=user, by=viewer)
    with pytest.raises(PermissionDenied):
        open_account(email="new@example.org", full_name="New", by=viewer)
    with pytest.raises(PermissionDenied):
        change_account(user=user, changes={"full_name": "New"}, by=viewer)
    with pytest.raises(PermissionDenied):
        revoke_all_tokens(user=user, by=viewer, reason="test")
    if who != "neighbour":
        with pytest.raises(PermissionDenied):
            revoke_token(token=ApiToken.objects.get(), by=viewer, reason="test")


def test_what_a_token_was_made_for_does_not_grow_with_its_owner(
    neighbour: User, make_user: Callable[..., User], key_of: Callable[..., str]
) -> None:
    key_of(neighbour)
    administrator = make_user("administrator", is_staff=True, is_superuser=True)
    appoint_officer(user=neighbour, by=viewer_of(administrator))
    assert not ApiToken.objects.filter(user=neighbour).exists()


def test_an_officer_is_made_by_an_administrator_only(
    officer: User, neighbour: User, make_user: Callable[..., User]
) -> None:
    with pytest.raises(PermissionDenied):
        appoint_officer(user=neighbour, by=viewer_of(officer))
    administrator = make_user("administrator", is_staff=True, is_superuser=True)
    assert appoint_officer(user=neighbour, by=viewer_of(administrator)).is_staff
    with pytest.raises(PermissionDenied):
        dismiss_officer(user=neighbour, by=viewer_of(officer))
    assert not dismiss_officer(user=neighbour, by=viewer_of(administrator)).is_staff


def test_an_officer_does_not_take_over_an_officer_s_account(
    officer: User, make_user: Callable[..., User]
) -> None:
    administrator = make_user("administrator", is_staff=True, is_superuser=True)
    for service in (close_account, reopen_account):
        with pytest.raises(PermissionDenied):
            service(user=administrator, by=viewer_of(officer))
    with pytest.raises(PermissionDenied):
        change_account(user=administrator, changes={"email": "taken.over@example.org"}, by=viewer_of(officer))


def test_an_account_is_given_no_more_than_its_owner_s_particulars(officer: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        open_account(email="new@example.org", full_name="New", is_staff=True, by=viewer_of(officer))
    assert list(refusal.value.error_dict) == ["is_staff"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"email": "delegate.chl@example.org"}, "email"),
        ({"email": "DELEGATE.CHL@example.org"}, "email"),
        ({"email": "no address"}, "email"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_field(
    neighbour: User, delegate: User, changes: dict[str, str], where: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_account(user=neighbour, changes=changes, by=portal())
    assert where in refusal.value.error_dict
    neighbour.refresh_from_db()
    assert neighbour.email == "delegate.col@example.org"


def test_closing_an_account_says_who_did_it_and_keeps_no_password(officer: User, delegate: User) -> None:
    delegate.set_password("never-in-the-history")
    delegate.save()
    before = delegate.events.count()
    close_account(user=delegate, by=viewer_of(officer, via="admin"))
    event = delegate.events.latest("pgh_id")
    assert delegate.events.count() == before + 1
    assert (event.is_active, event.pgh_context["user"], event.pgh_context["via"]) == (
        False,
        officer.pk,
        "admin",
    )
    assert not {"password", "last_login"} & {field.name for field in event._meta.fields}


def test_the_address_that_somebody_else_entered_just_now_is_refused_in_words(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = User.full_clean

    def then_another_comes_first(self: User, exclude: Collection[str]) -> None:
        check(self, exclude=exclude)
        User.objects.bulk_create([User(email="new@example.org", full_name="First")])

    monkeypatch.setattr(User, "full_clean", then_another_comes_first)
    with pytest.raises(ValidationError) as refusal:
        open_account(email="new@example.org", full_name="Second", by=portal())
    assert list(refusal.value.message_dict) == ["email"]
