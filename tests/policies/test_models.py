"""What the database itself refuses in the repository, and which years it finds."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.access import portal
from contacts.models import State
from policies.models import PolicySubmission
from policies.services import compile_policy, correct_policy, enter_received_policy
from tests.contacts.test_models import refused
from tests.policies.test_services import CONTENT


@pytest.fixture
def law(chile: State) -> PolicySubmission:
    return enter_received_policy(
        state=chile,
        by=portal(),
        reason="test",
        received_how="E-mail",
        received_on="2026-01-01",
        **CONTENT,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"kind": "poem"},
        {"language": "tlh"},
        {"legal_status": "perhaps"},
        {"status": "forgotten"},
        {"provenance": "rumour"},
        {"date": "2020-13"},
        {"date": "2020-6-1"},
        {"date": "June 2020"},
        {"date": "2020-06-31"},
        {"date": ""},
        {"date_kind": ""},
        {"date_kind": "birthday"},
        {"in_force_from": "soon"},
        {"link": "", "citation": ""},
        {"received_how": ""},
        {"received_on": None},
        {"provenance": "submitted"},
        {"provenance": "compiled", "received_how": "", "received_on": None},
        {"status": "compiled"},
        {"submitted_at": None},
        {"published_at": None},
        {"status": "returned", "review_comment": ""},
        {"ref": "CHL-20-1"},
        {"description": "x" * 5001},
    ],
    ids=lambda fields: str(fields)[:60],
)
def test_the_database_refuses_a_record_with(law: PolicySubmission, fields: dict[str, Any]) -> None:
    assert refused(lambda: PolicySubmission.objects.filter(pk=law.pk).update(**fields))


def test_a_record_needs_no_citation_where_there_is_a_link(law: PolicySubmission) -> None:
    fields = {"citation": "", "link": "https://example.org"}
    assert not refused(lambda: PolicySubmission.objects.filter(pk=law.pk).update(**fields))


def test_a_successor_is_another_document_of_the_same_state(
    law: PolicySubmission, chile: State, colombia: State
) -> None:
    other = compile_policy(state=chile, by=portal(), reason="test", source_grade="copy", **CONTENT)
    foreign = compile_policy(state=colombia, by=portal(), reason="test", source_grade="copy", **CONTENT)
    rows = PolicySubmission.objects.filter(pk=law.pk)
    assert refused(lambda: rows.update(superseded_by=other))
    assert not refused(lambda: rows.update(superseded_by=other, legal_status="superseded"))
    assert refused(lambda: rows.update(superseded_by=foreign))
    assert refused(lambda: rows.update(superseded_by=law))
    with pytest.raises(ValidationError) as refusal:
        correct_policy(policy=law, changes={"superseded_by": foreign}, by=portal(), reason="test")
    assert "superseded_by" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("year_from", "year_to", "found"),
    [
        (2020, None, True),
        (2021, None, False),
        (None, 2020, True),
        (None, 2019, False),
        (2020, 2020, True),
    ],
)
@pytest.mark.parametrize("written", ["2020", "2020-06", "2020-12-31"])
def test_years_include_dates_of_every_precision(
    law: PolicySubmission, written: str, year_from: int | None, year_to: int | None, found: bool
) -> None:
    PolicySubmission.objects.filter(pk=law.pk).update(date=written)
    assert PolicySubmission.objects.dated(year_from, year_to).exists() is found


def test_an_undated_record_is_of_no_year(law: PolicySubmission) -> None:
    PolicySubmission.objects.filter(pk=law.pk).update(date="", date_kind="")
    assert not PolicySubmission.objects.dated(None, 2199).exists()
    assert not PolicySubmission.objects.dated(1500, None).exists()
