"""The pages of nominations, replacements and removals."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import FormalAct, PointOfContact
from contacts.services.acts import accept_act, draft_act, return_act, submit_act
from tests.contacts.test_acts import NOMINEE, a_pdf, replacement, sign, submitted

__all__ = ["replacement", "submitted"]

Browse = Callable[..., Client]


def new(kind: str, contact: PointOfContact | None = None) -> str:
    who = f"&contact={contact.uuid}" if contact else ""
    return f"/en/my/CHL/nominations/new/?kind={kind}{who}"


def typed(**more: Any) -> dict[str, Any]:
    return {
        **NOMINEE,
        "issuer": "foreign_ministry",
        "note_language": "es",
        "note_place": "Santiago",
        **more,
    }


def page_of(act: FormalAct, step: str = "") -> str:
    return f"{act.get_absolute_url()}{step}"


def test_a_delegate_begins_a_replacement_from_the_entry_of_the_contact(
    browse: Browse, delegate: User, ana: PointOfContact
) -> None:
    client = browse(delegate)
    assert (
        new("replacement", ana).replace("&", "&amp;") in client.get(ana.get_absolute_url()).content.decode()
    )
    form = client.get(new("replacement", ana)).context["form"]
    assert form["institution"].value() == ana.institution_id
    assert form["note_language"].value() == "es"
    assert "category" not in form.fields
    response = client.post(new("replacement", ana), typed(institution=ana.institution_id))
    act = FormalAct.objects.get()
    assert response.url == act.get_absolute_url()
    assert (act.kind, act.outgoing, act.full_name, act.category) == (
        "replacement",
        ana,
        "Berta Nueva",
        "cyber_policy",
    )


@pytest.mark.parametrize("lacks", ["full_name", "position", "email", "institution", "category"])
def test_what_is_missing_is_named_and_nothing_that_was_typed_is_lost(
    browse: Browse, delegate: User, ana: PointOfContact, lacks: str
) -> None:
    whole = typed(institution=ana.institution_id, category="cyber_policy")
    response = browse(delegate).post(new("nomination"), {**whole, lacks: ""})
    assert list(response.context["form"].errors) == [lacks]
    assert "Santiago" in response.content.decode()
    assert not FormalAct.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "kind=removal", "kind=removal&contact=x", "kind=removal&contact=" + "0" * 32],
)
def test_what_names_no_act_or_no_contact_is_no_page(
    browse: Browse, delegate: User, ana: PointOfContact, query: str
) -> None:
    assert browse(delegate).get(f"/en/my/CHL/nominations/new/?{query}").status_code == 404


def test_removing_the_last_contact_of_a_category_warns_first(
    browse: Browse, delegate: User, ana: PointOfContact, make_contact: Callable[..., PointOfContact]
) -> None:
    client, address = browse(delegate), new("removal", ana)
    page = client.get(address).content.decode()
    assert "This is the last point of contact for: Cyber policy" in page
    assert "measure 2 no longer counts as implemented" in page
    refused = client.post(address, typed())
    assert list(refused.context["form"].errors) == ["sure"]
    make_contact(full_name="Carla Otra")
    page = client.get(address).content.decode()
    assert "This is the last point of contact" not in page
    assert client.post(address, typed()).status_code == 302


def test_the_note_is_there_as_pdf_and_as_text_in_each_language(
    browse: Browse, delegate: User, replacement: FormalAct
) -> None:
    client = browse(delegate)
    for language in ("en", "es", "pt", "fr"):
        pdf = client.get(page_of(replacement, f"note-{language}.pdf"))
        assert pdf.content.startswith(b"%PDF-")
        assert pdf["Content-Disposition"] == f'attachment; filename="note-verbale-CHL-{language}.pdf"'
        text = client.get(page_of(replacement, f"note-{language}.txt")).content.decode()
        assert "Berta Nueva" in text
        assert "Ana Ejemplo" in text
    assert client.get(page_of(replacement, "note-de.pdf")).status_code == 404


def test_the_text_can_be_worded_by_the_state_and_written_anew(
    browse: Browse, delegate: User, replacement: FormalAct
) -> None:
    client, address = browse(delegate), page_of(replacement, "note/")
    form = client.get(address).context["form"]
    written = form["note_text"].value()
    assert "Berta Nueva" in written
    read = {"version": replacement.version}
    client.post(address, {**read, "note_text": written})
    replacement.refresh_from_db()
    assert replacement.note_text == ""
    client.post(address, {"version": replacement.version, "note_text": "In our own words."})
    replacement.refresh_from_db()
    language = replacement.note_language
    assert client.get(page_of(replacement, f"note-{language}.txt")).content == b"In our own words."
    other = "fr" if language != "fr" else "en"
    assert "Berta Nueva" in client.get(page_of(replacement, f"note-{other}.txt")).content.decode()
    again = {"version": replacement.version, "note_text": "In our own words.", "anew": "1"}
    client.post(address, again)
    replacement.refresh_from_db()
    assert replacement.note_text == ""


def attach(client: Client, act: FormalAct, content: bytes, name: str = "signed note.pdf") -> Any:
    data = {
        "scan": SimpleUploadedFile(name, content),
        "note_reference": "NV 7/2026",
        "note_date": "2026-05-20",
    }
    return client.post(page_of(act, "attach/"), data)


def test_the_signed_note_comes_back_as_it_was_handed_in(
    browse: Browse, delegate: User, officer: User, neighbour: User, replacement: FormalAct
) -> None:
    client, content = browse(delegate), a_pdf()
    assert attach(client, replacement, content).status_code == 302
    replacement.refresh_from_db()
    assert (replacement.stage, replacement.note_reference) == ("note_attached", "NV 7/2026")
    address = page_of(replacement, "signed/1/")
    for reader in (client, browse(officer)):
        kept = reader.get(address)
        assert (kept.content, kept["Content-Type"]) == (content, "application/pdf")
        assert kept["X-Content-Type-Options"] == "nosniff"
        assert kept["Content-Disposition"] == 'attachment; filename="CHL-signed-note-1.pdf"'
        assert kept["Cache-Control"] == "private, no-store"
    assert browse(neighbour).get(address).status_code == 404
    assert client.get(page_of(replacement, "signed/2/")).status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ\x90 a program", b"PK\x03\x04 an archive", a_pdf()[:40]])
def test_what_is_no_note_is_refused_with_the_reason_at_the_field(
    browse: Browse, delegate: User, replacement: FormalAct, content: bytes
) -> None:
    response = attach(browse(delegate), replacement, content)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["scan"]
    assert "NV 7/2026" in response.content.decode()
    replacement.refresh_from_db()
    assert (replacement.stage, replacement.signed_notes.count()) == ("draft", 0)


def test_only_a_designating_authority_finds_the_button_that_submits(
    browse: Browse, delegate: User, designator: User, replacement: FormalAct
) -> None:
    act = sign(replacement, delegate)
    page = browse(delegate).get(act.get_absolute_url()).content.decode()
    assert "Submit to the Secretariat" not in page
    assert f"Only a designating authority submits it: {designator.full_name}." in page
    authority = browse(designator)
    assert "Submit to the Secretariat" in authority.get(act.get_absolute_url()).content.decode()
    assert act.get_absolute_url() in authority.get("/en/my/CHL/").content.decode()
    authority.post(page_of(act, "submit/"))
    act.refresh_from_db()
    assert (act.stage, act.submitted_by) == ("submitted", designator)


def test_where_nobody_designates_the_page_says_what_to_do(
    browse: Browse, delegate: User, replacement: FormalAct
) -> None:
    act = sign(replacement, delegate)
    page = browse(delegate).get(act.get_absolute_url()).content.decode()
    assert "Nobody is named as your state's designating authority yet." in page


def test_a_step_that_is_no_longer_possible_says_who_was_first(
    browse: Browse, designator: User, officer: User, submitted: FormalAct
) -> None:
    accept_act(act=submitted, by=viewer_of(officer))
    response = browse(designator).post(page_of(submitted, "withdraw/"), follow=True)
    assert f"This is now “Accepted”: {officer.full_name} did that on" in response.content.decode()


def test_my_state_says_what_was_returned_and_why(
    browse: Browse, delegate: User, officer: User, submitted: FormalAct
) -> None:
    return_act(act=submitted, comment="The seal is missing.", by=viewer_of(officer))
    page = browse(delegate).get("/en/my/CHL/").content.decode()
    assert "The seal is missing." in page
    assert submitted.get_absolute_url() in page


def test_thirty_acts_ask_the_database_as_often_as_three(
    browse: Browse, delegate: User, designator: User, make_contact: Callable[..., PointOfContact]
) -> None:
    client = browse(designator)

    def asked(upto: int) -> int:
        for number in range(FormalAct.objects.count(), upto):
            contact = make_contact(full_name=f"Official {number}", category="foreign_affairs")
            act = draft_act(state=contact.state, kind="removal", outgoing=contact, by=viewer_of(delegate))
            sign(act, delegate)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/en/my/CHL/")
        return len(queries)

    asked(1)
    assert asked(3) == asked(30)


def test_a_scan_is_fetched_by_whoever_downloads_it_and_by_no_page_or_step(
    browse: Browse, designator: User, officer: User, submitted: FormalAct
) -> None:
    client, desk = browse(designator), browse(officer)
    with CaptureQueriesContext(connection) as queries:
        for page in ("", "note-es.pdf", "history/"):
            assert client.get(page_of(submitted, page)).status_code == 200
        for page in (review(submitted), reverse("admin:contacts_formalact_change", args=[submitted.pk])):
            assert desk.get(page).status_code == 200
        accept_act(act=submitted, by=viewer_of(officer))
    asked = [one["sql"] for one in queries]
    assert [sql for sql in asked if re.search(r'^SELECT .*_signednote"\."content".* FROM', sql)] == []


# The Secretariat's queue -----------------------------------------------------------------------------------


def review(act: FormalAct) -> str:
    return reverse("admin:contacts_formalact_review", args=[act.pk])


def test_the_secretariat_sees_what_changes_side_by_side_and_accepts_with_one_click(
    browse: Browse, officer: User, submitted: FormalAct
) -> None:
    desk = browse(officer)
    assert review(submitted) in desk.get("/admin/").content.decode()
    page = desk.get(review(submitted))
    text = page.content.decode()
    for said in ("Ana Ejemplo", "Berta Nueva", "Head of unit", "Director of Cyber Policy"):
        assert said in text
    version = page.context["form"]["version"].value()
    response = desk.post(review(submitted), {"decision": "accept", "version": version}, follow=True)
    assert "Accepted, and in the directory" in response.content.decode()
    submitted.refresh_from_db()
    assert (submitted.stage, submitted.decided_by) == ("accepted", officer)


def test_it_is_returned_with_points_in_the_language_of_the_state(
    browse: Browse, officer: User, submitted: FormalAct
) -> None:
    data = {"decision": "return", "version": submitted.version, "points": ["seal"], "comment": "Gracias."}
    browse(officer).post(review(submitted), data)
    submitted.refresh_from_db()
    assert submitted.stage == "returned"
    assert submitted.comment.endswith("\nGracias.")


def test_nothing_is_returned_without_a_word_and_the_form_says_so(
    browse: Browse, officer: User, submitted: FormalAct
) -> None:
    data = {"decision": "return", "version": submitted.version}
    response = browse(officer).post(review(submitted), data)
    assert list(response.context["form"].errors) == ["comment"]


def test_the_officer_who_comes_second_is_told(
    browse: Browse, officer: User, submitted: FormalAct, make_user: Callable[..., User]
) -> None:
    second = make_user("second.officer", is_staff=True)
    accept_act(act=submitted, by=viewer_of(officer))
    data = {"decision": "return", "version": submitted.version, "comment": "No."}
    response = browse(second).post(review(submitted), data, follow=True)
    assert "is no longer waiting: it is “Accepted”" in response.content.decode()
    submitted.refresh_from_db()
    assert submitted.stage == "accepted"


def test_a_decision_on_an_older_version_is_made_anew(
    browse: Browse, officer: User, designator: User, delegate: User, submitted: FormalAct
) -> None:
    read = submitted.version
    act = return_act(act=submitted, comment="x", by=viewer_of(officer))
    submit_act(act=sign(act, delegate), by=viewer_of(designator))
    response = browse(officer).post(review(submitted), {"decision": "accept", "version": read})
    assert "Nothing was done." in response.content.decode()
    submitted.refresh_from_db()
    assert submitted.stage == "submitted"


def test_the_record_says_that_the_secretariat_submitted_it(
    browse: Browse, officer: User, ana: PointOfContact
) -> None:
    data = {
        "state": ana.state_id,
        "kind": "removal",
        "outgoing": ana.pk,
        "issuer": "permanent_mission",
        "note_language": "es",
        "note_reference": "NV 9/2026",
        "note_date": "2026-05-20",
        "received_how": "by e-mail of 21 May 2026",
        "scan": SimpleUploadedFile("note.pdf", a_pdf()),
        "reason": "Note received by e-mail",
    }
    desk = browse(officer)
    response = desk.post(reverse("admin:contacts_formalact_add"), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    act = FormalAct.objects.get()
    ana.refresh_from_db()
    assert (act.stage, act.on_behalf, ana.is_active) == ("accepted", True, False)
    assert "by e-mail of 21 May 2026" in desk.get(act.get_absolute_url()).content.decode()


def test_the_entry_leads_its_own_side_to_the_notes_about_it(
    browse: Browse, delegate: User, officer: User, observer: User, ana: PointOfContact, submitted: FormalAct
) -> None:
    for reader, told in ((delegate, True), (officer, True), (observer, False)):
        page = browse(reader).get(ana.get_absolute_url()).content.decode()
        assert (submitted.get_absolute_url() in page) == told
        assert ("NV 7/2026" in page) == told
