"""What is typed is never lost: while one types, when the session ends, when somebody else signs in."""

from datetime import timedelta
from time import time

import pytest
from django.test import Client
from django.utils import timezone

from cbmportal.drafts.marks import Mark
from cbmportal.drafts.models import Draft
from cbmportal.drafts.services import KEPT_FOR, LARGEST, discard_draft, keep_draft, purge_drafts
from contacts.models import PointOfContact
from tests.contacts.test_my_views import edit, typed_in

KEEP, DISCARD = "/en/my/drafts/", "/en/my/drafts/discard/"


def place(contact):
    return f"my/{contact.state.iso3}/contacts/{contact.uuid}/"


def mark(user, contact):
    return str(Mark(user.pk, place(contact)))


def sent(user, contact, **changes):
    """What the form that `user` has opened sends."""
    return typed_in(contact, **changes) | {"mark": mark(user, contact)}


def page(client, contact, query=""):
    return client.get(edit(contact) + query).content.decode()


# While one types ------------------------------------------------------------------------------------------


def test_what_is_typed_is_offered_when_the_form_is_opened_again(browse, ana, delegate):
    client = browse(delegate)
    assert client.post(KEEP, sent(delegate, ana, position="Chief of un")).status_code == 200
    offered = page(client, ana)
    assert "You left unsaved text here" in offered
    assert "Chief of un" not in offered
    assert 'value="Chief of un"' in page(client, ana, "?go-on")
    assert PointOfContact.objects.get().position == "Head of unit"


def test_a_text_begun_in_one_language_is_found_in_another(browse, ana, delegate):
    client = browse(delegate)
    client.post(KEEP, sent(delegate, ana, position="Chief"))
    answer = client.get(f"/es/{place(ana)}?go-on")
    assert 'value="Chief"' in answer.content.decode()


def test_unsent_text_is_not_judged_before_it_is_sent(browse, ana, delegate):
    client = browse(delegate)
    client.post(KEEP, sent(delegate, ana, email="half an addr"))
    shown = page(client, ana, "?go-on")
    assert 'value="half an addr"' in shown
    assert "field-errors" not in shown


def test_only_its_writer_sees_it(browse, ana, delegate, designator):
    browse(delegate).post(KEEP, sent(delegate, ana, position="Chief"))
    for query in ("", "?go-on"):
        shown = page(browse(designator), ana, query)
        assert "Chief" not in shown
        assert "unsaved text" not in shown


@pytest.mark.parametrize("forged", ["", "x", "1:my/CHL/", "of another"])
def test_a_mark_that_is_not_ones_own_keeps_and_discards_nothing(browse, ana, delegate, designator, forged):
    keep_draft(user_id=delegate.pk, address=place(ana), typed={"a": ["b"]}, at=timezone.now())
    typed = sent(delegate, ana) | ({} if forged == "of another" else {"mark": forged})
    client = browse(designator)
    assert [client.post(address, typed).status_code for address in (KEEP, DISCARD)] == [400, 400]
    assert Draft.objects.get().typed == {"a": ["b"]}


def test_an_old_mark_is_worth_nothing(browse, ana, delegate, monkeypatch):
    old = sent(delegate, ana)
    too_late = time() + KEPT_FOR.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: too_late)
    assert browse(delegate).post(KEEP, old).status_code == 400


def test_saving_lets_it_go(browse, ana, delegate):
    client = browse(delegate)
    client.post(KEEP, sent(delegate, ana, position="Chief"))
    assert client.post(edit(ana), sent(delegate, ana, position="Chief")).status_code == 302
    assert not Draft.objects.exists()


def test_an_error_does_not(browse, ana, delegate):
    client = browse(delegate)
    client.post(KEEP, sent(delegate, ana, position="Chief"))
    assert client.post(edit(ana), sent(delegate, ana, position="")).status_code == 200
    assert Draft.objects.exists()


@pytest.mark.parametrize(
    ("onwards", "leads"),
    [
        ("/en/my/CHL/", "/en/my/CHL/"),
        ("", None),
        ("https://elsewhere.example.org/", None),
        ("//elsewhere.example.org/", None),
    ],
)
def test_discarding_leads_back_and_never_out_of_the_house(browse, ana, delegate, onwards, leads):
    client = browse(delegate)
    client.post(KEEP, sent(delegate, ana, position="Chief"))
    answer = client.post(DISCARD, sent(delegate, ana) | {"next": onwards})
    assert answer["Location"] == (leads or edit(ana))
    assert not Draft.objects.exists()


def test_secrets_and_buttons_are_not_kept(browse, ana, delegate):
    typed = {
        "csrfmiddlewaretoken": "t",
        "password": "p",
        "old_password": "p",
        "submit": "1",
        "position": "C\0",
    }
    browse(delegate).post(KEEP, typed | {"mark": mark(delegate, ana)})
    assert Draft.objects.get().typed == {"position": ["C"]}


def test_more_than_any_form_takes_is_refused(browse, ana, delegate):
    answer = browse(delegate).post(KEEP, sent(delegate, ana, position="a" * LARGEST))
    assert answer.status_code == 413
    assert not Draft.objects.exists()


def test_what_nobody_comes_back_to_is_purged(ana, delegate, noon):
    for days, address in ((0, "new"), (31, "old")):
        at = noon - timedelta(days=days)
        keep_draft(user_id=delegate.pk, address=address, typed={}, at=at)
    assert purge_drafts(now=noon) == 1
    assert Draft.objects.get().address == "new"


def test_nothing_is_kept_for_a_closed_account(ana, inactive):
    keep_draft(user_id=inactive.pk, address="my/CHL/", typed={}, at=timezone.now())
    assert not Draft.objects.exists()


def test_discarding_what_is_not_there_is_no_error(delegate):
    discard_draft(user_id=delegate.pk, address="my/CHL/")


# When the session has ended -------------------------------------------------------------------------------


def test_a_form_sent_after_the_session_ended_is_there_again_after_signing_in(browse, ana, delegate):
    visitor = Client()
    answer = visitor.post(edit(ana), sent(delegate, ana, position="Chief"))
    assert answer["Location"] == f"/en/account/login/?next={edit(ana)}"
    assert "what you typed is in the form again" in visitor.get(answer["Location"]).content.decode()
    assert PointOfContact.objects.get().position == "Head of unit"
    visitor.force_login(delegate)
    shown = page(visitor, ana)
    assert "You had been signed out. Your text is still here" in shown
    assert 'value="Chief"' in shown
    assert PointOfContact.objects.get().position == "Head of unit"


def test_whoever_signs_in_instead_does_not_get_the_text(browse, ana, delegate, designator):
    client = Client()
    client.post(edit(ana), sent(delegate, ana, position="Chief"))
    client.force_login(designator)
    assert "Chief" not in page(client, ana)
    client.force_login(delegate)
    assert 'value="Chief"' in page(client, ana)


def test_nothing_is_kept_of_a_form_that_the_portal_never_gave_out(ana):
    answer = Client().post(edit(ana), typed_in(ana, position="Chief") | {"mark": "made up"})
    assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(ana):
    confirm = f"{edit(ana)}confirm/"
    came_from = {"referer": "http://testserver/en/my/CHL/"}
    assert Client().post(confirm, headers=came_from)["Location"] == "/en/account/login/?next=/en/my/CHL/"
    elsewhere = {"referer": "http://elsewhere.example.org/en/my/CHL/"}
    assert Client().post(confirm, headers=elsewhere)["Location"] == "/en/account/login/?next=/en/my/"


# When the token against forged forms has changed ----------------------------------------------------------


def with_checks(user=None):
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client


def test_a_form_from_before_signing_in_anew_is_shown_again_as_typed(ana, delegate):
    client = with_checks(delegate)
    answer = client.post(edit(ana), sent(delegate, ana, position="Chief"))
    assert answer["Location"] == edit(ana)
    assert 'value="Chief"' in page(client, ana)
    assert PointOfContact.objects.get().position == "Head of unit"


def test_if_another_has_signed_in_meanwhile_the_text_waits_for_its_writer(ana, delegate, designator):
    client = with_checks(designator)
    assert client.post(edit(ana), sent(delegate, ana, position="Chief")).status_code == 403
    assert "Chief" not in page(client, ana)
    assert 'value="Chief"' in page(with_checks(delegate), ana)


def test_a_forged_form_leaves_nothing_behind(ana, delegate):
    assert with_checks(delegate).post(edit(ana), typed_in(ana, position="Chief")).status_code == 403
    assert not Draft.objects.exists()
