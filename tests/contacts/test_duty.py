"""When an office opens next."""

from datetime import UTC, datetime

import pytest

from contacts.duty import next_opening

WORKING_WEEK = dict.fromkeys("12345", "09:00-17:00")
NIGHTS = {"5": "22:00-06:00"}


@pytest.mark.parametrize(
    ("hours", "zone", "at", "opens"),
    [
        # 1 June 2026 is a Monday.
        (WORKING_WEEK, "UTC", datetime(2026, 6, 1, 8, 59, tzinfo=UTC), "Mon 09:00"),
        (WORKING_WEEK, "UTC", datetime(2026, 6, 1, 9, 0, tzinfo=UTC), "Tue 09:00"),
        (WORKING_WEEK, "UTC", datetime(2026, 6, 5, 18, 0, tzinfo=UTC), "Mon 09:00"),
        (WORKING_WEEK, "America/Bogota", datetime(2026, 6, 1, 13, 59, tzinfo=UTC), "Mon 09:00"),
        (WORKING_WEEK, "America/Bogota", datetime(2026, 6, 6, 2, 0, tzinfo=UTC), "Mon 09:00"),
        (NIGHTS, "UTC", datetime(2026, 6, 6, 7, 0, tzinfo=UTC), "Fri 22:00"),
        ({"1": "09:00-10:00"}, "UTC", datetime(2026, 6, 1, 11, 0, tzinfo=UTC), "Mon 09:00"),
    ],
)
def test_an_office_opens_at_the_next_beginning_of_its_hours(hours, zone, at, opens):
    found = next_opening(hours, zone, at)
    assert found > at
    assert f"{found:%a %H:%M}" == opens


def test_without_hours_nobody_knows():
    assert next_opening({}, "UTC", datetime(2026, 6, 1, tzinfo=UTC)) is None
