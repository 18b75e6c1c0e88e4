"""Who reads and writes in the made-up region, by the portal's own services, and for which offices."""

from collections.abc import Iterator

from cbmportal.accounts.models import User
from contacts.access import Right, grant_directory_access, grant_right, portal
from contacts.models import Institution, State


def delegate_of(state: State) -> User:
    person = User.objects.create_user(
        f"delegate.{state.iso3.lower()}@example.org", full_name=f"Delegate of {state.name_en}"
    )
    grant_right(user=person, state=state, right=Right.EDIT_ENTRIES, by=portal(), reason="benchmark")
    return person


def observer_of(organisation: str) -> User:
    person = User.objects.create_user("observer@example.org", full_name=f"Observer of {organisation}")
    grant_directory_access(
        by=portal(), reason="benchmark", user=person, kind="observer", organisation=organisation
    )
    return person


def offices_of(states: list[State]) -> Iterator[Institution]:
    for state in states:
        for number in (1, 2, 3):
            yield Institution(
                state=state,
                name=f"Ministry {number} of {state.name_en}",
                mailbox=f"office{number}@example.org",
                audience=("public", "members", "secretariat")[number - 1],
            )
