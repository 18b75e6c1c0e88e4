"""What addresses of the desk's lists may ask for."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.models import State


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("accounts_user", "password__startswith=pbkdf2"),
        ("accounts_user", "password__gt=p"),
        ("accounts_user", "full_name__regex=("),
        ("accounts_apitoken", "digest__startswith=a"),
        ("contacts_pointofcontact", "email__iregex=("),
    ],
)
def test_a_list_is_not_asked_for_beginnings_and_patterns(desk: Client, model: str, query: str) -> None:
    assert desk.get(f"{reverse(f'admin:{model}_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("accounts_user", "is_active__exact=1"),
        ("accounts_user", "q=delegate&o=2"),
        ("contacts_pointofcontact", "state__id__exact={state}"),
        ("contacts_stategrant", "runs=yes&right=designate"),
        ("contacts_directoryaccess", "user__id__exact=1"),
    ],
)
def test_a_list_is_asked_for_what_it_filters_by(desk: Client, chile: State, model: str, query: str) -> None:
    address = f"{reverse(f'admin:{model}_changelist')}?{query.format(state=chile.pk)}"
    assert desk.get(address).status_code == 200
