"""The review queue: one submission after another, without leaving it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import State
from policies.form_checks import form_checks
from policies.models import PolicySubmission
from policies.services import (
    draft_policy,
    edit_policy,
    publish_policy,
    return_policy,
    submit_policy,
    withdraw_policy,
)

QUEUE = reverse("admin:policies_policysubmission_review_queue")
Submit = Callable[..., PolicySubmission]


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def submit(delegate: User, chile: State) -> Submit:
    """A submission of Chile; the later ones were submitted later."""
    made: list[PolicySubmission] = []

    def make(**fields: Any) -> PolicySubmission:
        content = {
            "title": f"Ley {len(made) + 1}", "language": "es", "kind": "law", "description": "Sobre las pruebas.",
            "responsible_institutions": ["Ministerio"], "link": "https://example.org/ley", "date": "2020-05",
            "date_kind": "adoption", **fields,
        }  # fmt: skip
        draft = draft_policy(state=chile, by=viewer_of(delegate), **content)
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=len(made))
        made.append(submit_policy(policy=draft, by=viewer_of(delegate), at=at))
        return made[-1]

    return make


def page(policy: PolicySubmission) -> str:
    return reverse("admin:policies_policysubmission_review", args=[policy.pk])


def decide(desk: Client, policy: PolicySubmission, decision: str, **typed: Any) -> Any:
    version = typed.pop("version", None) or desk.get(page(policy)).context["form"]["version"].value()
    return desk.post(page(policy), {"decision": decision, "version": version, **typed})


def stage(policy: PolicySubmission) -> str:
    policy.refresh_from_db()
    return policy.status


def test_the_queue_begins_with_what_has_waited_longest(desk: Client, submit: Submit) -> None:
    oldest, _newer = submit(), submit()
    assert desk.get(QUEUE)["Location"] == page(oldest)


def test_an_empty_queue_says_what_would_be_there(desk: Client) -> None:
    assert "Nothing waits for review" in desk.get(QUEUE).content.decode()


def test_publishing_leads_to_the_next_submission(desk: Client, officer: User, submit: Submit) -> None:
    first, second = submit(), submit()
    response = decide(desk, first, "publish")
    assert response["Location"] == page(second)
    assert stage(first) == "published"
    assert first.events.order_by("-pgh_id")[0].pgh_context["user"] == officer.pk
    after = desk.get(page(second)).content.decode()
    assert "submission 1 of 1" in after
    assert reverse("admin:policies_policysubmission_change", args=[first.pk]) in after


def test_returning_needs_words_for_the_state(desk: Client, submit: Submit) -> None:
    first, second = submit(), submit()
    refused = decide(desk, first, "return")
    assert list(refused.context["form"].errors) == ["comment"]
    assert stage(first) == "submitted"
    assert decide(desk, first, "return", comment="The link is dead.")["Location"] == page(second)
    assert (stage(first), first.review_comment) == ("returned", "The link is dead.")


def test_points_are_written_in_the_language_of_the_state_whatever_the_officer_reads(
    desk: Client, chile: State, submit: Submit
) -> None:
    policy = submit()
    form = desk.get(page(policy)).context["form"]
    assert form.language == "es"
    decide(desk, policy, "return", points=["copy", "dates"], comment="Gracias.")
    stage(policy)
    assert policy.review_comment == "\n".join([form.said["copy"], form.said["dates"], "Gracias."])


def test_a_decision_must_be_named(desk: Client, submit: Submit) -> None:
    policy = submit()
    assert decide(desk, policy, "").status_code == 200
    assert stage(policy) == "submitted"


@pytest.mark.parametrize(
    "typed",
    [
        {"points": ["bogus"]},
        {"comment": "x" * 10_000},
        {"comment": "a\x00b"},
        {"version": "x"},
        {"version": "9" * 40},
    ],
)
def test_what_is_forged_or_too_long_decides_nothing(
    desk: Client, submit: Submit, typed: dict[str, Any]
) -> None:
    policy = submit()
    assert decide(desk, policy, "return", **typed).status_code == 200
    assert stage(policy) == "submitted"


def test_skipping_leads_on_and_the_end_says_what_still_waits(desk: Client, submit: Submit) -> None:
    first, last = submit(), submit()
    assert desk.get(page(first)).context["following"] == page(last)
    end = desk.get(page(last)).context["following"]
    assert desk.get(end).context["count"] == 2
    decide(desk, first, "publish")
    assert decide(desk, last, "publish")["Location"] == end
    assert desk.get(end).context["count"] == 0


# Two officers, and a state that changes its mind -------------------------------------------------------------


def test_the_officer_who_comes_second_is_told_who_did_what(
    desk: Client, make_user: Callable[..., User], submit: Submit
) -> None:
    policy = submit()
    version = desk.get(page(policy)).context["form"]["version"].value()
    colleague = make_user("other.officer", is_staff=True)
    publish_policy(policy=policy, by=viewer_of(colleague))
    response = desk.post(
        page(policy), {"decision": "return", "version": version, "comment": "No"}, follow=True
    )
    assert stage(policy) == "published"
    (told,) = [str(one) for one in response.context["messages"]]
    assert "Other Officer" in told
    assert "Published" in told


def test_what_the_state_took_back_is_not_published(desk: Client, delegate: User, submit: Submit) -> None:
    policy = submit()
    version = desk.get(page(policy)).context["form"]["version"].value()
    withdraw_policy(policy=policy, by=viewer_of(delegate))
    desk.post(page(policy), {"decision": "publish", "version": version})
    assert stage(policy) == "withdrawn"


def test_what_was_changed_after_it_was_opened_is_looked_at_again(
    desk: Client, delegate: User, submit: Submit
) -> None:
    policy = submit()
    version = desk.get(page(policy)).context["form"]["version"].value()
    withdraw_policy(policy=policy, by=viewer_of(delegate))
    edit_policy(policy=policy, changes={"title": "Otro título"}, by=viewer_of(delegate))
    submit_policy(policy=policy, by=viewer_of(delegate))
    response = desk.post(page(policy), {"decision": "publish", "version": version})
    assert response.status_code == 200
    assert delegate.full_name in str(response.context["form"].non_field_errors())
    assert stage(policy) == "submitted"
    again = response.context["form"]["version"].value()
    assert desk.post(page(policy), {"decision": "publish", "version": again}).status_code == 302
    assert stage(policy) == "published"


def test_nobody_else_decides(browse: Callable[..., Client], delegate: User, submit: Submit) -> None:
    policy = submit()
    answer = browse(delegate).post(page(policy), {"decision": "publish", "version": policy.version})
    assert answer.status_code == 403
    assert stage(policy) == "submitted"


# What the officer sees ---------------------------------------------------------------------------------------


def test_what_changed_since_it_was_returned_stands_beside_it(
    desk: Client, officer: User, delegate: User, submit: Submit
) -> None:
    policy = submit(title="Ley vieja")
    assert desk.get(page(policy)).context["review"].since is None
    return_policy(policy=policy, comment="The title?", by=viewer_of(officer))
    edit_policy(policy=policy, changes={"title": "Ley nueva"}, by=viewer_of(delegate))
    submit_policy(policy=policy, by=viewer_of(delegate))
    review = desk.get(page(policy)).context["review"]
    assert [(one.name, one.before, one.now) for one in review.facts if one.changed] == [
        ("title", "Ley vieja", "Ley nueva")
    ]


def told(policy: PolicySubmission, officer: User, *files: Any) -> dict[str, str]:
    return {one.says: one.tone for one in form_checks(policy, files, viewer_of(officer), date(2026, 6, 1))}


def test_a_submission_in_order_is_told_so(officer: User, submit: Submit) -> None:
    assert set(told(submit(), officer, "a file").values()) == {"good"}


@pytest.mark.parametrize(
    ("fields", "sentence", "tone"),
    [
        ({"date": "", "date_kind": ""}, "The document has no date.", "attention"),
        ({"date": "2026-07"}, "The date of the document lies in the future.", "attention"),
        (
            {"in_force_from": "2019"},
            "The entry into force lies before the date of the document.",
            "attention",
        ),
        ({"link": "", "citation": "Diario 1"}, "There is no link, but a citation.", "good"),
        (
            {"legal_status": "superseded"},
            "The document is superseded, but no record of its successor is named.",
            "attention",
        ),
    ],
)
def test_what_is_amiss_in_the_form_is_seen(
    officer: User, submit: Submit, fields: dict[str, str], sentence: str, tone: str
) -> None:
    assert told(submit(**fields), officer)[sentence] == tone


def test_a_year_is_not_before_a_day_of_it(officer: User, submit: Submit) -> None:
    policy = submit(date="2020-05-10", in_force_from="2020")
    assert told(policy, officer)["The dates are plausible."] == "good"


def test_the_same_title_or_number_in_that_state_is_pointed_out(officer: User, submit: Submit) -> None:
    first = submit(title="Ley de Ciberseguridad", official_number="N.º 5")
    by_title = submit(title="LEY DE CIBERSEGURIDAD")
    by_number = submit(title="Otra", official_number="n.º 5")
    for policy in (by_title, by_number):
        (found,) = [
            one for one in form_checks(policy, [], viewer_of(officer), date(2026, 6, 1)) if one.records
        ]
        assert first in found.records


def test_the_page_asks_the_database_as_often_for_thirty_as_for_three(desk: Client, submit: Submit) -> None:
    policy = submit()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page(policy)).status_code == 200
        return len(captured)

    submit(), submit()
    few = queries()
    assert few <= 12
    for _ in range(27):
        submit()
    assert queries() == few
