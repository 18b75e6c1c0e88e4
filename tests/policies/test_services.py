"""The way of a submission from draft to published, and who may take which step."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import Error, connection, transaction

from cbmportal.accounts.models import User
from contacts.access import VISITOR, portal, viewer_of
from contacts.models import State
from contacts.services import curate
from policies.models import PolicyFile, PolicySubmission, RepositorySettings
from policies.services import (
    add_file,
    adopt_policy,
    compile_policy,
    correct_policy,
    draft_policy,
    edit_policy,
    enter_received_policy,
    publish_policy,
    return_policy,
    set_translation,
    submit_policy,
    withdraw_policy,
)
from tests.conftest import CAST, Cast

CONTENT = {
    "title": "Ley de prueba",
    "language": "es",
    "kind": "law",
    "description": "Establece reglas de prueba.",
    "responsible_institutions": ["Ministerio de Pruebas"],
    "date": "2020-06",
    "date_kind": "adoption",
    "citation": "Diario Oficial 1, 2020",
}


@pytest.fixture
def draft(chile: State, delegate: User) -> PolicySubmission:
    return draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)


@pytest.fixture
def submitted(draft: PolicySubmission, delegate: User) -> PolicySubmission:
    return submit_policy(policy=draft, by=viewer_of(delegate))


@pytest.fixture
def published(submitted: PolicySubmission) -> PolicySubmission:
    return publish_policy(policy=submitted, by=portal())


@pytest.fixture
def compiled(chile: State) -> PolicySubmission:
    return compile_policy(
        state=chile, by=portal(), reason="public source", source_grade="official", **CONTENT
    )


def readers(cast: Cast) -> set[str]:
    return {name for name in CAST if PolicySubmission.objects.visible_to(cast.viewer(name)).exists()}


OWN = {"delegate", "designator", "officer"}


def test_a_draft_is_seen_by_its_state_and_the_secretariat(cast: Cast, draft: PolicySubmission) -> None:
    assert readers(cast) == OWN


def test_what_is_published_everyone_sees(cast: Cast, published: PolicySubmission) -> None:
    assert readers(cast) == set(CAST)


def test_a_compiled_record_is_seen_as_the_secretariat_decided(
    cast: Cast, compiled: PolicySubmission, settings: Any
) -> None:
    settings.PORTAL_DEMO = False
    assert readers(cast) == OWN
    curate(RepositorySettings(pk=1, show_compiled=True), by=portal(), reason="decided")
    assert readers(cast) == set(CAST)
    RepositorySettings.objects.update(show_compiled=False)
    assert readers(cast) == OWN
    settings.PORTAL_DEMO = True
    assert readers(cast) == set(CAST)


def test_only_what_comes_from_the_state_is_evidence(chile: State, compiled: PolicySubmission) -> None:
    assert list(PolicySubmission.objects.counting()) == []
    received = enter_received_policy(
        state=chile,
        by=portal(),
        reason="e-mail",
        received_how="Note verbale 4/2026",
        received_on=date(2026, 2, 1),
        **CONTENT,
    )
    assert list(PolicySubmission.objects.counting()) == [received]


def test_a_record_number_is_serial_by_state_and_year_and_never_used_again(
    draft: PolicySubmission, chile: State, delegate: User
) -> None:
    viewer = viewer_of(delegate)
    second = draft_policy(state=chile, by=viewer, **CONTENT)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM policies_policysubmission WHERE id = %s", [second.pk])
    third = draft_policy(state=chile, by=viewer, **CONTENT)
    undated = {**CONTENT, "date": "", "date_kind": ""}
    undated_one = draft_policy(state=chile, by=viewer, today=date(2026, 5, 1), **undated)
    assert [one.ref for one in (draft, second, third, undated_one)] == [
        "CHL-2020-001",
        "CHL-2020-002",
        "CHL-2020-003",
        "CHL-2026-001",
    ]


def test_a_refused_draft_takes_no_number(chile: State, delegate: User) -> None:
    with pytest.raises(ValidationError):
        draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": ""})
    assert draft_policy(state=chile, by=viewer_of(delegate), **CONTENT).ref == "CHL-2020-001"


def test_a_record_number_stays_when_the_date_changes(draft: PolicySubmission, delegate: User) -> None:
    assert edit_policy(policy=draft, changes={"date": "2019"}, by=viewer_of(delegate)).ref == "CHL-2020-001"
    with pytest.raises(Error), transaction.atomic():
        PolicySubmission.objects.filter(pk=draft.pk).update(ref="CHL-2019-001")


def test_a_submission_must_be_complete(chile: State, delegate: User) -> None:
    viewer = viewer_of(delegate)
    bare = draft_policy(state=chile, by=viewer, title="Ley", language="es", kind="law")
    with pytest.raises(ValidationError) as refusal:
        submit_policy(policy=bare, by=viewer)
    assert set(refusal.value.message_dict) == {"description", "responsible_institutions", "citation"}
    assert PolicySubmission.objects.get().status == "draft"


def test_the_way_back_and_forth(draft: PolicySubmission, delegate: User) -> None:
    viewer = viewer_of(delegate)
    submitted = submit_policy(policy=draft, by=viewer)
    assert (submitted.status, submitted.submitted_by) == ("submitted", delegate)
    with pytest.raises(ValidationError):
        edit_policy(policy=draft, changes={"title": "Other"}, by=viewer)
    returned = return_policy(policy=draft, comment="The link is missing.", by=portal())
    assert (returned.status, returned.review_comment) == ("returned", "The link is missing.")
    edit_policy(policy=draft, changes={"link": "https://example.org/ley"}, by=viewer)
    submit_policy(policy=draft, by=viewer)
    published = publish_policy(policy=draft, by=portal())
    assert (published.status, published.review_comment) == ("published", "")
    assert withdraw_policy(policy=draft, by=viewer).status == "withdrawn"
    assert submit_policy(policy=draft, by=viewer).status == "submitted"


STEPS: dict[str, Callable[[PolicySubmission, Any, Any], Any]] = {
    "edit": lambda policy, state, office: edit_policy(policy=policy, changes={"title": "X"}, by=state),
    "submit": lambda policy, state, office: submit_policy(policy=policy, by=state),
    "withdraw": lambda policy, state, office: withdraw_policy(policy=policy, by=state),
    "adopt": lambda policy, state, office: adopt_policy(policy=policy, by=state),
    "publish": lambda policy, state, office: publish_policy(policy=policy, by=office),
    "return": lambda policy, state, office: return_policy(policy=policy, comment="x", by=office),
}
POSSIBLE = {
    "draft": {"edit", "submit"},
    "submitted": {"withdraw", "publish", "return"},
    "published": {"withdraw"},
    "compiled": {"adopt"},
}


@pytest.mark.parametrize("stage", POSSIBLE)
@pytest.mark.parametrize("step", STEPS)
def test_each_stage_allows_its_steps_only(
    request: pytest.FixtureRequest, delegate: User, stage: str, step: str
) -> None:
    policy = request.getfixturevalue(stage)
    take = STEPS[step]
    if step in POSSIBLE[stage]:
        take(policy, viewer_of(delegate), portal())
    else:
        with pytest.raises(ValidationError):
            take(policy, viewer_of(delegate), portal())
        policy.refresh_from_db()
        assert policy.status == stage


@pytest.mark.parametrize("name", sorted(set(CAST) - {"delegate", "designator"}))
def test_only_the_state_takes_the_states_steps(
    cast: Cast, draft: PolicySubmission, chile: State, name: str
) -> None:
    viewer = cast.viewer(name)
    for step in ("edit", "submit", "withdraw", "adopt"):
        with pytest.raises(PermissionDenied):
            STEPS[step](draft, viewer, viewer)
    with pytest.raises(PermissionDenied):
        draft_policy(state=chile, by=viewer, **CONTENT)


@pytest.mark.parametrize("name", sorted(set(CAST) - {"officer"}))
def test_only_the_secretariat_takes_its_steps(
    cast: Cast, submitted: PolicySubmission, chile: State, name: str
) -> None:
    viewer = cast.viewer(name)
    for refused in (
        lambda: publish_policy(policy=submitted, by=viewer),
        lambda: return_policy(policy=submitted, comment="x", by=viewer),
        lambda: correct_policy(policy=submitted, changes={"title": "X"}, by=viewer, reason="x"),
        lambda: compile_policy(state=chile, by=viewer, reason="x", **CONTENT),
        lambda: enter_received_policy(state=chile, by=viewer, reason="x", **CONTENT),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_delegate_writes_content_only(draft: PolicySubmission, delegate: User) -> None:
    for field in ("status", "ref", "provenance", "published_at", "state", "notes", "review_comment"):
        with pytest.raises(ValidationError) as refusal:
            edit_policy(policy=draft, changes={field: "published"}, by=viewer_of(delegate))
        assert list(refusal.value.message_dict) == [field]


def test_returning_needs_a_comment(submitted: PolicySubmission) -> None:
    with pytest.raises(ValidationError) as refusal:
        return_policy(policy=submitted, comment=" ", by=portal())
    assert list(refusal.value.message_dict) == ["review_comment"]


def test_adopting_makes_a_record_the_states_own(compiled: PolicySubmission, delegate: User) -> None:
    adopted = adopt_policy(policy=compiled, by=viewer_of(delegate))
    assert (adopted.provenance, adopted.status, adopted.submitted_by) == ("submitted", "submitted", delegate)
    assert adopted.ref == compiled.ref


def test_a_correction_carries_its_reason(published: PolicySubmission) -> None:
    with pytest.raises(ValidationError):
        correct_policy(policy=published, changes={"title": "Ley corregida"}, by=portal(), reason="")
    correct_policy(policy=published, changes={"title": "Ley corregida"}, by=portal(), reason="Misspelt")
    assert published.events.latest("pgh_id").pgh_context["reason"] == "Misspelt"


def test_a_translation_is_one_a_language(published: PolicySubmission, delegate: User) -> None:
    viewer = viewer_of(delegate)
    set_translation(policy=published, language="en", title="Test Act", by=viewer)
    set_translation(policy=published, language="en", title="Test Act (revised)", by=viewer)
    assert [(text.language, text.title, text.standing) for text in published.translations.all()] == [
        ("en", "Test Act (revised)", "courtesy")
    ]


def test_file_copies_are_versions_and_none_is_overwritten(
    draft: PolicySubmission, delegate: User, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    viewer = viewer_of(delegate)
    first, second = b"%PDF-1.7 first", b"%PDF-1.7 second"
    for content in (first, second, second):
        add_file(policy=draft, upload=ContentFile(content, "law.pdf"), name="law.pdf", by=viewer)
    copies = PolicyFile.objects.order_by("number")
    assert [(copy.number, copy.sha256) for copy in copies] == [
        (1, hashlib.sha256(first).hexdigest()),
        (2, hashlib.sha256(second).hexdigest()),
    ]
    assert [copy.file.read() for copy in copies] == [first, second]
    with pytest.raises(Error), transaction.atomic():
        copies.update(sha256="0" * 64)
    with pytest.raises(Error), transaction.atomic():
        copies.delete()


def test_only_a_pdf_of_reasonable_size_is_kept(draft: PolicySubmission, delegate: User) -> None:
    for content in (b"<html>", b"%PDF-" + bytes(20 * 1024 * 1024)):
        with pytest.raises(ValidationError) as refusal:
            add_file(policy=draft, upload=ContentFile(content), name="x.pdf", by=viewer_of(delegate))
        assert list(refusal.value.message_dict) == ["file"]
    assert not PolicyFile.objects.exists()


def test_nothing_of_a_draft_shows_to_a_visitor_through_its_parts(
    draft: PolicySubmission, delegate: User, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    viewer = viewer_of(delegate)
    set_translation(policy=draft, language="en", title="Secret plan", by=viewer)
    add_file(policy=draft, upload=ContentFile(b"%PDF-1.7", "x.pdf"), name="x.pdf", by=viewer)
    for parts in (draft.translations.all(), draft.files.all()):
        assert parts.visible_to(viewer).count() == 1
        assert parts.visible_to(VISITOR).count() == 0
    assert PolicySubmission.objects.visible_to(VISITOR).about("secret").count() == 0
