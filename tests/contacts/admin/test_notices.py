"""Notices on the Secretariat's desk: whether they arrived, never what they said."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cbmportal.notices.models import Notice
from contacts.access import viewer_of
from contacts.services import mark_do_not_use

LIST = reverse("admin:notices_notice_changelist")


@pytest.fixture
def notice(ana, delegate, designator, officer):
    mark_do_not_use(contact=ana, by=viewer_of(delegate), reason="The reason is not shown")
    Notice.objects.filter(to=officer).delete()
    return Notice.objects.get()


def page(notice):
    return reverse("admin:notices_notice_change", args=[notice.pk])


def give_up(notice):
    Notice.objects.filter(pk=notice.pk).update(given_up_at=timezone.now(), last_error="550")


def test_the_list_says_who_was_to_be_told_what_kind_of_thing(browse, officer, notice):
    answer = browse(officer).get(LIST).content.decode()
    assert "Do not use" in answer
    assert "Designator Chl" in answer
    assert "waiting" in answer


@pytest.mark.parametrize(
    ("fate", "count"), [("undelivered", 1), ("waiting", 0), ("sent", 0), ("withdrawn", 0), ("nonsense", 1)]
)
def test_the_list_is_narrowed_by_what_became_of_them(browse, officer, notice, fate, count):
    give_up(notice)
    answer = browse(officer).get(LIST, {"fate": fate}, follow=True)
    assert answer.context["cl"].result_count == count


def test_the_list_is_narrowed_by_kind(browse, officer, notice):
    kinds = ("contact_not_to_be_used", "policy_returned")
    counts = [browse(officer).get(LIST, {"kind": kind}).context["cl"].result_count for kind in kinds]
    assert counts == [1, 0]


def test_a_notice_can_only_be_looked_at(browse, officer, notice):
    answer = browse(officer).get(page(notice))
    assert answer.status_code == 200
    assert "The reason is not shown" not in answer.content.decode()
    assert browse(officer).post(page(notice), {"attempts": 5}).status_code == 403
    assert answer.context["steps"] == []


def test_what_was_given_up_is_sent_again(browse, officer, notice, delivered):
    give_up(notice)
    step = reverse("admin:notices_notice_step", args=[notice.pk, "send-again"])
    assert browse(officer).get(page(notice)).context["steps"] != []
    assert browse(officer).post(step)["Location"] == page(notice)
    assert [message.to for message in delivered()] == [["designator.chl@example.org"]]


def test_what_was_given_up_is_put_aside(browse, officer, notice):
    give_up(notice)
    browse(officer).post(reverse("admin:notices_notice_step", args=[notice.pk, "put-aside"]))
    assert Notice.objects.undelivered().count() == 0
    assert browse(officer).get(page(notice)).context["steps"] == []


def test_account_mails_cannot_be_sent_again(browse, officer, delegate, notice):
    browse().post("/en/account/password/reset/", {"email": delegate.email})
    secret = Notice.objects.get(kind="account")
    Notice.objects.filter(pk=secret.pk).update(given_up_at=timezone.now(), details={})
    [(label, _address)] = browse(officer).get(page(secret)).context["steps"]
    assert label == "Put aside"


def test_a_kind_that_the_portal_no_longer_has_is_still_listed(browse, officer, notice):
    Notice.objects.update(kind="of_earlier_times")
    assert "Of_earlier_times" in browse(officer).get(LIST).content.decode()
