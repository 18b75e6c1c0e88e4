"""How many states implement each measure, and who learns which."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.models import Participation, PointOfContact, State
from contacts.services import curate, end_contact
from measures.models import Activity, Measure
from measures.services import change_activity

FIGURES = "/api/v1/implementation/"
MEMBERS = ("delegate", "neighbour", "member", "observer", "duty_desk", "officer")


@pytest.fixture
def contact_measure(db: None) -> Measure:
    measure = Measure(number=2, evidence="cyber_policy", adopted_on=date(2018, 5, 4))
    return curate(measure, by=portal(), reason="test")


@pytest.fixture
def figures(
    participation: Participation,
    contact_measure: Measure,
    ana: PointOfContact,
    seminar: Activity,
    colombia: State,
) -> dict[str, Any]:
    """Chile participates, has named Ana, and has held a seminar; Colombia does not participate."""
    counts = {"count": 1, "records": 1}
    return {
        "as_of": None,
        "participating": ["CHL"],
        "measures": [{"number": 2, **counts}, {"number": 4, **counts}],
    }


def with_states(figures: dict[str, Any], *states: list[str]) -> dict[str, Any]:
    told = [one | {"states": codes} for one, codes in zip(figures["measures"], states, strict=True)]
    return figures | {"measures": told}


def test_members_learn_which_states_and_all_others_how_many(api, cast, figures):
    for name in MEMBERS:
        answer = api(cast.people[name]).get(FIGURES)
        assert answer.json() == with_states(figures, ["CHL"], ["CHL"]), name
        assert answer["Cache-Control"] == "private, no-cache"
    assert api().get(FIGURES).json() == figures


def test_what_a_state_keeps_to_the_members_is_counted_for_all(api, neighbour: User, figures, seminar):
    change_activity(activity=seminar, changes={"audience": "members"}, by=portal(), reason="test")
    assert api().get(FIGURES).json() == figures
    assert api(neighbour).get(FIGURES).json() == with_states(figures, ["CHL"], ["CHL"])


def test_a_state_that_does_not_participate_does_not_count(api, figures, colombia: State, make_contact):
    make_contact(state=colombia, full_name="Carlos Ejemplo")
    assert api().get(FIGURES).json() == figures
    span = Participation(state=colombia, status="participating", from_date=date(2020, 1, 1))
    curate(span, by=portal(), reason="test")
    found = api().get(FIGURES).json()
    assert (found["participating"], found["measures"][0]["count"]) == (["CHL", "COL"], 2)


def test_a_past_day_is_answered_as_it_was_recorded(api, neighbour: User, figures, ana):
    today = datetime.now(UTC).date()
    end_contact(contact=ana, on=timezone.now().date(), by=portal(), reason="retired")
    found = api(neighbour).get(FIGURES, {"as_of": today.isoformat()}).json()
    assert found["as_of"] == today.isoformat()
    assert found["measures"][0] == {"number": 2, "count": 0, "records": 0, "states": []}
    assert found["measures"][1] == with_states(figures, [], ["CHL"])["measures"][1]


def test_before_the_first_day_of_the_portal_figures_are_null(api, neighbour: User, figures):
    expected = {
        "as_of": "2019-06-30",
        "participating": None,
        "measures": [{"number": number, "count": None, "records": None} for number in (2, 4)],
    }
    for client in (api(), api(neighbour)):
        assert client.get(f"{FIGURES}?as_of=2019-06-30").json() == expected


@pytest.mark.parametrize("day", ["2019-02-30", "yesterday", "20190630", "2019-06", "", "30/06/2019", "\x00"])
def test_a_day_that_does_not_exist_is_refused(api, db, day):
    answer = api().get(FIGURES, {"as_of": day})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["as_of"])


def test_a_day_to_come_is_refused(api, db):
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    answer = api().get(FIGURES, {"as_of": tomorrow.isoformat()})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "as_of": ["“as_of” is a day in the future; figures exist up to today."]
    }


def test_other_parameters_are_refused(api, db):
    assert list(api().get(f"{FIGURES}?on=2019-06-30").json()["errors"]) == ["on"]


def test_an_unchanged_answer_is_304(api, figures):
    client = api()
    etag = client.get(FIGURES)["ETag"]
    assert client.get(FIGURES, headers={"If-None-Match": etag}).status_code == 304
