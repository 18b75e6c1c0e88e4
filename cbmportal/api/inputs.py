"""What clients may send: which fields, by the names they have in answers, and of which types.

Whether the values are right is for the services to say, as it is for the pages.
"""

from collections.abc import Mapping
from types import NoneType
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cbmportal.fields import TelephoneField, parse_telephone, validate_plain_text
from cbmportal.history.models import Record
from contacts.api import DUTY_HOURS, ContactSerializer
from contacts.models import PointOfContact, State
from measures.api import ActivitySerializer
from measures.models import Activity, Measure
from policies.api import PolicySerializer
from policies.models import PolicySubmission

# Types: in JSON a number is no text, and a text is neither true nor false --------------------------------------


class OnlyText:
    """Refuses all else before anybody tries to write it out as text: JSON can be nested deeper than that goes."""

    def run_validation(self, data: Any = serializers.empty) -> str:
        if data is not serializers.empty and not isinstance(data, (str, NoneType)):
            raise serializers.ValidationError(serializers.CharField.default_error_messages["invalid"])
        text: str = super().run_validation(data)  # type: ignore[misc]
        return text


class Text(OnlyText, serializers.CharField):
    pass


class Mailbox(OnlyText, serializers.EmailField):
    pass


class Link(OnlyText, serializers.URLField):
    pass


class Choice(OnlyText, serializers.ChoiceField):
    pass


@extend_schema_field(DUTY_HOURS)
class Spans(serializers.DictField):
    child = Text()


class Telephone(Text):
    """An international number, however it is spaced; what is none the model refuses in its own words."""

    def to_internal_value(self, data: Any) -> str:
        number = super().to_internal_value(data)
        try:
            return parse_telephone(number)
        except ValueError:
            return number


class YesOrNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Reference(serializers.SlugRelatedField[Any]):
    """Another record, by what it is called in answers; only what the caller can see can be named."""

    def __init__(self, model: type[Record], called: str, written_as: type = str, **kwargs: Any) -> None:
        super().__init__(slug_field=called, **kwargs)
        self.model, self.written_as = model, written_as

    def get_queryset(self) -> Any:
        return self.model.objects.visible_to(self.context["viewer"])  # type: ignore[attr-defined]

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not self.written_as:
            self.fail("invalid")
        return super().to_internal_value(data)


# Bodies ------------------------------------------------------------------------------------------------------


class Input(serializers.Serializer[Any]):
    """Says by name what it does not take. `answer` has the fields that can be read but not written here."""

    answer: type[serializers.ModelSerializer[Any]]

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (refused := data.keys() - self.fields.keys()):
            raise serializers.ValidationError({name: [self._refusal(name)] for name in sorted(refused)})
        return super().to_internal_value(data)

    def _refusal(self, name: str) -> str:
        if name in self.answer.Meta.fields:
            return _("This cannot be changed here.")
        return _("There is no such field here.")


class WithReason(Input):
    reason = Text(
        required=False,
        max_length=500,
        validators=[validate_plain_text],
        help_text=gettext_lazy(
            "Why you enter or change this. The history keeps it, and the state may read it. Delegates of the"
            " state may leave it out; the Secretariat may not."
        ),
    )


class RecordInput(Input, serializers.ModelSerializer[Any]):
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.EmailField: Mailbox,
        models.URLField: Link,
        models.BooleanField: YesOrNo,
        TelephoneField: Telephone,
    }

    serializer_choice_field = Choice

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """The type of the column; the rest the service asks of the whole record, once."""
        field, arguments = super().build_standard_field(field_name, model_field)
        return field, {name: value for name, value in arguments.items() if name != "validators"}


class ContactInput(WithReason, RecordInput):
    """What changes without a nomination. Leave out what stays as it is."""

    answer = ContactSerializer
    duty_hours = Spans(required=False)

    class Meta:
        model = PointOfContact
        fields = (*PointOfContact.DETAILS, "reason")


class Confirmation(WithReason):
    """The body may be left out."""

    answer = ContactSerializer


class PolicyInput(RecordInput):
    """What a state says of a document. Leave out what stays as it is."""

    answer = PolicySerializer
    superseded_by = Reference(PolicySubmission, "ref", required=False, allow_null=True)

    class Meta:
        model = PolicySubmission
        fields = PolicySubmission.CONTENT


class NewPolicyInput(PolicyInput):
    """A document of a state of yours. What is still missing can follow before it is submitted."""

    state = Reference(State, "iso3")

    class Meta:
        model = PolicySubmission
        fields = ("state", *PolicySubmission.CONTENT)


class PolicyStep(Input):
    """Takes no field at all."""

    answer = PolicySerializer


class ActivityInput(WithReason, RecordInput):
    """What a state says of an activity. Leave out what stays as it is."""

    answer = ActivitySerializer
    measure = Reference(Measure, "number", int)

    class Meta:
        model = Activity
        fields = (*Activity.CONTENT, "reason")


class NewActivityInput(ActivityInput):
    """An activity of a state of yours, under a measure that asks for activities."""

    state = Reference(State, "iso3")

    class Meta:
        model = Activity
        fields = ("state", *Activity.CONTENT, "reason")
