"""Loading again: quick, and never over what people have done."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from cbmportal.accounts.models import User
from cbmportal.pages import reference
from cbmportal.pages.reference import load
from cbmportal.pages.reference.files import Files
from cbmportal.pages.reference.loading import LOCK
from contacts.access import portal, viewer_of
from contacts.models import Participation, State
from contacts.services import curate, discard
from measures.models import Milestone, ReportedFigure
from policies.models import GlossaryTerm, PolicySubmission
from policies.services import correct_policy


def total(summary: reference.Summary) -> Counter[str]:
    return sum(summary.values(), Counter())


@pytest.mark.django_db
def test_loading_again_changes_nothing(small: Callable[..., Files]) -> None:
    files = small()
    load(files)
    assert set(total(load(files))) == {"unchanged"}


@pytest.mark.django_db
def test_loading_again_takes_a_few_queries(
    small: Callable[..., Files], django_assert_max_num_queries: Callable[..., object]
) -> None:
    files = small()
    load(files)
    with django_assert_max_num_queries(12):
        load(files)


@pytest.mark.django_db
def test_a_newer_file_updates_what_nobody_has_edited(small: Callable[..., Files]) -> None:
    load(small())
    changes = {
        ("member_states", "capital"): "Bogotá D. C.",
        ("policies", "title"): "Another title",
        ("policies", "title_en"): "A better translation",
    }
    assert total(load(small(changes)))["updated"] == 3
    policy = PolicySubmission.objects.get(source_key="COL-01")
    assert State.objects.get(iso3="COL").capital == "Bogotá D. C."
    assert (policy.title, policy.translations.get().title) == ("Another title", "A better translation")


@pytest.mark.django_db
def test_a_successor_that_is_no_longer_named_is_taken_away(small: Callable[..., Files]) -> None:
    load(small())
    load(small({("policies", "legal_status"): "superseded", ("policies", "superseded_by_key"): "COL-06"}))
    assert PolicySubmission.objects.get(source_key="COL-01").superseded_by.source_key == "COL-06"
    load(small())
    assert PolicySubmission.objects.get(source_key="COL-01").superseded_by is None


@pytest.mark.django_db
def test_what_a_person_has_edited_stays(small: Callable[..., Files], officer: User) -> None:
    load(small())
    policy = PolicySubmission.objects.get(source_key="COL-01")
    correct_policy(policy=policy, changes={"notes": "Checked."}, by=viewer_of(officer), reason="checked")
    summary = load(small({("policies", "title"): "Another title"}))
    policy.refresh_from_db()
    assert (policy.title != "Another title", policy.notes) == (True, "Checked.")
    assert summary["policy submissions"]["left as edited"] == 1


@pytest.mark.django_db
def test_what_a_person_has_edited_and_put_back_stays_too(small: Callable[..., Files], officer: User) -> None:
    load(small())
    state = State.objects.get(iso3="COL")
    for capital in ("Elsewhere", state.capital):
        state.capital = capital
        curate(state, by=viewer_of(officer), reason="test")
    load(small({("member_states", "capital"): "From the file"}))
    assert State.objects.get(iso3="COL").capital == "Bogotá"


@pytest.mark.django_db
def test_a_state_that_a_person_has_edited_gets_what_nobody_has_ever_said_of_it(
    small: Callable[..., Files], officer: User
) -> None:
    names = {f"formal_name_{language}" for language in ("en", "es", "pt", "fr")}
    load(small({("member_states", name): "" for name in names}))
    state = State.objects.get(iso3="COL")
    state.capital, state.formal_name_en = "Elsewhere", "the Republic"
    curate(state, by=viewer_of(officer), reason="test")
    assert load(small())["states"]["updated"] == 1
    state.refresh_from_db()
    assert (state.capital, state.formal_name_en) == ("Elsewhere", "the Republic")
    assert state.formal_name_es == "la República de Colombia"
    assert load(small())["states"] == {"left as edited": 1, "unchanged": 1}


@pytest.mark.django_db
def test_what_a_person_has_emptied_stays_empty(small: Callable[..., Files], officer: User) -> None:
    load(small())
    state = State.objects.get(iso3="COL")
    state.formal_name_en = ""
    curate(state, by=viewer_of(officer), reason="test")
    load(small())
    assert State.objects.get(iso3="COL").formal_name_en == ""


@pytest.mark.django_db
def test_what_raw_sql_has_edited_stays(small: Callable[..., Files]) -> None:
    load(small())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_state SET capital = 'By hand' WHERE iso3 = 'COL'")
    load(small())
    assert State.objects.get(iso3="COL").capital == "By hand"


@pytest.mark.django_db
def test_a_record_whose_key_a_person_has_changed_is_not_entered_again(
    small: Callable[..., Files], officer: User
) -> None:
    load(small())
    milestone = Milestone.objects.get(date="1991")
    milestone.title_en = "A better title"
    curate(milestone, by=viewer_of(officer), reason="test")
    load(small())
    assert Milestone.objects.filter(date="1991").count() == 1


@pytest.mark.django_db
def test_what_a_person_has_entered_before_the_first_load_stays(small: Callable[..., Files]) -> None:
    mine = GlossaryTerm(key="cybersecurity", topic="law", term_en="x", term_es="x", term_pt="x", term_fr="x")
    for language in ("en", "es", "pt", "fr"):
        setattr(mine, f"definition_{language}", "Mine.")
    curate(mine, by=portal(), reason="test")
    load(small())
    assert GlossaryTerm.objects.get(key="cybersecurity").definition_en == "Mine."


@pytest.mark.django_db
def test_what_a_person_has_removed_does_not_come_back(small: Callable[..., Files], officer: User) -> None:
    load(small())
    discard(GlossaryTerm.objects.get(key="cyberspace"), by=viewer_of(officer), reason="test")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM measures_reportedfigure WHERE figure = 'survey_responses'")
    summary = load(small())
    assert not GlossaryTerm.objects.filter(key="cyberspace").exists()
    assert not ReportedFigure.objects.filter(figure="survey_responses").exists()
    assert total(summary)["left as edited"] == 2


@pytest.mark.django_db
def test_the_participation_of_a_state_belongs_to_whoever_has_set_part_of_it(
    small: Callable[..., Files], officer: User
) -> None:
    load(small())
    second = Participation.objects.get(state__iso3="CUB", status="not_participating")
    second.note = "As decided."
    curate(second, by=viewer_of(officer), reason="test")
    files = small()
    text = files["participation"].read_text()
    files["participation"].write_text(text.replace("1948-01-01,1962-01-31", "1948-01-01,1960-01-31"))
    summary = load(files)
    first = Participation.objects.get(state__iso3="CUB", status="participating")
    assert first.until_date == date(1962, 1, 31)
    assert summary["participation"]["left as edited"] == 2


@pytest.mark.django_db
def test_a_load_waits_for_another_that_is_under_way(small: Callable[..., Files]) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            load(small())
    finally:
        other.close()
    load(small())
    assert State.objects.count() == 2


@pytest.mark.django_db
def test_the_command_tells_what_it_did(small: Callable[..., Files], monkeypatch: pytest.MonkeyPatch) -> None:
    files = small()
    monkeypatch.setattr("cbmportal.pages.management.commands.load_reference_data.load", lambda: load(files))
    told = StringIO()
    call_command("load_reference_data", stdout=told)
    assert told.getvalue().splitlines()[0] == "states: 2 created"
    files["glossary"].unlink()
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_reference_data")
