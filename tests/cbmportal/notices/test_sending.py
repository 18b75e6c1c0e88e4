"""Every notice arrives, and none twice, whatever the mail server and the machine do meanwhile."""

import socket
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from cbmportal.accounts.models import User
from cbmportal.notices import kinds, sending
from cbmportal.notices.kinds import Kind
from cbmportal.notices.models import Notice
from cbmportal.notices.sending import send_due
from cbmportal.notices.services import notify, send_again
from contacts.access import viewer_of
from contacts.services import change_contact_details, mark_do_not_use
from tests.cbmportal.notices.conftest import ALARM, NEWS, use
from tests.cbmportal.notices.mail_server import HANG_UP, running


def arrived(server):
    """The addresses that have got something, each as often as it has."""
    return sorted(message["To"] for message in server.taken)


def ids(server):
    return [message["Message-ID"] for message in server.taken]


def tick_for(clock, minutes):
    for _minute in range(minutes):
        send_due(clock)
        clock.pass_(minutes=1)


# An hour without a mail server -------------------------------------------------------------------------------

LANGUAGES = {"delegate": "es", "designator": "fr", "neighbour": "pt-br", "officer": "en"}


@pytest.fixture
def readers(request):
    """Four people who read four languages, and want to know at once."""
    people = {name: request.getfixturevalue(name) for name in LANGUAGES}
    for name, person in people.items():
        person.language, person.notice_pace = LANGUAGES[name], "at_once"
        person.save()
    return people


def test_after_an_hour_of_refusals_every_notice_arrives_once_and_in_its_readers_language(
    clock, settings, readers, ana, make_contact, colombia
):
    bruno = make_contact(state=colombia, full_name="Bruno Ejemplo", mobile="+573001234567")
    own, neighbour = viewer_of(readers["delegate"]), viewer_of(readers["neighbour"])
    officer = viewer_of(readers["officer"], via="admin")
    mark_do_not_use(contact=ana, by=own, reason="Teléfono perdido")
    change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=own)
    change_contact_details(contact=bruno, changes={"phone": "+5712345678"}, by=neighbour)
    change_contact_details(contact=ana, changes={"mobile": ""}, by=officer, reason="It was somebody else's")
    change_contact_details(contact=bruno, changes={"mobile": ""}, by=officer, reason="none")
    clock.now = Notice.objects.latest("created_at").created_at
    expected = Counter(notice.to.email for notice in Notice.objects.all())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    use(settings, port)
    tick_for(clock, 20)  # nobody listens
    with running(port) as server:
        for refusal in ({"GREETING": 421}, {"RCPT": 451}, {"MAIL": 452}, {"DATA": 451}):
            server.answers = refusal
            tick_for(clock, 10)
        assert server.taken == []
        assert Notice.objects.waiting().count() == sum(expected.values())
        server.answers = {}
        tick_for(clock, 61)
        assert Counter(arrived(server)) == expected
        assert len(set(ids(server))) == len(server.taken)
        language_of = {person.email: person.language for person in readers.values()}
        for message in server.taken:
            language = language_of[message["To"]]
            tag = "pt-BR" if language == "pt-br" else language
            assert message["Content-Language"] == tag
            assert f"http://localhost:8000/{language[:2]}/" in message.get_body(("plain",)).get_content()
            assert f'lang="{tag}"' in message.get_body(("html",)).get_content()
    assert Notice.objects.filter(sent_at=None).count() == 0
    assert sum(expected.values()) == 8


def test_a_server_that_is_away_costs_no_notice_an_attempt(clock, settings, alarm, delegate, officer):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        use(settings, probe.getsockname()[1])
    alarm(delegate, officer)
    tick_for(clock, 59)
    assert set(Notice.objects.values_list("attempts", "last_error", "leased_until")) == {
        (0, "ConnectionRefusedError", None),
        (0, "", None),
    }
    assert Notice.objects.undelivered(clock.now).count() == 0
    clock.pass_(minutes=1)
    assert Notice.objects.undelivered(clock.now).count() == 2


@pytest.mark.parametrize("refusal", [{"MAIL": 550}, {"GREETING": 421}, {"GREETING": HANG_UP}])
def test_what_concerns_no_single_notice_stops_all_for_now(clock, server, alarm, delegate, officer, refusal):
    alarm(delegate, officer)
    server.answers = refusal
    assert send_due(clock).server_away
    assert server.connections == 1
    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}
    server.answers = {}
    assert send_due(clock).sent == 2


def test_many_go_through_one_connection(clock, server, alarm, delegate, officer):
    alarm(delegate, officer)
    alarm(delegate)
    assert send_due(clock).sent == 3
    assert server.connections == 1


# One address that refuses ------------------------------------------------------------------------------------


def test_pauses_grow_to_an_hour(clock, server, alarm, delegate):
    [notice] = alarm(delegate)
    server.answers = {"RCPT": 451}
    pauses = []
    for _attempt in range(9):
        send_due(clock)
        notice.refresh_from_db()
        pauses.append((notice.next_attempt_at - clock.now) / timedelta(minutes=1))
        clock.now = notice.next_attempt_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert notice.last_error == "451"


def test_one_address_that_is_refused_holds_up_no_other(clock, server, alarm, delegate, officer):
    alarm(delegate)
    alarm(officer)
    server.answers = {delegate.email: 450}
    assert send_due(clock).sent == 1
    assert arrived(server) == [officer.email]


def test_an_address_that_does_not_exist_is_given_up_at_once_and_shown(clock, server, alarm, delegate):
    [notice] = alarm(delegate, secret="s")
    server.answers = {delegate.email: 550}
    send_due(clock)
    notice.refresh_from_db()
    assert (notice.given_up_at, notice.last_error, notice.details) == (clock.now, "550", {})
    assert list(Notice.objects.undelivered(clock.now)) == [notice]
    clock.pass_(days=1)
    assert send_due(clock).failed == 0


def test_what_was_given_up_can_be_sent_again(clock, server, alarm, delegate):
    [notice] = alarm(delegate)
    server.answers = {delegate.email: 550}
    send_due(clock)
    server.answers = {}
    notice.refresh_from_db()
    send_again(notice=notice, at=clock.now)
    assert send_due(clock).sent == 1
    assert ids(server) == [notice.message_id]


def test_a_notice_that_is_refused_for_three_days_is_given_up_and_not_before(clock, server, alarm, delegate):
    alarm(delegate)
    server.answers = {"DATA": 554}
    for _hour in range(72):
        send_due(clock)
        clock.pass_(hours=1)
    assert Notice.objects.filter(given_up_at=None).count() == 1
    send_due(clock)
    assert Notice.objects.filter(given_up_at=clock.now).count() == 1


def test_a_notice_that_cannot_be_written_holds_up_no_other(clock, server, alarm, delegate, officer):
    def fail(notice, now):
        raise RuntimeError("a mistake of ours")

    broken = Kind("test_broken", "Broken", fail, urgent=True)
    kinds.register(broken)
    [notice] = alarm(delegate, kind=broken)
    alarm(officer)
    assert send_due(clock).sent == 1
    notice.refresh_from_db()
    assert (notice.last_error, notice.attempts) == ("RuntimeError", 1)


# Machines that fail ------------------------------------------------------------------------------------------


def test_a_connection_that_breaks_after_the_letter_may_repeat_that_one_and_no_other(
    clock, server, alarm, delegate, officer
):
    [first], [second] = alarm(delegate), alarm(officer)
    server.answers = {"DATA": HANG_UP}
    send_due(clock)
    assert ids(server) == [first.message_id]
    server.answers = {}
    tick_for(clock, 5)
    assert Counter(ids(server)) == {first.message_id: 2, second.message_id: 1}


def test_a_process_that_dies_before_noting_it_repeats_that_one_and_no_other(
    clock, server, alarm, delegate, officer, monkeypatch
):
    [first], [second] = alarm(delegate), alarm(officer)

    class Killed(BaseException):
        pass

    def die(*_arguments):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "note_sent", die)
        with pytest.raises(Killed):
            send_due(clock)
    assert ids(server) == [first.message_id]
    tick_for(clock, 10)  # until its lease runs out nobody touches it
    assert ids(server) == [first.message_id, second.message_id]
    send_due(clock)
    assert ids(server) == [first.message_id, second.message_id, first.message_id]
    tick_for(clock, 90)
    assert len(server.taken) == 3


def test_who_comes_back_after_its_lease_changes_nothing(clock, alarm, delegate):
    alarm(delegate)
    slow = sending.claim(clock.now)
    clock.pass_(minutes=11)
    other = sending.claim(clock.now)
    assert (slow.pk, slow.attempts, other.attempts) == (other.pk, 1, 2)
    sending.note_failure(slow, sending.NotSent(TimeoutError()), clock.now)
    assert list(sending.in_hand(other)) == [other]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_nothing_twice(settings, clock):
    people = [User(email=f"reader.{n}@example.org", full_name=f"Reader {n}") for n in range(12)]
    User.objects.bulk_create(people)
    for kind in (ALARM, NEWS, NEWS):
        notify(kind=kind, to=people, at=clock.now)
    clock.pass_(days=1)
    together = threading.Barrier(3)

    def tick():
        try:
            together.wait()
            send_due(clock)
        finally:
            connections.close_all()

    with running() as server:
        use(settings, server.port)
        threads = [threading.Thread(target=tick) for _one in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        send_due(clock)
        assert Counter(arrived(server)) == {person.email: 2 for person in people}
    assert Notice.objects.filter(sent_at=None).count() == 0


# One e-mail a day --------------------------------------------------------------------------------------------


def test_what_can_wait_comes_together_in_the_morning(clock, server, news, delegate):
    delegate.time_zone = "America/Santiago"
    news(delegate)
    news(delegate)
    clock.now = datetime(2026, 6, 2, 10, 59, tzinfo=UTC)
    send_due(clock)
    assert server.taken == []
    clock.pass_(minutes=1)
    send_due(clock)
    [message] = server.taken
    assert message["Subject"] == "[CBM portal] What is new: 2 changes"
    body = message.get_body(("plain",)).get_content()
    assert body.count("Something happened.") == 2
    assert body.count("Why.") == 1


def test_the_days_mail_about_one_thing_reads_like_that_thing(clock, server, news, delegate):
    [notice] = news(delegate)
    clock.pass_(days=1)
    send_due(clock)
    assert server.taken[0]["Subject"] == f"[CBM portal] News {notice.pk}"


def test_nobody_gets_two_such_mails_on_one_day(clock, server, news, delegate):
    """Not even when yesterday's comes late."""
    server.answers = {"RCPT": 451}
    news(delegate)
    clock.now = datetime(2026, 6, 2, 6, 50, tzinfo=UTC)
    news(delegate)
    clock.now = datetime(2026, 6, 2, 7, tzinfo=UTC)
    send_due(clock)
    news(delegate)
    server.answers = {}
    days = Counter()
    for _half_hour in range(4 * 48):
        before = len(server.taken)
        send_due(clock)
        days[clock.now.date()] += len(server.taken) - before
        clock.pass_(minutes=30)
    assert sorted(days.values(), reverse=True)[:3] == [1, 1, 0]
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_a_mail_of_the_day_that_fails_keeps_its_name_and_its_items(clock, server, news, delegate):
    news(delegate)
    news(delegate)
    clock.now = datetime(2026, 6, 2, 7, tzinfo=UTC)
    server.answers = {"DATA": HANG_UP}
    send_due(clock)
    news(delegate)
    server.answers = {}
    clock.pass_(minutes=10)
    send_due(clock)
    assert len(set(ids(server))) == 1
    assert len({message.get_body(("plain",)).get_content() for message in server.taken}) == 1


def test_urgent_notices_wait_for_no_morning(clock, server, alarm, delegate):
    alarm(delegate)
    assert send_due(clock).sent == 1


def test_whoever_asks_for_it_gets_each_at_once(clock, server, news, delegate):
    User.objects.filter(pk=delegate.pk).update(notice_pace="at_once")
    delegate.refresh_from_db()
    news(delegate)
    news(delegate)
    assert send_due(clock).sent == 2


# Who may no longer be told -----------------------------------------------------------------------------------


def test_a_closed_account_gets_nothing(clock, server, alarm, delegate):
    [notice] = alarm(delegate)
    User.objects.filter(pk=delegate.pk).update(is_active=False)
    assert send_due(clock).sent == 0
    notice.refresh_from_db()
    assert (notice.withdrawn_at, notice.sent_at, server.taken) == (clock.now, None, [])


def test_of_the_days_mail_only_what_may_be_told_is_told(clock, server, news, delegate):
    [left_out], [told] = news(delegate, silent=True), news(delegate)
    clock.pass_(days=1)
    send_due(clock)
    assert [message["Subject"] for message in server.taken] == [f"[CBM portal] News {told.pk}"]
    assert Notice.objects.get(pk=left_out.pk).withdrawn_at == clock.now
    assert Notice.objects.get(pk=told.pk).sent_at == clock.now


def test_what_is_of_no_use_any_more_is_not_sent(clock, server, alarm, delegate):
    alarm(delegate)
    Notice.objects.update(expires_at=clock.now + timedelta(minutes=3))
    clock.pass_(minutes=3)
    assert send_due(clock).sent == 0
    assert Notice.objects.get().withdrawn_at == clock.now


def test_headers_say_that_a_machine_wrote_it_and_when(clock, server, alarm, delegate):
    [notice] = alarm(delegate, secret="s")
    send_due(clock)
    [message] = server.taken
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{notice.uuid}@example.org>"
    assert message["Date"].datetime == clock.now
    assert message.get_body(("html",)) is not None
    assert Notice.objects.get().details == {}
