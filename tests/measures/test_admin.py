"""Measures on the Secretariat's desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.models import State
from contacts.services import curate
from measures.models import Activity, Measure, MeasureText
from tests.desk import errors_on, form_on


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


def measure(number: int, evidence: str) -> Measure:
    return curate(
        Measure(number=number, evidence=evidence, adopted_on="2018-05-04"), by=portal(), reason="test"
    )


def test_an_activity_belongs_to_a_measure_that_asks_for_activities(desk: Client, chile: State) -> None:
    add = reverse("admin:measures_activity_add")
    typed = form_on(desk.get(add)) | {
        "state": chile.pk, "measure": measure(1, "policies").pk, "title": "Curso", "language": "es",
        "date": "2026", "online": "on", "reason": "Letter",
    }  # fmt: skip
    assert list(errors_on(desk.post(add, typed))) == ["measure"]
    assert desk.post(add, typed | {"measure": measure(4, "activities").pk}).status_code == 302
    assert Activity.objects.get().title == "Curso"


def test_an_edition_of_a_text_is_entered_once(desk: Client, db: None) -> None:
    fourth = measure(4, "activities")
    add = reverse("admin:measures_measuretext_add")
    typed = form_on(desk.get(add)) | {
        "measure": fourth.pk, "language": "es", "status": "official", "short": "Breve", "text": "Largo",
        "reason": "Doc 1",
    }  # fmt: skip
    assert desk.post(add, typed).status_code == 302
    assert list(errors_on(desk.post(add, typed))) == ["__all__"]
    assert desk.post(add, typed | {"edition": "2"}).status_code == 302
    assert MeasureText.objects.filter(measure=fourth, language="es").count() == 2


def test_the_next_edition_begins_with_the_wording_of_the_one_before(desk: Client, db: None) -> None:
    fourth = measure(4, "activities")
    first = curate(
        MeasureText(measure=fourth, language="es", status="official", short="Breve", text="Largo"),
        by=portal(),
        reason="test",
    )
    page = reverse("admin:measures_measuretext_step", args=[first.pk, "next-edition"])
    typed = form_on(desk.get(page))
    assert (typed["short"], typed["text"]) == (["Breve"], ["Largo"])
    typed |= {"text": "Largo,\r\nmás largo", "adopting_resolution": "AG/RES. 1", "reason": "Doc 2"}  # type: ignore[dict-item]
    assert desk.post(page, typed).status_code == 302
    texts = MeasureText.objects.order_by("edition")
    assert [(one.edition, one.text) for one in texts] == [(1, "Largo"), (2, "Largo,\nmás largo")]
    fourth.refresh_from_db()
    assert fourth.adopting_resolution == "AG/RES. 1"
    assert list(errors_on(desk.post(page, typed))) == ["__all__"]
    assert MeasureText.objects.count() == 2
