"""Writing notices, and forgetting them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cbmportal.notices.models import Notice
from cbmportal.notices.services import forget_old, next_morning, notify, send_again
from contacts.access import viewer_of
from contacts.services import change_contact_details
from tests.cbmportal.notices.conftest import ALARM


def test_a_change_that_is_undone_tells_nobody(ana, delegate, designator):
    class Undone(Exception):
        pass

    def change_and_fail():
        with transaction.atomic():
            change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=viewer_of(delegate))
            assert Notice.objects.count() == 1
            raise Undone

    with pytest.raises(Undone):
        change_and_fail()
    assert Notice.objects.count() == 0


def test_of_one_change_nobody_is_told_twice(delegate, clock):
    record, change = uuid4(), uuid4()
    for _time in range(2):
        notify(kind=ALARM, to=[delegate], about=record, change=change, at=clock.now)
    assert Notice.objects.count() == 1


def test_closed_accounts_are_not_written_to(inactive, alarm):
    assert alarm(inactive) == []


@pytest.mark.parametrize(
    ("zone", "after", "morning"),
    [
        ("America/Santiago", datetime(2026, 6, 1, 10, 59, tzinfo=UTC), datetime(2026, 6, 1, 11, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 6, 1, 11, tzinfo=UTC), datetime(2026, 6, 2, 11, tzinfo=UTC)),
        ("UTC", datetime(2026, 6, 1, 23, tzinfo=UTC), datetime(2026, 6, 2, 7, tzinfo=UTC)),
        # The clocks of New York go forward in that night.
        ("America/New_York", datetime(2026, 3, 8, 1, tzinfo=UTC), datetime(2026, 3, 8, 11, tzinfo=UTC)),
    ],
)
def test_the_morning_is_that_of_the_reader(delegate, zone, after, morning):
    delegate.time_zone = zone
    assert next_morning(delegate, after) == morning


def test_old_notices_are_forgotten_but_never_those_that_did_not_arrive(clock, delegate, alarm):
    sent, withdrawn, given_up, waiting, fresh = (alarm(delegate)[0].pk for _one in range(5))
    old = clock.now - timedelta(days=91)
    Notice.objects.filter(pk=sent).update(sent_at=old)
    Notice.objects.filter(pk=withdrawn).update(withdrawn_at=old)
    Notice.objects.filter(pk=given_up).update(given_up_at=old)
    Notice.objects.filter(pk=fresh).update(sent_at=clock.now)
    forget_old(now=clock.now)
    assert set(Notice.objects.values_list("pk", flat=True)) == {given_up, waiting, fresh}


def test_only_what_was_given_up_is_sent_again(delegate, alarm):
    [notice] = alarm(delegate)
    with pytest.raises(ValidationError):
        send_again(notice=notice)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sent_at": timezone.now(), "given_up_at": timezone.now()},
        {"sent_at": timezone.now(), "withdrawn_at": timezone.now()},
        {"sent_at": timezone.now(), "details": {"code": "1"}},
        {"given_up_at": timezone.now(), "leased_until": timezone.now()},
        {"daily": True},
        {"mail": None},
        {"mail": uuid4()},
    ],
)
def test_the_database_refuses_rows_that_contradict_themselves(delegate, alarm, wrong):
    alarm(delegate)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**wrong)
