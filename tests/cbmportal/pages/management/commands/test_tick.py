"""Everything that is due, as often as one likes."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from cbmportal.accounts.models import ApiToken
from cbmportal.drafts.models import Draft
from cbmportal.drafts.services import keep_draft
from cbmportal.notices.models import Notice
from cbmportal.notices.sending import Report
from cbmportal.pages.management.commands import tick
from contacts.access import viewer_of
from contacts.imports.services import keep_list
from contacts.models import DirectoryImport
from contacts.services import mark_do_not_use
from tests.lists import ANA, cells, csv_of


@pytest.fixture
def waiting(ana, delegate, designator):
    mark_do_not_use(contact=ana, by=viewer_of(delegate), reason="Lost")
    return Notice.objects.get()


def test_twice_sends_nothing_twice(waiting, capsys):
    call_command("tick")
    call_command("tick")
    assert len(mail.outbox) == 1
    assert capsys.readouterr().out == "1 e-mails sent, 0 failed.\n0 e-mails sent, 0 failed.\n"


def test_it_says_so_when_the_mail_server_is_away(waiting, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    call_command("tick")
    assert "takes none now (ConnectionRefusedError)" in capsys.readouterr().err


def test_expired_sessions_and_old_notices_are_cleared_away(db, waiting):
    long_ago = timezone.now() - timedelta(days=100)
    Session.objects.create(session_key="a", session_data="", expire_date=long_ago)
    Session.objects.create(session_key="b", session_data="", expire_date=timezone.now() + timedelta(days=1))
    Notice.objects.update(sent_at=long_ago)
    call_command("tick")
    assert [session.session_key for session in Session.objects.all()] == ["b"]
    assert Notice.objects.count() == 0


def test_unsaved_text_that_nobody_comes_back_to_is_cleared_away(delegate):
    for days, address in ((1, "my/CHL/policies/new/"), (31, "my/CHL/institutions/new/")):
        at = timezone.now() - timedelta(days=days)
        keep_draft(user_id=delegate.pk, address=address, typed={}, at=at)
    call_command("tick")
    assert Draft.objects.get().address == "my/CHL/policies/new/"


def test_lists_of_contacts_that_nobody_confirmed_are_cleared_away(officer):
    by = viewer_of(officer)
    for days, name in ((0, "today.csv"), (2, "before.csv")):
        at = timezone.now() - timedelta(days=days)
        keep_list(content=csv_of(cells(ANA)), name=name, by=by, at=at)
    call_command("tick")
    assert DirectoryImport.objects.get().file_name == "today.csv"


def test_a_token_that_ends_in_a_week_is_called_to_mind_once(delegate, key_of):
    key_of(delegate)
    ApiToken.objects.update(expiry=timezone.now() + timedelta(days=6))
    call_command("tick")
    assert Notice.objects.count() == 0  # made for so short a time
    ApiToken.objects.update(created=timezone.now() - timedelta(days=80))
    call_command("tick")
    call_command("tick")
    notice = Notice.objects.get()
    assert (notice.kind, notice.to) == ("token_ending", delegate)


def test_tokens_without_access_and_those_expired_long_ago_are_cleared_away(
    delegate, observer, former, key_of
):
    for user in (delegate, observer, former):
        key_of(user)
    for user, days in ((delegate, 29), (observer, 31)):
        ApiToken.objects.filter(user=user).update(expiry=timezone.now() - timedelta(days=days))
    call_command("tick")
    assert ApiToken.objects.get().user == delegate


@pytest.mark.parametrize("every", ["0", "-1"])
def test_a_pause_that_is_none_is_refused(every):
    with pytest.raises(CommandError):
        call_command("tick", f"--every={every}")


@pytest.fixture
def pauses(monkeypatch):
    """How long it waits each time; after the sixth it is asked to stop."""
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(tick.time, "sleep", sleep)
    monkeypatch.setattr(tick, "tidy", lambda: None)
    monkeypatch.setattr(tick, "close_old_connections", lambda: None)
    return waited


@pytest.mark.parametrize("trouble", [Report(server_away="421"), OperationalError("away")])
def test_it_asks_ever_less_often_while_something_is_away_and_goes_on_when_it_is_back(
    pauses, monkeypatch, trouble
):
    answers = iter([trouble, trouble, trouble, Report(sent=1), trouble, Report()])

    def answer():
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(tick, "send_due", answer)
    call_command("tick", "--every=1")
    assert pauses == [2, 4, 8, 1, 2, 1]
