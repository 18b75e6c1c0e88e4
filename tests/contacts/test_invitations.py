"""Invitations: who invites whom, what a link opens, and that it opens it once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.db import IntegrityError, InternalError, connections, transaction
from django.test import Client
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.history.changes import history_of
from cbmportal.notices.models import Notice
from contacts.access import Right, end_grant, grant_right, portal, viewer_of
from contacts.access.accounts import accounts_without_access, close_account
from contacts.access.invitations import (
    NoSuchInvitation,
    accept,
    invitation_behind,
    invite,
    offer_account,
    resend,
    revoke,
)
from contacts.models import DirectoryAccess, Invitation, PointOfContact, State, StateGrant
from contacts.models.invitations import SIGNER
from contacts.services import end_contact
from tests.conftest import CAST, Cast

WORDS = "correct horse battery staple"
Delivered = Callable[[], list[EmailMessage]]
Browse = Callable[..., Client]


@pytest.fixture
def invited(designator: User, chile: State) -> Invitation:
    """Nora, whom the designating authority of Chile invites as a delegate; she has no account."""
    return ask(designator, chile)


def ask(by: User, state: State, kind: str = "delegate", **fields: Any) -> Invitation:
    details = {"email": "nora@example.org", "full_name": "Nora Nueva", "language": "en", **fields}
    return invite(state=state, kind=kind, by=viewer_of(by), **details)


def sent_to(delivered: Delivered, address: str) -> list[EmailMessage]:
    return [one for one in delivered() if one.to == [address]]


def link_in(letter: EmailMessage) -> str:
    return re.search(r"/\w\w/invitation/\S+", str(letter.body))[0]


# Who invites whom -----------------------------------------------------------------------------------------

ALLOWED = {
    "authority": {"officer"},
    "delegate": {"officer", "designator"},
    "contact": {"officer"},
}


@pytest.mark.parametrize("kind", ALLOWED)
@pytest.mark.parametrize("who", CAST)
def test_who_may_invite_whom(cast: Cast, who: str, kind: str, chile: State, ana: PointOfContact) -> None:
    viewer, contact = cast.viewer(who), ana if kind == "contact" else None

    def ask_her() -> Invitation:
        return invite(
            state=chile, kind=kind, contact=contact, by=viewer, email="n@example.org", full_name="Nora"
        )

    if who in ALLOWED[kind]:
        invitation = ask_her()
        assert resend(invitation=invitation, by=viewer).serial == 2
        assert revoke(invitation=invitation, by=viewer).revoked_at
        return
    with pytest.raises(PermissionDenied):
        ask_her()
    ready = invite(
        state=chile, kind=kind, contact=contact, by=portal(), email="n@example.org", full_name="Nora"
    )
    for step in (resend, revoke):
        with pytest.raises(PermissionDenied):
            step(invitation=ready, by=viewer)


def test_an_authority_invites_for_its_own_state_only(designator: User, colombia: State) -> None:
    with pytest.raises(PermissionDenied):
        ask(designator, colombia)


def test_whoever_acts_for_the_state_is_not_invited_to_it(
    designator: User, delegate: User, chile: State
) -> None:
    with pytest.raises(ValidationError, match="already acts"):
        ask(designator, chile, email=delegate.email.upper())


def test_nobody_has_two_open_invitations_to_the_same(
    invited: Invitation, designator: User, chile: State
) -> None:
    with pytest.raises(ValidationError, match="Send that one again"):
        ask(designator, chile, email="Nora@Example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            state=chile, kind="delegate", email="NORA@example.org", full_name="N", expires_at=timezone.now()
        )
    revoke(invitation=invited, by=viewer_of(designator))
    assert ask(designator, chile).pk != invited.pk


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "contact"},
        {"kind": "king"},
        {"accepted_at": timezone.now()},
        {"email": ""},
        {"serial": 0},
        {"purged_at": timezone.now()},
    ],
)
def test_impossible_invitations_are_impossible_in_the_database(chile: State, fields: dict[str, Any]) -> None:
    usual = {"kind": "delegate", "email": "n@example.org", "full_name": "N", "expires_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(state=chile, **(usual | fields))


def test_an_accepted_invitation_is_not_revoked(invited: Invitation, designator: User) -> None:
    accept(signed=invited.signed, password=WORDS)
    with pytest.raises(ValidationError, match="already"):
        revoke(invitation=invited, by=viewer_of(designator))
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Invitation.objects.update(revoked_at=timezone.now())


# The e-mail -----------------------------------------------------------------------------------------------


def test_the_link_goes_to_the_bare_address_in_its_language_and_is_stored_nowhere(
    designator: User, chile: State, delivered: Delivered
) -> None:
    invitation = ask(designator, chile, language="es")
    waiting = Notice.objects.get(to=None)
    assert invitation.signed not in str(waiting.details)
    letter = sent_to(delivered, "nora@example.org")[0]
    assert link_in(letter) == f"/es/invitation/{invitation.signed}/"
    assert letter.extra_headers["Content-Language"] == "es"
    assert designator.full_name in str(letter.body)
    assert Notice.objects.get(to=None).details == {}


def test_sent_again_before_it_went_it_goes_once(
    invited: Invitation, designator: User, delivered: Delivered
) -> None:
    again = resend(invitation=invited, by=viewer_of(designator))
    letters = sent_to(delivered, "nora@example.org")
    assert [link_in(one) for one in letters] == [f"/en/invitation/{again.signed}/"]


def test_a_notice_to_a_bare_address_says_where_it_goes_and_waits_for_no_day(invited: Invitation) -> None:
    for wrong in ({"details": {}}, {"urgent": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(to=None).update(**wrong)


def test_an_invitation_that_is_revoked_is_not_sent(
    invited: Invitation, designator: User, delivered: Delivered
) -> None:
    revoke(invitation=invited, by=viewer_of(designator))
    assert sent_to(delivered, "nora@example.org") == []


# Accepting ------------------------------------------------------------------------------------------------


def test_looking_at_the_page_takes_nothing(client: Client, invited: Invitation, designator: User) -> None:
    for _time in range(3):
        page = client.get(invited.link)
        assert page.status_code == 200
    text = page.content.decode()
    assert designator.full_name in text
    assert "Chile" in text
    invited.refresh_from_db()
    assert invited.version == 1


def test_the_page_keeps_its_address_to_itself(client: Client, invited: Invitation) -> None:
    for link in (invited.link, "/en/invitation/forged/"):
        page = client.get(link)
        assert page["Referrer-Policy"] == "strict-origin"
        assert "no-store" in page["Cache-Control"]


def test_somebody_new_sets_a_password_and_is_a_delegate(
    client: Client, invited: Invitation, chile: State, designator: User, delivered: Delivered
) -> None:
    User.objects.update(notice_pace="at_once")
    page = client.post(invited.link, {"password1": WORDS, "password2": WORDS})
    assert page["Location"] == "/en/account/second-factor/"
    nora = User.objects.get(email="nora@example.org")
    assert (nora.full_name, nora.time_zone) == ("Nora Nueva", chile.time_zone)
    assert EmailAddress.objects.filter(user=nora, email=nora.email, verified=True, primary=True).exists()
    assert client.get("/en/my/CHL/").status_code == 200
    assert nora.check_password(WORDS)
    assert nora not in accounts_without_access(timezone.now())
    grant = StateGrant.objects.get(user=nora)
    assert history_of(grant)[0].actor == designator.full_name
    told = sent_to(delivered, designator.email)
    assert any("has accepted your invitation" in one.subject for one in told)


def test_the_first_password_is_held_to_the_rules_of_all(client: Client, invited: Invitation) -> None:
    for typed in (("short", "short"), (WORDS, "another one"), ("nora@example.org", "nora@example.org")):
        page = client.post(invited.link, {"password1": typed[0], "password2": typed[1]})
        assert page.status_code == 200
        assert page.context["form"].errors
    assert not User.objects.filter(email="nora@example.org").exists()


def test_a_new_authority_is_led_to_a_second_factor_and_opens_nothing_before(
    client: Client, officer: User, chile: State
) -> None:
    invitation = ask(officer, chile, kind="authority")
    client.post(invitation.link, {"password1": WORDS, "password2": WORDS})
    assert client.get("/en/my/CHL/")["Location"] == "/en/account/second-factor/"
    assert client.get("/en/account/second-factor/").status_code == 200


def test_whoever_has_an_account_signs_in_and_comes_back(
    browse: Browse, designator: User, neighbour: User, chile: State
) -> None:
    invitation = ask(designator, chile, email=neighbour.email)
    page = browse().get(invitation.link)
    assert f"/en/account/login/?next={invitation.link}" in page.content.decode()
    assert browse().post(invitation.link, {"password1": WORDS, "password2": WORDS}).status_code == 200
    assert not viewer_of(neighbour).may_edit(chile)
    answer = browse(neighbour).post(invitation.link)
    assert answer["Location"] == "/en/my/CHL/"
    assert viewer_of(neighbour).may_edit(chile)


def test_nobody_else_accepts_it(browse: Browse, invited: Invitation, neighbour: User, chile: State) -> None:
    client = browse(neighbour)
    for answer in (client.get(invited.link), client.post(invited.link)):
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "Sign out and go on" in text
        assert invited.email not in text
    with pytest.raises(PermissionDenied):
        accept(signed=invited.signed, by=viewer_of(neighbour))
    assert not viewer_of(neighbour).may_edit(chile)
    assert client.post("/en/account/logout/", {"next": invited.link})["Location"] == invited.link


def test_it_does_not_open_a_closed_account(
    client: Client, designator: User, chile: State, neighbour: User
) -> None:
    invitation = ask(designator, chile, email=neighbour.email)
    close_account(user=neighbour, by=portal())
    assert client.post(invitation.link, {"password1": WORDS, "password2": WORDS}).status_code == 403
    with pytest.raises(PermissionDenied):
        accept(signed=invitation.signed, password=WORDS)
    neighbour.refresh_from_db()
    assert not neighbour.is_active


def test_a_right_with_an_end_gives_nothing_after_it(designator: User, chile: State) -> None:
    end = timezone.now() + timedelta(days=3)
    invitation = ask(designator, chile, until=end)
    assert invitation.expires_at == end
    nora = accept(signed=invitation.signed, password=WORDS)
    assert viewer_of(nora).may_edit(chile)
    assert not viewer_of(nora, at=end).may_edit(chile)
    with pytest.raises(ValidationError, match="in the future"):
        ask(designator, chile, email="o@example.org", until=timezone.now() - timedelta(days=1))


# Links that open nothing ----------------------------------------------------------------------------------


def forged(invitation: Invitation) -> str:
    return Signer(sep=".", salt="another").sign(f"{invitation.uuid.hex}.1")


def changed(invitation: Invitation) -> str:
    return invitation.signed.replace(".1.", ".2.")


def expired(invitation: Invitation) -> str:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    return invitation.signed


def used(invitation: Invitation) -> str:
    accept(signed=invitation.signed, password=WORDS)
    return invitation.signed


def revoked(invitation: Invitation) -> str:
    revoke(invitation=invitation, by=portal())
    return invitation.signed


def replaced(invitation: Invitation) -> str:
    resend(invitation=invitation, by=portal())
    return invitation.signed


def of_none(invitation: Invitation) -> str:
    return SIGNER.sign("0" * 32 + ".1")


def malformed(invitation: Invitation) -> str:
    return "é..%20"


@pytest.mark.parametrize("spoil", [forged, changed, expired, used, revoked, replaced, of_none, malformed])
def test_a_dead_link_leads_to_one_page_that_tells_nothing(
    client: Client, invited: Invitation, spoil: Callable[[Invitation], str]
) -> None:
    link = f"/en/invitation/{spoil(invited)}/"
    grants = StateGrant.objects.count()
    for answer in (client.get(link), client.post(link, {"password1": WORDS, "password2": WORDS})):
        assert answer.status_code == 404
        text = answer.content.decode()
        assert "This invitation is no longer valid" in text
        assert not any(one in text for one in ("Nora", "nora@", "Chile", "designator"))
    assert StateGrant.objects.count() == grants


def test_the_newer_link_opens_what_the_older_did(invited: Invitation, designator: User) -> None:
    again = resend(
        invitation=invited, by=viewer_of(designator), at=(later := timezone.now() + timedelta(days=20))
    )
    assert invitation_behind(again.signed, at=later) == invited
    with pytest.raises(NoSuchInvitation):
        invitation_behind(invited.signed, at=later)


def test_whoever_may_no_longer_invite_lets_nobody_in(
    client: Client, invited: Invitation, designator: User, chile: State
) -> None:
    end_grant(StateGrant.objects.get(user=designator), by=portal(), reason="left")
    page = client.post(invited.link, {"password1": WORDS, "password2": WORDS})
    assert page.status_code == 410
    assert "Ask for a new invitation" in page.content.decode()
    with pytest.raises(NoSuchInvitation):
        accept(signed=invited.signed, password=WORDS)
    again = resend(invitation=invited, by=portal())
    assert accept(signed=again.signed, password=WORDS).full_name == "Nora Nueva"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_exactly_one_is_let_in(invited: Invitation) -> None:
    barrier, answers = Barrier(5), []

    def at_once() -> None:
        barrier.wait()
        try:
            answers.append(accept(signed=invited.signed, password=WORDS))
        except NoSuchInvitation as refused:
            answers.append(refused)
        finally:
            connections.close_all()

    threads = [Thread(target=at_once) for _one in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in answers) == ["NoSuchInvitation"] * 4 + ["User"]
    assert StateGrant.objects.filter(user__email="nora@example.org").count() == 1


# What an invitation does not bring about -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["delegate", "authority"])
def test_whoever_is_retired_does_not_come_back_by_an_invitation_that_still_waits(
    officer: User, observer: User, chile: State, kind: str
) -> None:
    waiting = ask(officer, chile, kind, email=observer.email)
    grant_right(user=observer, state=chile, right=Right.EDIT_ENTRIES, by=viewer_of(officer), reason="NV 2")
    end_grant(StateGrant.objects.get(user=observer), by=viewer_of(officer), reason="Posted abroad")
    with pytest.raises(NoSuchInvitation):
        accept(signed=waiting.signed, by=viewer_of(observer))
    waiting.refresh_from_db()
    assert waiting.revoked_at


def test_what_the_secretariat_asks_an_authority_does_not_take_back_by_retiring(
    officer: User, designator: User, delegate: User, chile: State
) -> None:
    waiting = ask(officer, chile, "authority", email=delegate.email)
    end_grant(StateGrant.objects.get(user=delegate), by=viewer_of(designator))
    assert invitation_behind(waiting.signed, at=timezone.now()) == waiting


@pytest.mark.parametrize("who", ["officer", "duty_desk"])
def test_accounts_that_act_for_no_state_cannot_accept(
    designator: User, chile: State, cast: Cast, browse: Browse, who: str
) -> None:
    account = cast.people[who]
    assert account
    waiting = ask(designator, chile, email=account.email)
    before = viewer_of(account)
    for person in (account, None):
        page = browse(person).post(waiting.link)
        assert (page.status_code, "cannot accept" in page.content.decode()) == (403, True)
    with pytest.raises(PermissionDenied):
        accept(signed=waiting.signed, by=before)
    assert viewer_of(account) == before


def test_a_password_opens_no_account_that_is_there_already(
    designator: User, chile: State, observer: User
) -> None:
    waiting = ask(designator, chile, email=observer.email)
    with pytest.raises(PermissionDenied):
        accept(signed=waiting.signed, password=WORDS)
    assert not viewer_of(observer).delegate_of


def test_a_right_that_was_granted_in_the_meantime_keeps_its_end(
    designator: User, officer: User, observer: User, chile: State
) -> None:
    soon = timezone.now() + timedelta(days=5)
    waiting = ask(designator, chile, email=observer.email, until=soon)
    grant_right(user=observer, state=chile, right=Right.EDIT_ENTRIES, by=viewer_of(officer), reason="NV 2")
    accept(signed=waiting.signed, by=viewer_of(observer))
    assert StateGrant.objects.get(user=observer).until is None


def test_the_database_keeps_every_invitation_as_it_was_answered(
    designator: User, invited: Invitation
) -> None:
    revoke(invitation=invited, by=viewer_of(designator))
    rows = Invitation.objects.filter(pk=invited.pk)
    for spoil in (lambda: rows.update(revoked_at=None), rows.delete):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            spoil()


# Points of contact ----------------------------------------------------------------------------------------


def test_a_new_contact_is_offered_an_account_that_reads(officer: User, ana: PointOfContact) -> None:
    offer = offer_account(contact=ana, by=viewer_of(officer))
    assert offer is not None
    assert (offer.kind, offer.email, offer.language) == ("contact", ana.email, "es")
    reader = accept(signed=offer.signed, password=WORDS)
    viewer = viewer_of(reader)
    assert (viewer.member, viewer.may_write) == (True, False)
    assert DirectoryAccess.objects.get(user=reader).contact == ana


def test_whoever_reads_the_directory_or_was_asked_is_not_asked_again(
    officer: User, make_contact: Callable[..., PointOfContact], delegate: User, ana: PointOfContact
) -> None:
    by = viewer_of(officer)
    assert offer_account(contact=make_contact(email=delegate.email), by=by) is None
    assert offer_account(contact=ana, by=by) is not None
    assert offer_account(contact=make_contact(category="foreign_affairs", email=ana.email), by=by) is None


def test_nobody_is_let_in_for_a_contact_who_has_ended(
    officer: User, ana: PointOfContact, client: Client
) -> None:
    offer = offer_account(contact=ana, by=viewer_of(officer))
    assert offer is not None
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="new post")
    assert client.get(offer.link).status_code == 404


def test_the_other_authorities_are_told_who_begins(
    invited: Invitation, make_user: Callable[..., User], chile: State, delivered: Delivered, designator: User
) -> None:
    other = make_user("other.authority")
    grant_right(user=other, state=chile, right=Right.DESIGNATE, by=portal(), reason="test")
    User.objects.update(notice_pace="at_once")
    accept(signed=invited.signed, password=WORDS)
    subjects = [one.subject for one in sent_to(delivered, other.email)]
    assert any("Nora Nueva now acts for Chile" in one for one in subjects)
    assert not any("now acts" in one.subject for one in sent_to(delivered, designator.email))


def test_it_expires_when_the_settings_say(
    designator: User, chile: State, settings: Any, noon: datetime
) -> None:
    settings.INVITATION_DAYS = 3
    made = invite(
        state=chile, kind="delegate", email="n@example.org", full_name="N", by=viewer_of(designator), at=noon
    )
    assert made.expires_at == noon + timedelta(days=3)
