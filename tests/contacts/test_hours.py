from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from contacts.duty import ROUND_THE_CLOCK, validate_duty_hours
from contacts.hours import DutyHoursField, DutyHoursWidget, hours_by_day, hours_in_short, hours_in_words, week


def typed(**rows):
    return {f"hours_{name}": value for name, value in rows.items()}


def read(data):
    return DutyHoursField(required=False).clean(DutyHoursWidget().value_from_datadict(data, {}, "hours"))


def rows(**days):
    return {
        f"hours_{day[1:]}_{end}": text
        for day, span in days.items()
        for end, text in zip(("from", "until"), span, strict=True)
    }


@pytest.mark.parametrize(
    ("span", "stored"),
    [
        (("08:30", "17:00"), "08:30-17:00"),
        (("8", "17"), "08:00-17:00"),
        (("830", "1700"), "08:30-17:00"),
        (("8.30", "17h00"), "08:30-17:00"),
        (("22:00", "06:00"), "22:00-06:00"),
        (("00:00", "24:00"), "00:00-24:00"),
    ],
)  # fmt: skip
def test_hours_may_be_written_as_people_write_them(span, stored):
    assert read(rows(_1=span)) == {"1": stored}


def test_empty_days_are_closed():
    hours = read(rows(_1=("09:00", "17:00"), _2=("", ""), _7=(" ", " ")))
    assert hours == {"1": "09:00-17:00"}
    assert read({}) == {}


def test_round_the_clock_is_one_box():
    hours = read({"hours_all": "on", **rows(_1=("09:00", "17:00"))})
    assert hours == ROUND_THE_CLOCK
    validate_duty_hours(hours)


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (("09:00", ""), "Monday: give both"),
        (("", "09:00"), "Monday: give both"),
        (("25:00", "26:00"), "Monday: “25:00” is not a time of day"),
        (("24:00", "09:00"), "Monday: “24:00” is not"),
        (("09:60", "10:00"), "Monday: “09:60” is not"),
        (("nine", "five"), "Monday: “nine” is not"),
        (("09:00", "09:00"), "Monday: the end is the same"),
        (("٠٩:٠٠", "10:00"), "Monday: “٠٩:٠٠” is not"),
        (("9" * 10_000, "10:00"), "Monday: “99999999999999999999” is not"),
    ],
)
def test_what_cannot_be_is_refused_with_its_day(span, says):
    with pytest.raises(ValidationError) as refused:
        read(rows(_1=span))
    assert refused.value.messages[0].startswith(says)


def test_every_wrong_day_is_named():
    with pytest.raises(ValidationError) as refused:
        read(rows(_1=("x", "17:00"), _3=("09:00", "")))
    assert [message.split(":")[0] for message in refused.value.messages] == ["Monday", "Wednesday"]


def test_what_was_typed_is_shown_again():
    widget = DutyHoursWidget()
    value = widget.value_from_datadict(rows(_1=("x", "17:00")), {}, "hours")
    monday = widget.get_context("hours", value, {})["days"][0]
    assert (monday["begins"], monday["ends"]) == ("x", "17:00")


def test_what_is_stored_is_shown_for_editing():
    context = DutyHoursWidget().get_context("hours", {"5": "22:00-06:00"}, {})
    assert (context["days"][4]["begins"], context["days"][4]["ends"]) == ("22:00", "06:00")
    assert DutyHoursWidget().get_context("hours", ROUND_THE_CLOCK, {})["round_the_clock"] is True
    assert DutyHoursWidget().get_context("hours", None, {})["round_the_clock"] is False


def test_hours_are_said_in_words():
    assert (
        hours_in_words({"5": "22:00-06:00", "1": "08:00-17:00"})
        == "Monday 08:00 to 17:00, Friday 22:00 to 06:00"
    )
    assert hours_in_words(ROUND_THE_CLOCK) == "round the clock"
    assert hours_by_day({"1": "08:00-17:00"})[:2] == [("Monday", "08:00–17:00"), ("Tuesday", "")]


@pytest.mark.parametrize(
    ("span", "here", "said"),
    [
        ("09:00-17:00", "Europe/Madrid", "16:00–00:00"),
        ("09:00-17:00", "UTC", "14:00–22:00"),
        ("20:00-23:00", "Europe/Madrid", "Tuesday 03:00–06:00"),
        ("22:00-06:00", "America/Los_Angeles", "20:00–04:00"),
        ("00:00-24:00", "America/Los_Angeles", "Sunday 22:00–22:00"),
        ("09:00-17:00", "America/Bogota", "09:00–17:00"),
    ],
)
def test_hours_are_told_in_the_readers_time_too(span, here, said):
    at = datetime(2026, 6, 3, 12, tzinfo=UTC)
    days = week({"1": span}, ZoneInfo("America/Bogota"), ZoneInfo(here), at)
    assert days[0] == ("Monday", span.replace("-", "–"), said)
    assert days[1:] == [
        (name, "", "") for name in ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]


def test_the_hours_are_those_of_this_week_when_clocks_have_changed():
    def here(at):
        return week({"1": "09:00-17:00"}, ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid"), at)[0].here

    assert here(datetime(2026, 1, 14, 12, tzinfo=UTC)) == "15:00–23:00"
    assert here(datetime(2026, 7, 15, 12, tzinfo=UTC)) == "16:00–00:00"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (dict.fromkeys("12345", "09:00-17:00"), "Monday–Friday 09:00–17:00"),
        (
            {"1": "09:00-17:00", "2": "09:00-17:00", "4": "09:00-13:00"},
            "Monday–Tuesday 09:00–17:00, Thursday 09:00–13:00",
        ),
        (ROUND_THE_CLOCK, "round the clock"),
        ({}, ""),
    ],
)
def test_on_paper_days_with_the_same_hours_stand_together(hours, said):
    assert hours_in_short(hours) == said
