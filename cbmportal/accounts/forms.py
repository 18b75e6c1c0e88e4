from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import TokenScope
from cbmportal.accounts.tokens import LONGEST_LIFE
from cbmportal.fields import validate_one_line, validate_plain_text


class TokenForm(forms.Form):
    name = forms.CharField(
        label=capfirst(_("name")),
        max_length=100,
        validators=[validate_plain_text, validate_one_line],
        help_text=_("Which system will use it, so that you know which one to revoke."),
    )
    scope = forms.ChoiceField(label=capfirst(_("scope")), choices=TokenScope.choices)
    days = forms.IntegerField(
        label=_("Valid for how many days"), min_value=1, max_value=LONGEST_LIFE.days, initial=90
    )
