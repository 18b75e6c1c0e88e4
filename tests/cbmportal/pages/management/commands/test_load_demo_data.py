"""The command: in demonstration mode only, and after the reference data."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cbmportal.accounts.models import User
from cbmportal.pages import demo
from contacts.models import State

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_it_needs_the_states(chile: State, settings: Any) -> None:
    settings.PORTAL_DEMO = True
    with pytest.raises(CommandError, match="Load the reference data first"):
        call_command("load_demo_data")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_is_refused_outside_demonstration_mode(settings: Any) -> None:
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="in demonstration mode only"):
        call_command("load_demo_data")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_day_can_be_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PORTAL_DEMO = True
    told: list[datetime] = []
    monkeypatch.setattr(demo, "load", lambda now: told.append(now) or True)
    call_command("load_demo_data", today=date(2026, 6, 1), verbosity=0)
    assert told == [NOON]
