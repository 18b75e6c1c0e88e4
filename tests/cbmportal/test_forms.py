import pytest
from django import forms
from django.core.exceptions import ValidationError

from cbmportal.forms import LinesField, OneOf, TelephoneField, telephone_in_words


def telephone(region="CL"):
    field = TelephoneField()
    field.region = region
    return field


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+56 2 2345 6789", "+56223456789"),
        ("+56 (2) 2345-6789", "+56223456789"),
        ("2 2345 6789", "+56223456789"),
        ("00 57 601 381 4000", "+576013814000"),
        ("+1 202 370 4600 ext. 12", "+12023704600;ext=12"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_telephone_may_be_written_as_people_write_it(typed, stored):
    assert telephone().clean(typed) == stored


@pytest.mark.parametrize(
    "typed", ["call me", "12", "+99 1", "9" * 59, "+56 2 2345 6789\u202e", "a" * 10_000, "1\x002"]
)
def test_what_is_no_telephone_is_refused_in_words(typed):
    with pytest.raises(ValidationError) as refused:
        telephone().clean(typed)
    assert len(refused.value.messages[0]) < 300


def test_a_number_without_country_code_needs_a_state():
    with pytest.raises(ValidationError):
        telephone(region=None).clean("2 2345 6789")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+56223456789", "+56 2 2345 6789"), ("+12023704600;ext=12", "+1 202-370-4600 ext. 12"), ("", "")],
)
def test_what_is_shown_for_editing_is_read_back_as_the_same(stored, shown):
    assert telephone_in_words(stored) == shown
    assert telephone().clean(shown) == stored


def test_lines_are_cleaned_of_blanks_and_repetitions():
    assert LinesField(longest=20).clean("  One \r\n\r\nTwo  parts\nOne\n") == ["One", "Two parts"]


@pytest.mark.parametrize("typed", ["a" * 21, "a\nb\nc\nd", "a\x00b", "abc\u202e"])
def test_lines_have_limits(typed):
    with pytest.raises(ValidationError):
        LinesField(longest=20, most=3).clean(typed)


@pytest.mark.parametrize("chosen", ["", "CHL", "a&b", None, "none"])
def test_a_choice_among_many_is_written_as_django_writes_it(chosen):
    choices = [("", "All"), ("CHL", "Chile"), ("a&b", "<Both> of 'them'")]
    written, usual = (
        widget(choices=choices).render("state", chosen, {"id": "id_state", "aria-invalid": "true"})
        for widget in (OneOf, forms.Select)
    )
    assert written.split() == usual.split()
