"""Who is told what of policy submissions."""

import pytest
from django.core.files.base import ContentFile

from cbmportal.notices.models import Notice
from contacts.access import viewer_of
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
from tests.policies.test_services import CONTENT

DELEGATES = {"delegate.chl@example.org", "designator.chl@example.org"}
COLLEAGUE = {"designator.chl@example.org"}
OFFICER = {"secretariat@example.org"}


@pytest.fixture(autouse=True)
def everybody(delegate, designator, neighbour, observer, former, officer):
    for person in (delegate, designator, officer):
        person.notice_pace = "at_once"
        person.save()


@pytest.fixture
def own(delegate):
    return viewer_of(delegate)


@pytest.fixture
def desk(officer):
    return viewer_of(officer, via="admin")


@pytest.fixture
def draft(chile, own):
    return draft_policy(state=chile, by=own, **CONTENT)


@pytest.fixture
def submitted(draft, own):
    submit_policy(policy=draft, by=own)
    Notice.objects.all().delete()
    return draft


def told():
    found = {}
    for notice in Notice.objects.select_related("to"):
        found.setdefault((notice.kind, notice.urgent), set()).add(notice.to.email)
    return found


def test_work_on_a_submission_is_told_to_colleagues(draft, own, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    edit_policy(policy=draft, changes={"title": "Otra ley"}, by=own)
    add_file(policy=draft, upload=ContentFile(b"%PDF-1.7", "law.pdf"), name="law.pdf", by=own)
    set_translation(policy=draft, language="fr", by=own, title="Une loi", description="Une loi.")
    assert told() == {
        ("policy_drafted", False): COLLEAGUE,
        ("policy_edited", False): COLLEAGUE,
        ("policy_copy_added", False): COLLEAGUE,
        ("policy_translated", False): COLLEAGUE,
    }


def test_what_is_submitted_and_withdrawn_is_told_to_the_secretariat_too(draft, own):
    Notice.objects.all().delete()
    submit_policy(policy=draft, by=own)
    withdraw_policy(policy=draft, by=own)
    assert told() == {
        ("policy_submitted", False): COLLEAGUE | OFFICER,
        ("policy_withdrawn", False): COLLEAGUE | OFFICER,
    }


def test_a_publication_is_told_to_the_delegates(submitted, desk):
    publish_policy(policy=submitted, by=desk)
    assert told() == {("policy_published", False): DELEGATES}


def test_a_return_is_urgent_and_brings_the_comment_and_the_way_to_the_form(
    submitted, desk, delegate, delivered
):
    return_policy(policy=submitted, comment="The link does not open.\nPlease give another.", by=desk)
    assert told() == {("policy_returned", True): DELEGATES}
    message = next(one for one in delivered() if one.to == [delegate.email])
    assert "“The link does not open.\nPlease give another.”" in message.body
    assert f"http://localhost:8000/en/my/CHL/policies/{submitted.ref}/" in message.body


def test_what_the_secretariat_enters_compiles_and_corrects_is_told_to_the_delegates(chile, desk):
    received = enter_received_policy(
        state=chile, by=desk, reason="Note 4", received_how="by e-mail", received_on="2026-01-02", **CONTENT
    )
    compile_policy(state=chile, by=desk, reason="From the gazette", source_grade="official", **CONTENT)
    correct_policy(policy=received, changes={"title": "La ley"}, by=desk, reason="Title of the gazette")
    assert told() == {
        ("policy_received", False): DELEGATES,
        ("policy_compiled", False): DELEGATES,
        ("policy_corrected", False): DELEGATES,
    }


def test_an_adopted_record_is_told_to_the_secretariat(chile, desk, own):
    record = compile_policy(state=chile, by=desk, reason="Gazette", source_grade="official", **CONTENT)
    Notice.objects.all().delete()
    adopt_policy(policy=record, by=own)
    assert told() == {("policy_adopted", False): COLLEAGUE | OFFICER}


def test_the_secretariats_own_notes_are_not_told_to_the_state(chile, desk, delegate, delivered):
    record = enter_received_policy(
        state=chile, by=desk, reason="Note 4", received_how="by e-mail", received_on="2026-01-02", **CONTENT
    )
    correct_policy(
        policy=record, changes={"notes": "for us alone", "title": "La ley"}, by=desk, reason="Title"
    )
    bodies = [one.body for one in delivered() if one.to == [delegate.email]]
    assert any("La ley" in body for body in bodies)
    assert not any("for us alone" in body for body in bodies)


def test_the_secretariat_is_led_to_its_desk(draft, own, officer, delivered):
    submit_policy(policy=draft, by=own)
    [message] = [one for one in delivered() if one.to == [officer.email]]
    assert f"http://localhost:8000/admin/policies/policysubmission/{draft.pk}/change/" in message.body
