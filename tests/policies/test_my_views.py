"""My state's submissions: from the first draft to withdrawal, in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cbmportal.fields import Language
from contacts.access import portal, viewer_of
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation, ReviewStatus
from policies.my_views import NEXT_STEPS
from policies.services import (
    LARGEST_FILE,
    compile_policy,
    correct_policy,
    draft_policy,
    publish_policy,
    return_policy,
    submit_policy,
)

NEW = "/en/my/CHL/policies/new/"
COMPLETE = {
    "title": "Política Nacional de Ciberseguridad",
    "language": "es",
    "kind": "policy",
    "description": "Define los objetivos.\r\nY las medidas.",
    "responsible_institutions": "Ministerio del Interior\r\nCancillería",
    "date": "2023-12",
    "date_kind": "adoption",
    "legal_status": "in_force",
    "link": "https://example.org/politica.pdf",
}
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
STRANGERS = ["neighbour", "member", "observer", "duty_desk"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_DEMO = False


@pytest.fixture
def draft(chile, delegate):
    return draft_policy(
        state=chile,
        by=viewer_of(delegate),
        title=COMPLETE["title"],
        language="es",
        kind="policy",
        description="Define los objetivos.",
        responsible_institutions=["Cancillería"],
        link=COMPLETE["link"],
    )


@pytest.fixture
def published(draft, delegate):
    submit_policy(policy=draft, by=viewer_of(delegate))
    return publish_policy(policy=draft, by=portal())


@pytest.fixture
def compiled(chile):
    return compile_policy(
        state=chile,
        by=portal(),
        reason="test",
        title="Ley 21.663",
        language="es",
        kind="law",
        link="https://example.org/ley",
        source_grade="official",
    )


def page_of(policy):
    return f"/en/my/CHL/policies/{policy.ref}/"


def errors(answer, form="form"):
    return dict(answer.context[form].errors)


def typed_in(policy, **changes):
    return COMPLETE | {"version": policy.version} | changes


def test_a_draft_may_be_incomplete(browse, delegate, chile):
    answer = browse(delegate).post(
        NEW, {"title": "Ley marco", "language": "es", "kind": "law", "legal_status": "unknown"}
    )
    policy = PolicySubmission.objects.get()
    assert answer["Location"] == page_of(policy)
    assert (policy.state, policy.status, policy.title) == (chile, "draft", "Ley marco")
    assert policy.ref in browse(delegate).get("/en/my/CHL/").content.decode()


def test_a_draft_keeps_everything_that_was_typed(browse, delegate, chile):
    assert browse(delegate).post(NEW, COMPLETE).status_code == 302
    policy = PolicySubmission.objects.get()
    assert policy.ref == "CHL-2023-001"
    assert policy.description == "Define los objetivos.\nY las medidas."
    assert policy.responsible_institutions == ["Ministerio del Interior", "Cancillería"]
    page = browse(delegate).get(page_of(policy)).content.decode()
    assert "Ministerio del Interior\nCancillería" in page


def test_the_first_language_offered_is_the_states_own(browse, delegate, chile):
    assert browse(delegate).get(NEW).context["form"].initial["language"] == "es"


def test_saving_and_submitting_is_one_press(browse, delegate, draft):
    answer = browse(delegate).post(page_of(draft), typed_in(draft, submit="1"))
    assert answer["Location"] == page_of(draft)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_by) == (ReviewStatus.SUBMITTED, delegate)


def test_an_incomplete_submission_is_saved_and_says_what_is_missing(browse, delegate, draft):
    missing = {"description": "", "responsible_institutions": "", "link": "", "citation": ""}
    answer = browse(delegate).post(page_of(draft), typed_in(draft, title="Otra", submit="1", **missing))
    assert answer.status_code == 200
    assert set(errors(answer)) == {"description", "responsible_institutions", "citation", "__all__"}
    draft.refresh_from_db()
    assert (draft.status, draft.title) == ("draft", "Otra")
    assert f'name="version" value="{draft.version}"' in answer.content.decode()
    assert browse(delegate).post(page_of(draft), typed_in(draft, submit="1")).status_code == 302


def test_a_returned_submission_shows_the_comment_of_the_secretariat(browse, delegate, draft):
    submit_policy(policy=draft, by=viewer_of(delegate))
    return_policy(policy=draft, comment="The link does not open.", by=portal())
    client = browse(delegate)
    assert "The link does not open." in client.get("/en/my/CHL/").content.decode()
    assert "The link does not open." in client.get(page_of(draft)).content.decode()
    draft.refresh_from_db()
    assert client.post(page_of(draft), typed_in(draft, submit="1")).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_a_submission_is_withdrawn_and_can_come_back(browse, delegate, published):
    client = browse(delegate)
    assert client.post(f"{page_of(published)}withdraw/").status_code == 302
    published.refresh_from_db()
    assert published.status == "withdrawn"
    assert client.post(f"{page_of(published)}withdraw/", follow=True).status_code == 200
    assert client.post(page_of(published), typed_in(published, submit="1")).status_code == 302


def test_what_is_published_is_not_edited(browse, delegate, published):
    client = browse(delegate)
    assert 'name="title"' not in client.get(page_of(published)).content.decode()
    answer = client.post(page_of(published), typed_in(published, title="Otra"))
    assert "no longer possible" in answer.content.decode()
    published.refresh_from_db()
    assert published.title == COMPLETE["title"]


def test_a_compiled_record_is_adopted_in_one_click(browse, delegate, compiled):
    client = browse(delegate)
    adopt = f"{page_of(compiled)}adopt/"
    assert adopt in client.get("/en/my/CHL/").content.decode()
    assert client.post(adopt)["Location"] == "/en/my/CHL/"
    compiled.refresh_from_db()
    assert (compiled.provenance, compiled.status, compiled.submitted_by) == (
        "submitted",
        "submitted",
        delegate,
    )
    again = client.post(adopt, follow=True)
    assert "no longer possible" in again.content.decode()


def test_a_stale_edit_shows_both_and_writes_nothing(browse, delegate, draft):
    first = typed_in(draft)
    client = browse(delegate)
    assert client.post(page_of(draft), first | {"title": "Uno"}).status_code == 302
    answer = client.post(page_of(draft), first | {"title": "Dos"})
    met = answer.context["form"].comparison
    assert [(one.label, one.stored, one.mine) for one in met.to_decide] == [("title", "Uno", "Dos")]
    draft.refresh_from_db()
    assert draft.title == "Uno"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "a" * 10_000),
        ("title", "a\x00b"),
        ("title", "abc\u202egnp"),
        ("language", "tlh"),
        ("kind", "poem"),
        ("date", "2018-13"),
        ("date", "2018-02-30"),
        ("date", "last year"),
        ("in_force_from", "0000"),
        ("link", "javascript:alert(1)"),
        ("link", "https://example.org/" + "a" * 2000),
        ("superseded_by", "999999"),
        ("superseded_by", "x\x00"),
        ("responsible_institutions", "a" * 10_000),
        ("responsible_institutions", "a\x00b"),
        ("description", "a" * 10_000),
        ("version", "-1"),
    ],
)
def test_bad_input_is_an_error_beside_its_field(browse, delegate, draft, field, typed):
    answer = browse(delegate).post(page_of(draft), typed_in(draft, **{field: typed}))
    assert answer.status_code == 200
    assert list(errors(answer)) == [field]
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_date_needs_to_say_of_what(browse, delegate, draft):
    answer = browse(delegate).post(page_of(draft), typed_in(draft, date_kind=""))
    assert "Say what the date is of" in answer.content.decode()


def test_forged_fields_change_nothing(browse, delegate, draft, colombia):
    forged = {
        "status": "published",
        "provenance": "received",
        "ref": "COL-2023-001",
        "state": colombia.pk,
        "published_at": "2026-01-01",
        "review_comment": "x",
    }
    assert browse(delegate).post(page_of(draft), typed_in(draft, **forged)).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.provenance, draft.ref, draft.state.iso3) == (
        "draft",
        "submitted",
        draft.ref,
        "CHL",
    )
    assert draft.published_at is None


# Who may not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*STRANGERS, "former"])
def test_drafts_of_a_state_are_out_of_sight_for_others(request, browse, draft, compiled, who):
    client = browse(request.getfixturevalue(who))
    for policy in (draft, compiled):
        answers = [
            client.get(page_of(policy)),
            client.post(page_of(policy), typed_in(policy)),
            client.post(f"{page_of(policy)}adopt/"),
            client.post(f"{page_of(policy)}withdraw/"),
            client.post(f"{page_of(policy)}files/", {"file": SimpleUploadedFile("a.pdf", PDF)}),
            client.get(f"{page_of(policy)}history/"),
            client.post(f"{page_of(policy)}translations/en/", {"title": "x", "standing": "courtesy"}),
        ]
        assert [answer.status_code for answer in answers] == [404] * 7
    assert client.post(NEW, COMPLETE).status_code == 404
    assert PolicySubmission.objects.count() == 2


@pytest.mark.parametrize("who", STRANGERS)
def test_what_is_published_is_in_sight_but_not_theirs(request, browse, published, who):
    client = browse(request.getfixturevalue(who))
    assert client.get(page_of(published)).status_code == 403
    assert client.post(f"{page_of(published)}withdraw/").status_code == 403
    assert client.get(f"{page_of(published)}history/").status_code == 404
    published.refresh_from_db()
    assert published.status == "published"


def test_the_successor_is_chosen_among_the_states_own(browse, delegate, neighbour, colombia, draft):
    other = draft_policy(state=colombia, by=viewer_of(neighbour), title="Ley", language="es", kind="law")
    page = browse(delegate).get(page_of(draft))
    assert list(page.context["form"].fields["superseded_by"].queryset) == []
    answer = browse(delegate).post(
        page_of(draft), typed_in(draft, legal_status="superseded", superseded_by=other.pk)
    )
    assert list(errors(answer)) == ["superseded_by"]


# Copies ---------------------------------------------------------------------------------------------------


def hand_in(client, policy, name="politica.pdf", content=PDF):
    return client.post(f"{page_of(policy)}files/", {"file": SimpleUploadedFile(name, content)})


def test_a_copy_is_kept_and_downloaded_as_it_came(browse, delegate, draft):
    client = browse(delegate)
    assert hand_in(client, draft)["Location"] == page_of(draft)
    assert hand_in(client, draft, content=PDF + b"\n").status_code == 302
    assert list(draft.files.values_list("number", "name")) == [(2, "politica.pdf"), (1, "politica.pdf")]
    answer = client.get(f"/en/policies/{draft.ref}/files/1/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="politica.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")


def test_a_copy_is_seen_by_whoever_sees_the_submission(browse, delegate, neighbour, draft):
    hand_in(browse(delegate), draft)
    address = f"/en/policies/{draft.ref}/files/1/"
    assert [browse(who).get(address).status_code for who in (None, neighbour, delegate)] == [404, 404, 200]
    submit_policy(policy=draft, by=viewer_of(delegate))
    publish_policy(policy=draft, by=portal())
    assert browse().get(address).status_code == 200


def test_a_copy_lost_from_the_disk_is_404(browse, delegate, draft, tmp_path):
    hand_in(browse(delegate), draft)
    PolicyFile.objects.get().file.storage.delete(PolicyFile.objects.get().file.name)
    assert browse(delegate).get(f"/en/policies/{draft.ref}/files/1/").status_code == 404


@pytest.mark.parametrize("number", ["2", "99999999999999999999", "x", "-1"])
def test_a_copy_that_is_not_there_is_404(browse, delegate, draft, number):
    assert browse(delegate).get(f"/en/policies/{draft.ref}/files/{number}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("politica.pdf", b"<html>not a PDF</html>"),
        ("politica.pdf", b""),
        ("politica.exe", PDF),
        ("a" * 300 + ".pdf", PDF),
        ("big.pdf", PDF + b" " * LARGEST_FILE),
    ],
    ids=["not a PDF", "empty", "another kind of name", "long name", "too large"],
)
def test_a_copy_that_cannot_be_is_refused_and_leaves_nothing(
    browse, delegate, draft, tmp_path, name, content
):
    answer = hand_in(browse(delegate), draft, name, content)
    assert answer.status_code == 200
    assert list(errors(answer, "file_form")) == ["file"]
    assert PolicyFile.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_name_is_cleaned_of_direction_marks(browse, delegate, draft):
    hand_in(browse(delegate), draft, "abc\u202efdp.pdf")
    assert PolicyFile.objects.get().name == "abcfdp.pdf"


def test_a_name_longer_than_names_on_a_disk_is_kept(browse, delegate, draft):
    hand_in(browse(delegate), draft, "漢" * 190 + ".pdf")
    copy = PolicyFile.objects.get()
    assert copy.name == "漢" * 190 + ".pdf"
    assert copy.file.name.endswith(f"/{draft.ref}-1.pdf")


def test_a_copy_is_never_served_from_an_address_of_its_own(browse, delegate, draft):
    hand_in(browse(delegate), draft)
    stored = PolicyFile.objects.get().file.name
    for prefix in ("/media/", "/static/", "/", "/en/"):
        assert browse(delegate).get(prefix + stored).status_code == 404


# Translations and history ---------------------------------------------------------------------------------


def test_a_title_in_another_language_is_added_and_corrected(browse, delegate, draft):
    client = browse(delegate)
    address = f"{page_of(draft)}translations/en/"
    for title in ("National Policy", "National Cybersecurity Policy"):
        data = {"title": title, "description": "", "standing": "courtesy", "version": "1"}
        assert client.post(address, data)["Location"] == page_of(draft)
    text = PolicyTranslation.objects.get()
    assert (text.policy, text.language, text.title) == (draft, Language.EN, "National Cybersecurity Policy")
    assert "National Cybersecurity Policy" in client.get(page_of(draft)).content.decode()


def test_a_stale_translation_is_not_overwritten(browse, delegate, designator, draft):
    address = f"{page_of(draft)}translations/en/"
    browse(delegate).post(address, {"title": "Policy", "standing": "courtesy"})
    typed = {"title": "Strategy", "standing": "courtesy", "version": 1}
    assert browse(designator).post(address, typed).status_code == 302
    answer = browse(delegate).post(address, {**typed, "title": "Plan"})
    assert [one.field for one in answer.context["form"].comparison.to_decide] == ["title"]
    assert PolicyTranslation.objects.get(policy=draft).title == "Strategy"


def test_two_who_translate_at_once_do_not_overwrite_each_other(browse, delegate, designator, draft):
    address = f"{page_of(draft)}translations/en/"
    first, second = browse(designator), browse(delegate)
    assert first.post(address, {"title": "Policy", "standing": "courtesy"}).status_code == 302
    answer = second.post(address, {"title": "Plan", "standing": "courtesy"})
    (one,) = answer.context["form"].comparison.to_decide
    assert (one.stored, one.mine) == ("Policy", "Plan")
    again = {"title": "Plan", "standing": "courtesy", "version": "1", "base": "0"}
    assert second.post(address, again).status_code == 200
    assert second.post(address, again | {"choose_title": "mine"}).status_code == 302
    assert PolicyTranslation.objects.get(policy=draft).title == "Plan"


@pytest.mark.parametrize("language", ["es", "nl", "xx", "toString"])
def test_only_the_other_portal_languages_have_such_a_page(browse, delegate, draft, language):
    assert browse(delegate).get(f"{page_of(draft)}translations/{language}/").status_code == 404


@pytest.mark.parametrize(("who", "told"), [("delegate", False), ("officer", True)])
def test_the_history_keeps_the_notes_of_the_secretariat_to_the_secretariat(request, browse, draft, who, told):
    changes = {"notes": "Ask again in May", "citation": "Gazette 7"}
    correct_policy(policy=draft, changes=changes, by=portal(), reason="Their note of 3 May")
    page = browse(request.getfixturevalue(who)).get(f"{page_of(draft)}history/").content.decode()
    assert ("Gazette 7" in page, "Their note of 3 May" in page) == (True, True)
    assert ("Ask again in May" in page, "notes of the secretariat" in page.lower()) == (told, told)


def test_the_history_tells_submission_translation_and_copy_together(browse, delegate, draft):
    client = browse(delegate)
    hand_in(client, draft)
    client.post(f"{page_of(draft)}translations/en/", {"title": "Policy", "standing": "courtesy"})
    client.post(page_of(draft), typed_in(draft, submit="1"))
    changes = client.get(f"{page_of(draft)}history/").context["changes"]
    assert [(one.subject, one.action) for one in changes] == [
        ("policy submission", "update"),
        ("policy submission", "update"),
        ("translation", "insert"),
        ("file copy", "insert"),
        ("policy submission", "insert"),
    ]
    assert {one.actor for one in changes} == {"Delegate Chl"}


@pytest.mark.parametrize(
    "ref", ["CHL-2020-999", "chl-2020-001", "CHL-2020-0%00", "x", "CHL-2020-" + "9" * 500]
)
def test_an_address_of_nothing_is_404(browse, delegate, ref):
    assert browse(delegate).get(f"/en/my/CHL/policies/{ref}/").status_code == 404


# Copying, looking, and what happens next ------------------------------------------------------------------


def test_a_new_one_begins_from_an_earlier_one_without_what_is_that_ones_own(browse, delegate, draft):
    own = {
        "official_number": "21.663",
        "date": "2024-03",
        "date_kind": "adoption",
        "legal_status": "in_force",
    }
    PolicySubmission.objects.filter(pk=draft.pk).update(**own)
    answer = browse(delegate).get(f"{NEW}?from={draft.ref}")
    form = answer.context["form"]
    assert form["title"].value() == draft.title
    assert form["responsible_institutions"].value() == "\n".join(draft.responsible_institutions)
    left = ("official_number", "date", "date_kind", "in_force_from", "superseded_by")
    assert not any(form[name].value() for name in left)
    assert form["legal_status"].value() == "unknown"
    assert f"The text of {draft.ref} is copied" in answer.content.decode()
    assert PolicySubmission.objects.count() == 1


@pytest.mark.parametrize("ref", ["CHL-2020-999", "nonsense", "%00", "a" * 1000])
def test_what_is_not_there_cannot_be_begun_from(browse, delegate, draft, ref):
    assert browse(delegate).get(f"{NEW}?from={ref}").status_code == 404


def test_a_submission_of_another_state_cannot_be_begun_from(browse, neighbour, published):
    assert browse(neighbour).get(f"/en/my/COL/policies/new/?from={published.ref}").status_code == 404


def test_a_submission_is_looked_at_as_everybody_will_see_it_before_it_is_saved(browse, delegate, draft):
    client = browse(delegate)
    typed = typed_in(draft, description="Regula <la> prueba") | {"preview": "state"}
    seen = client.post(page_of(draft), typed).content.decode()
    assert "Regula &lt;la&gt; prueba" in seen.partition('class="look-page"')[2]
    assert "Save and submit" in seen
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_submission_is_looked_at_even_before_it_has_a_number(browse, delegate, chile):
    answer = browse(delegate).post(NEW, COMPLETE | {"preview": "state"})
    assert COMPLETE["title"] in answer.content.decode()
    assert "Save and submit" not in answer.content.decode()
    assert not PolicySubmission.objects.exists()


def test_what_is_missing_is_named_before_submitting(browse, delegate, chile):
    viewer = viewer_of(delegate)
    draft = draft_policy(state=chile, by=viewer, title="Ley", language="es", kind="law")
    page = browse(delegate).get(page_of(draft)).content.decode()
    assert (
        "Still needed before it can be submitted: brief description, responsible institutions, citation"
        in page
    )


def test_every_stage_says_what_happens_next():
    assert set(NEXT_STEPS) == set(ReviewStatus)
