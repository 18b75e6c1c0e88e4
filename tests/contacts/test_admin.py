"""Directory, access and accounts on the Secretariat's desk."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cbmportal.accounts.models import ApiToken, User
from contacts.access import portal, viewer_of
from contacts.models import (
    CheckResult,
    DirectoryAccess,
    Institution,
    Participation,
    PointOfContact,
    State,
    StateGrant,
)
from contacts.services import add_institution, curate
from tests.desk import errors_on, form_on


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> User:
    return make_user("administrator", is_staff=True, is_superuser=True)


def page(record: Any, name: str = "change") -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[record.pk])


def step(record: Any, name: str) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_step", args=[record.pk, name])


def buttons(client: Client, record: Any) -> list[str]:
    return [
        address.rstrip("/").split("/")[-1] for _label, address in client.get(page(record)).context["steps"]
    ]


def metadata(record: Any) -> dict[str, Any]:
    context: dict[str, Any] = record.events.order_by("-pgh_id")[0].pgh_context
    return context


# Points of contact ------------------------------------------------------------------------------------------


def test_the_officer_ends_a_designation_with_day_and_reason(
    desk: Client, officer: User, ana: PointOfContact
) -> None:
    response = desk.post(step(ana, "end"), {"on": "2026-03-31", "reason": "Note verbale 44"})
    assert response["Location"] == page(ana)
    ana.refresh_from_db()
    assert (ana.ended_on, ana.end_reason) == (date(2026, 3, 31), "Note verbale 44")
    assert metadata(ana) == {"user": officer.pk, "via": "admin", "reason": "Note verbale 44"}


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"on": "2026-03-31", "reason": " "}, "reason"),
        ({"on": "31/31/2026", "reason": "Note verbale 44"}, "on"),
        ({"on": "1999-01-01", "reason": "Note verbale 44"}, "__all__"),
    ],
)
def test_an_end_that_cannot_be_is_refused_where_it_was_typed(
    desk: Client, ana: PointOfContact, typed: dict[str, str], where: str
) -> None:
    assert list(errors_on(desk.post(step(ana, "end"), typed))) == [where]
    ana.refresh_from_db()
    assert ana.is_active


def test_an_ended_designation_does_not_end_again(desk: Client, ana: PointOfContact) -> None:
    desk.post(step(ana, "end"), {"on": "2026-03-31", "reason": "First"})
    response = desk.post(step(ana, "end"), {"on": "2026-04-30", "reason": "Second"})
    assert list(errors_on(response)) == ["__all__"]
    ana.refresh_from_db()
    assert ana.ended_on == date(2026, 3, 31)


def test_do_not_use_is_marked_and_lifted_with_a_reason(desk: Client, ana: PointOfContact) -> None:
    desk.post(step(ana, "do-not-use"), {"reason": "Mailbox taken over"})
    ana.refresh_from_db()
    assert (ana.do_not_use, ana.do_not_use_reason) == (True, "Mailbox taken over")
    desk.post(step(ana, "lift-do-not-use"), {"reason": "Mailbox is safe again"})
    ana.refresh_from_db()
    assert (ana.do_not_use, ana.do_not_use_reason) == (False, "")
    assert metadata(ana)["reason"] == "Mailbox is safe again"


def test_a_confirmation_and_a_check_are_noted(desk: Client, officer: User, ana: PointOfContact) -> None:
    desk.post(step(ana, "confirm"), {"reason": "By telephone"})
    desk.post(step(ana, "check"), {"result": "unreached", "reason": "By telephone"})
    ana.refresh_from_db()
    assert ana.confirmed_by == officer
    assert (ana.check_result, bool(ana.checked_at)) == (CheckResult.UNREACHED, True)


def test_a_check_has_one_of_the_known_results(desk: Client, ana: PointOfContact) -> None:
    assert list(errors_on(desk.post(step(ana, "check"), {"result": "bogus", "reason": "x"}))) == ["result"]


def test_buttons_follow_what_the_contact_is(desk: Client, ana: PointOfContact) -> None:
    assert buttons(desk, ana) == ["confirm", "check", "do-not-use", "end"]
    desk.post(step(ana, "do-not-use"), {"reason": "Mailbox taken over"})
    assert buttons(desk, ana) == ["confirm", "check", "lift-do-not-use", "end"]
    desk.post(step(ana, "end"), {"on": "2026-03-31", "reason": "Note verbale 44"})
    assert buttons(desk, ana) == []


def test_opening_a_step_does_nothing_yet(desk: Client, ana: PointOfContact) -> None:
    for name in ("confirm", "check", "do-not-use", "end"):
        assert desk.get(step(ana, name)).status_code == 200
    assert ana.events.count() == 1


def test_an_institution_of_another_state_is_refused_at_its_field(
    desk: Client, ana: PointOfContact, colombia: State
) -> None:
    theirs = add_institution(state=colombia, name="Cancillería", by=portal(), reason="test")
    response = desk.post(
        page(ana), form_on(desk.get(page(ana))) | {"institution": theirs.pk, "reason": "Moved"}
    )
    assert list(errors_on(response)) == ["institution"]


def test_a_refusal_of_the_service_stands_at_its_field(desk: Client, ana: PointOfContact) -> None:
    typed = form_on(desk.get(page(ana))) | {"pgp_key": "no key", "position": "Director", "reason": "New key"}
    response = desk.post(page(ana), typed)
    assert list(errors_on(response)) == ["pgp_key"]
    assert "Director" in response.content.decode()
    ana.refresh_from_db()
    assert ana.position == "Head of unit"


def test_a_new_contact_needs_its_note_verbale(desk: Client, ministry: Institution) -> None:
    add = reverse("admin:contacts_pointofcontact_add")
    typed = form_on(desk.get(add)) | {
        "state": ministry.state.pk, "category": "cyber_policy", "full_name": "Nora Nueva", "position": "Director",
        "institution": ministry.pk, "designated_on": "2026-02-01", "email": "n@example.org", "reason": "By e-mail",
    }  # fmt: skip
    assert list(errors_on(desk.post(add, typed))) == ["note_reference"]
    assert not PointOfContact.objects.exists()
    assert desk.post(add, typed | {"note_reference": "NV 3/2026"}).status_code == 302
    nora = PointOfContact.objects.get()
    assert (nora.note_reference, nora.time_zone) == ("NV 3/2026", "America/Santiago")


def test_numbers_are_typed_as_one_dials_and_hours_as_one_reads_them(
    desk: Client, ana: PointOfContact
) -> None:
    typed = form_on(desk.get(page(ana))) | {"phone": "2 2123 0009", "reason": "New office"}
    typed |= {f"duty_hours_{day}_{end}": "" for day in "12345" for end in ("from", "until")}
    typed |= {"duty_hours_6_from": "8", "duty_hours_6_until": "14:30"}
    response = desk.post(page(ana), typed)
    assert response.status_code == 302, errors_on(response)
    ana.refresh_from_db()
    assert (ana.phone, ana.duty_hours) == ("+56221230009", {"6": "08:00-14:30"})


def test_the_list_tells_who_is_in_office(desk: Client, make_contact: Callable[..., PointOfContact]) -> None:
    now = timezone.now()
    fresh = make_contact(full_name="Fresh", confirmed_at=now)
    due = make_contact(full_name="Due", confirmed_at=now - timedelta(days=400))
    ended = make_contact(full_name="Ended", ended_on="2026-02-01", end_reason="Retired")
    shown = {
        office: set(
            desk.get(reverse("admin:contacts_pointofcontact_changelist"), {"office": office})
            .context["cl"]
            .queryset
        )
        for office in ("active", "due", "ended")
    }
    assert shown == {"active": {fresh, due}, "due": {due}, "ended": {ended}}


def test_state_and_institution_are_found_by_typing(desk: Client, ministry: Institution) -> None:
    query = {
        "app_label": "contacts",
        "model_name": "pointofcontact",
        "field_name": "institution",
        "term": "tests",
    }
    found = desk.get(reverse("admin:autocomplete"), query).json()
    assert found["results"] == [{"id": str(ministry.pk), "text": "Ministry of Tests"}]


# Participation ----------------------------------------------------------------------------------------------


def test_a_status_over_days_that_have_one_is_refused(desk: Client, chile: State) -> None:
    curate(
        Participation(state=chile, status="participating", from_date=date(2018, 1, 1)),
        by=portal(),
        reason="test",
    )
    add = reverse("admin:contacts_participation_add")
    typed = {"state": chile.pk, "status": "suspended", "from_date": "2020-01-01", "reason": "Decision 1"}
    response = desk.post(add, form_on(desk.get(add)) | typed)
    assert list(errors_on(response)) == ["from_date"]
    assert Participation.objects.count() == 1


def test_reference_data_is_taken_back_with_a_reason_and_keeps_its_history(desk: Client, chile: State) -> None:
    spell = curate(
        Participation(state=chile, status="suspended", from_date=date(2018, 1, 1)), by=portal(), reason="test"
    )
    assert list(errors_on(desk.post(step(spell, "discard"), {"reason": ""}))) == ["reason"]
    assert Participation.objects.count() == 1
    response = desk.post(step(spell, "discard"), {"reason": "Entered twice"})
    assert response["Location"] == reverse("admin:contacts_participation_changelist")
    assert Participation.objects.count() == 0
    last = Participation.events.rel.related_model.objects.order_by("-pgh_id")[0]  # type: ignore[attr-defined]
    assert (last.pgh_label, last.pgh_context["reason"]) == ("delete", "Entered twice")


def test_what_a_state_owns_cannot_be_taken_back(desk: Client, ana: PointOfContact) -> None:
    for record in (ana, ana.institution, ana.state):
        assert desk.post(step(record, "discard"), {"reason": "Away with it"}).status_code == 404


# Rights -----------------------------------------------------------------------------------------------------


def grant_at_the_desk(desk: Client, user: User, state: State, right: str, **more: Any) -> Any:
    add = reverse("admin:contacts_stategrant_add")
    typed = {"user": user.pk, "content_object": state.pk, "right": right, "reason": "Note verbale 5", **more}
    return desk.post(add, form_on(desk.get(add)) | typed)


def test_a_right_begins_and_ends_at_the_desk(
    desk: Client, officer: User, make_user: Callable[..., User], chile: State
) -> None:
    user = make_user("new.delegate")
    assert grant_at_the_desk(desk, user, chile, "edit_entries").status_code == 302
    grant = StateGrant.objects.get(user=user)
    assert viewer_of(user).delegate_of == frozenset([chile.pk])
    assert metadata(grant) == {"user": officer.pk, "via": "admin", "reason": "Note verbale 5"}
    assert list(errors_on(desk.post(step(grant, "end"), {}))) == ["reason"]
    assert viewer_of(user).member
    desk.post(step(grant, "end"), {"reason": "Has left"})
    assert viewer_of(user).delegate_of == frozenset()
    assert metadata(grant)["reason"] == "Has left"
    assert buttons(desk, grant) == []


def test_a_right_that_runs_is_not_given_twice(desk: Client, delegate: User, chile: State) -> None:
    began = StateGrant.objects.get(user=delegate).since
    assert list(errors_on(grant_at_the_desk(desk, delegate, chile, "edit_entries"))) == ["right"]
    assert StateGrant.objects.get(user=delegate).since == began


def test_a_right_that_has_ended_is_given_anew(desk: Client, former: User, chile: State) -> None:
    assert grant_at_the_desk(desk, former, chile, "edit_entries").status_code == 302
    assert viewer_of(former).delegate_of == frozenset([chile.pk])


def test_only_the_two_rights_are_given(desk: Client, officer: User, chile: State) -> None:
    response = grant_at_the_desk(desk, officer, chile, "delete_state")
    assert list(errors_on(response)) == ["right"]


def test_a_right_cannot_end_before_it_begins(desk: Client, former: User, chile: State) -> None:
    response = grant_at_the_desk(desk, former, chile, "designate", until_0="2020-01-01", until_1="00:00:00")
    assert list(errors_on(response)) == ["__all__"]
    assert not StateGrant.objects.filter(permission__codename="designate").exists()


def test_access_to_the_directory_begins_and_ends_at_the_desk(
    desk: Client, make_user: Callable[..., User]
) -> None:
    user = make_user("new.observer")
    add = reverse("admin:contacts_directoryaccess_add")
    typed = form_on(desk.get(add)) | {"user": user.pk, "kind": "observer", "reason": "Letter"}
    assert list(errors_on(desk.post(add, typed))) == ["__all__"]
    assert desk.post(add, typed | {"organisation": "Observers"}).status_code == 302
    assert viewer_of(user).member
    access = DirectoryAccess.objects.get(user=user)
    desk.post(step(access, "end"), {"reason": "Mandate over"})
    assert not viewer_of(user).member


def test_access_for_a_contact_of_another_state_is_refused_at_its_field(
    desk: Client, make_user: Callable[..., User], ana: PointOfContact, colombia: State
) -> None:
    add = reverse("admin:contacts_directoryaccess_add")
    typed = form_on(desk.get(add)) | {
        "user": make_user("someone").pk, "kind": "contact", "state": colombia.pk, "contact": ana.pk, "reason": "Test"
    }  # fmt: skip
    assert list(errors_on(desk.post(add, typed))) == ["contact"]


# Accounts ---------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_password_and_a_known_address(desk: Client, db: None) -> None:
    add = reverse("admin:accounts_user_add")
    typed = form_on(desk.get(add)) | {
        "email": "New.Person@Example.org", "full_name": "New Person", "language": "es", "time_zone": "America/Lima",
        "password": "chosen-by-the-secretariat", "is_staff": "on", "is_superuser": "on",
    }  # fmt: skip
    assert desk.post(add, typed).status_code == 302
    user = User.objects.get(email="new.person@example.org")
    assert (user.has_usable_password(), user.is_staff, user.is_superuser) == (False, False, False)
    assert (user.language, user.time_zone, user.is_active) == ("es", "America/Lima", True)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("new.person@example.org", True, True)


def test_an_address_has_one_account_whatever_its_case(desk: Client, delegate: User) -> None:
    add = reverse("admin:accounts_user_add")
    typed = form_on(desk.get(add)) | {"email": delegate.email.upper(), "full_name": "Double"}
    typed["time_zone"] = "UTC"
    assert list(errors_on(desk.post(add, typed))) in (["email"], ["__all__"])
    assert not User.objects.filter(full_name="Double").exists()


def test_a_changed_address_signs_in_and_the_old_one_no_longer(desk: Client, delegate: User) -> None:
    typed = form_on(desk.get(page(delegate))) | {"email": "renamed@example.org"}
    assert desk.post(page(delegate), typed).status_code == 302
    assert list(EmailAddress.objects.filter(user=delegate).values_list("email", flat=True)) == [
        "renamed@example.org"
    ]


def test_a_closed_account_is_signed_out_everywhere_for_good(
    desk: Client, browse: Callable[..., Client], delegate: User, key_of: Callable[..., str]
) -> None:
    key_of(delegate)
    theirs = browse(delegate)
    assert desk.post(step(delegate, "close")).status_code == 302
    delegate.refresh_from_db()
    assert not delegate.is_active
    assert not ApiToken.objects.filter(user=delegate).exists()
    assert viewer_of(delegate).user_id is None
    assert desk.post(step(delegate, "reopen")).status_code == 302
    delegate.refresh_from_db()
    assert delegate.is_active
    assert isinstance(_user_of(theirs), AnonymousUser)


def _user_of(client: Client) -> Any:
    return client.get(reverse("account_login")).wsgi_request.user


def test_a_token_is_revoked_and_never_changed(
    desk: Client, delegate: User, key_of: Callable[..., str]
) -> None:
    key_of(delegate)
    token = ApiToken.objects.get()
    assert desk.post(page(token), {"scope": "write"}).status_code == 403
    assert list(errors_on(desk.post(step(token, "revoke")))) == ["reason"]
    assert desk.post(step(token, "revoke"), {"reason": "Laptop lost"}).status_code == 302
    assert not ApiToken.objects.exists()


def test_all_tokens_of_an_account_are_revoked_at_once_and_told_once(
    desk: Client, delegate: User, neighbour: User, key_of: Callable[..., str], delivered: Callable[..., Any]
) -> None:
    for user in (delegate, delegate, neighbour):
        key_of(user)
    assert desk.post(step(delegate, "revoke-tokens"), {"reason": "Server broken into"}).status_code == 302
    assert ApiToken.objects.get().user == neighbour
    [message] = delivered()
    assert message.to == [delegate.email]
    assert "Server broken into" in message.body
    assert "revoke-tokens" not in buttons(desk, delegate)


def test_no_token_is_made_at_the_desk(desk: Client) -> None:
    assert desk.get(reverse("admin:accounts_apitoken_add")).status_code == 403


def test_an_officer_makes_no_officers_and_touches_no_officer_s_account(
    desk: Client, delegate: User, administrator: User
) -> None:
    for user, name in ((delegate, "appoint"), (administrator, "dismiss"), (administrator, "close")):
        assert desk.post(step(user, name)).status_code == 403
    assert desk.post(page(administrator), {"email": "taken.over@example.org"}).status_code == 403
    administrator.refresh_from_db()
    assert (administrator.email, administrator.is_staff) == ("administrator@example.org", True)
    assert buttons(desk, delegate) == ["close"]


def test_an_administrator_appoints_and_dismisses_officers(
    browse: Callable[..., Client], administrator: User, delegate: User
) -> None:
    desk = browse(administrator)
    desk.post(step(delegate, "appoint"))
    delegate.refresh_from_db()
    assert delegate.is_staff
    desk.post(step(delegate, "dismiss"))
    delegate.refresh_from_db()
    assert not delegate.is_staff


def test_nobody_locks_themselves_out(browse: Callable[..., Client], administrator: User) -> None:
    desk = browse(administrator)
    for name in ("close", "dismiss"):
        assert list(errors_on(desk.post(step(administrator, name)))) == ["__all__"]
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.is_staff) == (True, True)
