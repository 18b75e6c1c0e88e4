"""States on the desk: dated participation, told in words where it would overlap."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.models import Participation, State
from contacts.services import set_participation
from tests.desk import errors_on, form_on

ADD = reverse("admin:contacts_participation_add")


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def running(chile: State) -> Participation:
    span = Participation(state=chile, status="participating", from_date=date(2018, 1, 1))
    return set_participation(span, by=portal(), reason="test")


def step(span: Participation, name: str) -> str:
    return reverse("admin:contacts_participation_step", args=[span.pk, name])


def spans() -> list[tuple[str, date, date | None]]:
    return list(Participation.objects.order_by("from_date").values_list("status", "from_date", "until_date"))


def test_an_overlap_is_told_with_the_span_it_meets(desk: Client, running: Participation) -> None:
    typed = form_on(desk.get(ADD)) | {
        "state": running.state.pk, "status": "suspended", "from_date": "2026-01-01", "reason": "NV 1",
    }  # fmt: skip
    (error,) = errors_on(desk.post(ADD, typed))["from_date"]
    assert "Chile has been “Participating” since 1 January 2018" in error
    assert Participation.objects.count() == 1


def test_a_span_that_has_ended_is_told_with_its_end(desk: Client, running: Participation) -> None:
    desk.post(step(running, "close"), {"until_date": "2020-01-01", "reason": "NV 1"})
    typed = form_on(desk.get(ADD)) | {
        "state": running.state.pk, "status": "suspended", "from_date": "2019-12-31", "reason": "NV 2",
    }  # fmt: skip
    (error,) = errors_on(desk.post(ADD, typed))["from_date"]
    assert "until 1 January 2020" in error
    assert desk.post(ADD, typed | {"from_date": "2020-01-01"}).status_code == 302


def test_the_next_status_begins_as_the_one_before_ends(desk: Client, running: Participation) -> None:
    typed = {"status": "suspended", "from_date": "2026-05-01", "note": "As notified", "reason": "NV 7"}
    assert desk.post(step(running, "follow"), typed).status_code == 302
    assert spans() == [
        ("participating", date(2018, 1, 1), date(2026, 5, 1)),
        ("suspended", date(2026, 5, 1), None),
    ]


def test_a_next_status_before_the_present_one_changes_nothing(desk: Client, running: Participation) -> None:
    typed = {"status": "suspended", "from_date": "2017-01-01", "reason": "NV 7"}
    assert errors_on(desk.post(step(running, "follow"), typed))
    assert spans() == [("participating", date(2018, 1, 1), None)]


def test_a_span_that_has_ended_has_nothing_to_follow_it_from_here(
    desk: Client, running: Participation
) -> None:
    desk.post(step(running, "close"), {"until_date": "2020-01-01", "reason": "NV 1"})
    response = desk.get(step(running, "follow"), follow=True)
    assert any("not possible" in str(one) for one in response.context["messages"])
    typed = {"status": "suspended", "from_date": "2019-01-01", "reason": "NV 7"}
    assert list(errors_on(desk.post(step(running, "follow"), typed))) == ["__all__"]
    assert Participation.objects.count() == 1


def test_days_in_the_wrong_order_are_an_error_at_their_field(desk: Client, running: Participation) -> None:
    page = reverse("admin:contacts_participation_change", args=[running.pk])
    typed = form_on(desk.get(page)) | {"until_date": "2017-01-01", "reason": "NV 1"}
    assert list(errors_on(desk.post(page, typed))) == ["until_date"]
    closed = desk.post(step(running, "close"), {"until_date": "2017-01-01", "reason": "NV 1"})
    assert list(errors_on(closed)) == ["until_date"]
