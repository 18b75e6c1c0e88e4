"""The one field template: label, hint, field and error belong together for those who cannot see them."""

import re

from django import forms


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the note.", max_length=5)
    phone = forms.CharField(label="Phone", required=False)
    agree = forms.BooleanField(label="Agree", required=False)
    days = forms.MultipleChoiceField(
        label="Days", choices=[("1", "Mon"), ("2", "Tue")], widget=forms.CheckboxSelectMultiple
    )
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        self.add_error(None, "Not like this.")


def field(html: str, identity: str) -> str:
    found = re.search(rf'<(?:input|select|textarea|fieldset)[^>]*\bid="{identity}"[^>]*>', html)
    assert found
    return found.group()


def test_a_field_is_described_by_its_hint() -> None:
    html = str(Sample())
    assert 'aria-describedby="id_name_helptext"' in field(html, "id_name")
    assert 'id="id_name_helptext">As in the note.<' in html
    assert '<label for="id_name">Name' in html


def test_what_is_required_and_what_is_optional_is_said_in_words() -> None:
    labels = re.findall(r'<(?:label|legend)[^>]*>(\w+) <span class="field-need">(\w+)', str(Sample()))
    assert labels == [("Name", "required"), ("Phone", "optional"), ("Days", "required")]


def test_a_wrong_field_says_so_and_is_described_by_its_error() -> None:
    html = str(Sample({"name": "too long"}))
    assert 'aria-invalid="true"' in field(html, "id_name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in field(html, "id_name")
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_days_error"' in field(html, "id_days")


def test_the_summary_leads_to_each_wrong_field() -> None:
    html = str(Sample({"name": "too long"}))
    summary = html[: html.index("</ul>")]
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_name", "id_days_0"]
    assert "Not like this." in summary
    assert 'id="id_days_0"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert 'role="alert"' not in str(Sample())


def test_what_was_typed_is_kept_and_escaped() -> None:
    assert 'value="&lt;i&gt;too long"' in str(Sample({"name": "<i>too long"}))


def test_hidden_fields_are_there_without_a_label() -> None:
    html = str(Sample())
    assert field(html, "id_secret").startswith('<input type="hidden"')
    assert 'for="id_secret"' not in html
