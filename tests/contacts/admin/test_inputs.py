"""What is typed at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.models import State
from tests.desk import errors_on

NEW = reverse("admin:contacts_participation_add")


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.mark.parametrize("key", ["CHL", "9" * 30, "1e9", "-1", "１"])
def test_a_key_of_no_record_is_an_error_at_its_field(desk: Client, chile: State, key: str) -> None:
    answer = desk.post(NEW, {"state": key})
    assert answer.status_code == 200
    assert list(errors_on(answer)["state"]) == [
        "Select a valid choice. That choice is not one of the available choices."
    ]


def test_an_address_may_choose_a_record_beforehand_but_only_one_that_is(desk: Client, chile: State) -> None:
    assert "selected>Chile" in desk.get(f"{NEW}?state={chile.pk}").content.decode()
    assert desk.get(f"{NEW}?state=CHL").status_code == 200
