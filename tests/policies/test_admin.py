"""The repository on the Secretariat's desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import portal, viewer_of
from contacts.models import State
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation, RepositorySettings
from policies.services import compile_policy, draft_policy, set_translation, submit_policy
from tests.desk import errors_on, form_on


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def submitted(delegate: User, chile: State) -> PolicySubmission:
    policy = draft_policy(
        state=chile, by=viewer_of(delegate), title="Ley de prueba", language="es", kind="law",
        description="Sobre las pruebas.", responsible_institutions=["Ministerio"], link="https://example.org/ley",
    )  # fmt: skip
    return submit_policy(policy=policy, by=viewer_of(delegate))


@pytest.fixture
def compiled(chile: State) -> PolicySubmission:
    return compile_policy(
        state=chile, title="Compilada", language="es", kind="law", link="https://example.org/ley",
        source_grade="official", by=portal(), reason="test",
    )  # fmt: skip


def page(record: Any) -> str:
    return reverse(f"admin:policies_{record._meta.model_name}_change", args=[record.pk])


def step(policy: PolicySubmission, name: str) -> str:
    return reverse("admin:policies_policysubmission_step", args=[policy.pk, name])


ADD = "admin:policies_policysubmission_add"
RECEIVED = {
    "origin": "received", "title": "Ley recibida", "language": "es", "kind": "law", "link": "https://example.org/ley",
    "received_how": "Note verbale 9", "received_on": "2026-02-03", "reason": "Sent by e-mail",
}  # fmt: skip


def test_a_submission_is_published(desk: Client, officer: User, submitted: PolicySubmission) -> None:
    assert desk.get(step(submitted, "publish")).status_code == 200
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert desk.post(step(submitted, "publish")).status_code == 302
    submitted.refresh_from_db()
    assert submitted.status == "published"
    assert submitted.events.order_by("-pgh_id")[0].pgh_context["user"] == officer.pk


def test_a_submission_is_returned_with_a_comment_and_not_without(
    desk: Client, submitted: PolicySubmission
) -> None:
    assert list(errors_on(desk.post(step(submitted, "return"), {"comment": " "}))) == ["comment"]
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    desk.post(step(submitted, "return"), {"comment": "The link does not open."})
    submitted.refresh_from_db()
    assert (submitted.status, submitted.review_comment) == ("returned", "The link does not open.")


def test_what_is_published_is_not_published_again(desk: Client, submitted: PolicySubmission) -> None:
    desk.post(step(submitted, "publish"))
    assert list(errors_on(desk.post(step(submitted, "publish")))) == ["__all__"]
    assert list(errors_on(desk.post(step(submitted, "return"), {"comment": "No"}))) == ["__all__"]


def test_only_a_submission_under_review_has_the_buttons(
    desk: Client, submitted: PolicySubmission, compiled: PolicySubmission
) -> None:
    assert len(desk.get(page(submitted)).context["steps"]) == 2
    assert desk.get(page(compiled)).context["steps"] == []


def test_a_received_document_is_published_with_how_it_came(desk: Client, officer: User, chile: State) -> None:
    response = desk.post(reverse(ADD), form_on(desk.get(reverse(ADD))) | RECEIVED | {"state": chile.pk})
    assert response.status_code == 302, errors_on(response)
    policy = PolicySubmission.objects.get()
    assert (policy.provenance, policy.status, policy.submitted_by) == ("received", "published", officer)
    assert policy.ref.startswith("CHL-")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"received_how": ""}, ["received_how"]),
        ({"received_on": ""}, ["received_on"]),
        ({"origin": "submitted"}, ["origin"]),
        ({"origin": "compiled", "source_grade": "official"}, ["received_how", "received_on"]),
        ({"origin": "compiled", "received_how": "", "received_on": ""}, ["source_grade"]),
        ({"link": ""}, ["__all__"]),
        ({"date": "2018-13"}, ["date"]),
        ({"date": "2018"}, ["__all__"]),
    ],
)
def test_an_incomplete_entry_is_refused_where_it_was_typed(
    desk: Client, chile: State, typed: dict[str, str], where: list[str]
) -> None:
    entry = form_on(desk.get(reverse(ADD))) | RECEIVED | {"state": chile.pk} | typed
    assert list(errors_on(desk.post(reverse(ADD), entry))) == where
    assert not PolicySubmission.objects.exists()


def test_the_stage_of_a_submission_is_not_typed(desk: Client, submitted: PolicySubmission) -> None:
    forged = {"status": "published", "provenance": "received", "ref": "CHL-2000-001", "reason": "Forged"}
    assert desk.post(page(submitted), form_on(desk.get(page(submitted))) | forged).status_code == 302
    after = PolicySubmission.objects.get()
    assert (after.status, after.provenance, after.ref) == ("submitted", "submitted", submitted.ref)


def test_a_language_has_one_translation(desk: Client, compiled: PolicySubmission) -> None:
    set_translation(policy=compiled, language="en", title="Compiled", by=portal(), reason="test")
    add = reverse("admin:policies_policytranslation_add")
    typed = {"policy": compiled.pk, "language": "en", "title": "Other", "reason": "Better"}
    assert list(errors_on(desk.post(add, form_on(desk.get(add)) | typed))) == ["language"]
    assert PolicyTranslation.objects.get().title == "Compiled"


@pytest.mark.parametrize("content", [b"", b"not a PDF"])
def test_only_a_pdf_is_kept(desk: Client, compiled: PolicySubmission, content: bytes) -> None:
    add = reverse("admin:policies_policyfile_add")
    upload = SimpleUploadedFile("law.pdf", content)
    response = desk.post(add, {"policy": compiled.pk, "name": "law.pdf", "file": upload, "reason": "Scan"})
    assert list(errors_on(response)) == ["file"]
    assert not PolicyFile.objects.exists()


def test_the_repository_has_one_row_of_settings(desk: Client, db: None) -> None:
    add = reverse("admin:policies_repositorysettings_add")
    assert desk.post(add, {"reason": "Opened by the chair", "show_compiled": "on"}).status_code == 302
    settings = RepositorySettings.objects.get()
    assert settings.show_compiled
    assert desk.get(add).status_code == 403
    typed = form_on(desk.get(page(settings)))
    typed.pop("show_compiled")
    assert desk.post(page(settings), typed | {"reason": "Closed again"}).status_code == 302
    settings.refresh_from_db()
    assert not settings.show_compiled
