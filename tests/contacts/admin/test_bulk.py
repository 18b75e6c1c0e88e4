"""Several records at once: seen beforehand exactly as it will be, then all or nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import Right, end_grant, grant_right, portal, viewer_of
from contacts.admin import bulk, points_of_contact
from contacts.models import PointOfContact, State, StateGrant
from contacts.services import change_contact_details, end_contact
from policies.models import PolicySubmission
from policies.services import draft_policy, submit_policy, withdraw_policy

CONTACTS = reverse("admin:contacts_pointofcontact_changelist")
POLICIES = reverse("admin:policies_policysubmission_changelist")
GRANTS = reverse("admin:contacts_stategrant_changelist")
CHECK = {"action": "check", "result": "reached", "reason": "Called all of them"}


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def three(make_contact: Callable[..., PointOfContact]) -> list[PointOfContact]:
    return [make_contact(full_name=f"Official {n}") for n in range(3)]


def chosen(records: list[Any], **typed: Any) -> dict[str, Any]:
    return {"_selected_action": [one.pk for one in records], **typed}


def confirmed(page: Any) -> list[str]:
    return [one.mark for one in page.context["outcomes"] if not one.refusal]


def test_choosing_rows_asks_first_and_changes_nothing(desk: Client, three: list[PointOfContact]) -> None:
    page = desk.post(CONTACTS, chosen(three, action="check"))
    assert list(page.context["form"].fields) == ["result", "reason"]
    assert not PointOfContact.objects.filter(checked_at__isnull=False).exists()


def test_the_preview_shows_each_change_and_makes_none(desk: Client, three: list[PointOfContact]) -> None:
    before = [one.events.count() for one in three]
    page = desk.post(CONTACTS, chosen(three, **CHECK, ask="1"))
    for outcome in page.context["outcomes"]:
        assert {one.label: one.after for one in outcome.differences}["result of the check"] == "Reached"
    assert [one.events.count() for one in three] == before


def test_what_was_confirmed_is_done_to_all_with_the_reason(
    desk: Client, officer: User, three: list[PointOfContact]
) -> None:
    asked = chosen(three, **CHECK, ask="1")
    go = confirmed(desk.post(CONTACTS, asked))
    response = desk.post(CONTACTS, asked | {"go": go}, follow=True)
    assert "done for 3 entries" in str(next(iter(response.context["messages"])))
    for one in three:
        one.refresh_from_db()
        assert one.check_result == "reached"
        context = one.events.order_by("-pgh_id")[0].pgh_context
        assert (context["user"], context["reason"]) == (officer.pk, "Called all of them")


def test_nothing_is_done_without_a_reason(desk: Client, three: list[PointOfContact]) -> None:
    marks = [f"{one.pk}:{one.version}" for one in three]
    page = desk.post(CONTACTS, chosen(three, **{**CHECK, "reason": " "}, ask="1", go=marks))
    assert list(page.context["form"].errors) == ["reason"]
    assert not PointOfContact.objects.filter(checked_at__isnull=False).exists()


def test_a_row_that_the_service_refuses_says_why_and_stays(desk: Client, three: list[PointOfContact]) -> None:
    end_contact(contact=three[0], on=three[0].designated_on, by=portal(), reason="NV 9")
    asked = chosen(three, **CHECK, ask="1")
    page = desk.post(CONTACTS, asked)
    refused = {one.record.pk: one.refusal for one in page.context["outcomes"] if one.refusal}
    assert refused == {three[0].pk: "This contact has ended and can no longer be changed."}
    desk.post(CONTACTS, asked | {"go": confirmed(page)})
    assert PointOfContact.objects.filter(check_result="reached").count() == 2


def test_a_row_that_changed_since_the_preview_stops_them_all(
    desk: Client, delegate: User, three: list[PointOfContact]
) -> None:
    asked = chosen(three, **CHECK, ask="1")
    go = confirmed(desk.post(CONTACTS, asked))
    change_contact_details(contact=three[1], changes={"position": "New"}, by=viewer_of(delegate))
    page = desk.post(CONTACTS, asked | {"go": go})
    assert "changed since the preview" in page.context["refusal"]
    assert not PointOfContact.objects.filter(checked_at__isnull=False).exists()


def test_one_failure_while_they_are_done_undoes_them_all(
    desk: Client, three: list[PointOfContact], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = chosen(three, **CHECK, ask="1")
    go = confirmed(desk.post(CONTACTS, asked))
    inner = points_of_contact.record_check

    def fails_on_the_last(**given: Any) -> Any:
        if given["contact"].pk == three[2].pk:
            raise ValidationError("Not this one.")
        return inner(**given)

    monkeypatch.setattr(points_of_contact, "record_check", fails_on_the_last)
    assert desk.post(CONTACTS, asked | {"go": go}).context["refusal"] == "Not this one."
    assert not PointOfContact.objects.filter(checked_at__isnull=False).exists()


def test_more_rows_than_one_can_look_through_are_refused(
    desk: Client, three: list[PointOfContact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    response = desk.post(CONTACTS, chosen(three, **CHECK, ask="1"), follow=True)
    assert "at most 2" in str(next(iter(response.context["messages"])))


def test_only_what_is_under_review_is_published(desk: Client, delegate: User, chile: State) -> None:
    viewer = viewer_of(delegate)

    def make(title: str) -> PolicySubmission:
        draft = draft_policy(
            state=chile, by=viewer, title=title, language="es", kind="law", description="Sobre las pruebas.",
            responsible_institutions=["Ministerio"], link="https://example.org/ley",
        )  # fmt: skip
        return submit_policy(policy=draft, by=viewer)

    policies = [make("One"), make("Two"), withdraw_policy(policy=make("Taken back"), by=viewer)]
    page = desk.post(POLICIES, chosen(policies, action="publish"))
    assert [bool(one.refusal) for one in page.context["outcomes"]] == [False, False, True]
    desk.post(POLICIES, chosen(policies, action="publish", ask="1", go=confirmed(page)))
    assert [one.status for one in PolicySubmission.objects.order_by("pk")] == [
        "published",
        "published",
        "withdrawn",
    ]


def test_grants_end_together_and_what_has_ended_keeps_its_end(
    desk: Client, make_user: Callable[..., User], chile: State
) -> None:
    grants = [
        grant_right(
            user=make_user(f"d{n}"), state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test"
        )
        for n in range(3)
    ]
    ended = end_grant(grants[0], by=portal(), reason="left")
    asked = chosen(grants, action="end", reason="The mission has changed", ask="1")
    page = desk.post(GRANTS, asked)
    assert [bool(one.refusal) for one in page.context["outcomes"]] == [True, False, False]
    desk.post(GRANTS, asked | {"go": confirmed(page)})
    assert StateGrant.objects.filter(until__isnull=False).count() == 3
    assert StateGrant.objects.get(pk=ended.pk).until == ended.until


@pytest.mark.parametrize("forged", [{"action": "discard"}, {"action": "delete_selected", "post": "yes"}])
def test_no_other_step_is_taken_for_several(
    desk: Client, three: list[PointOfContact], forged: dict[str, str]
) -> None:
    desk.post(CONTACTS, chosen(three, **forged, ask="1", reason="x"))
    assert PointOfContact.objects.count() == 3


def test_nobody_else_takes_a_step(
    browse: Callable[..., Client], delegate: User, three: list[PointOfContact]
) -> None:
    assert browse(delegate).post(CONTACTS, chosen(three, **CHECK, ask="1")).status_code == 403


@pytest.mark.parametrize("forged", ["x", "\0", "1.5", "", "9" * 40])
def test_a_row_that_cannot_be_is_refused_and_nothing_changes(
    desk: Client, three: list[PointOfContact], forged: str
) -> None:
    typed = chosen(three, **CHECK, ask="1")
    typed["_selected_action"].append(forged)
    assert desk.post(CONTACTS, typed).status_code == 400
    assert not PointOfContact.objects.filter(checked_at__isnull=False).exists()
