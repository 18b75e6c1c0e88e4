"""Model fields shared by every app: text that is safe to show, partial dates, telephone numbers."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import phonenumbers
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

# Control characters, and the marks that reorder text on screen: with them a name can pose as another.
UNSAFE_CHARACTERS = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)

_DAY = (
    r"(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    r"|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|[12][0-9])"
)
PARTIAL_DATE = rf"^(1[5-9]|20|21)[0-9]{{2}}(-((0[1-9]|1[0-2])|{_DAY}))?$"
TELEPHONE = r"^\+[1-9][0-9]{6,14}(;ext=[0-9]{1,8})?$"


class Language(models.TextChoices):
    """Languages of documents and of people: the four of the portal and the others official in the region."""

    EN = "en", _("English")
    ES = "es", _("Spanish")
    PT = "pt", _("Portuguese")
    FR = "fr", _("French")
    NL = "nl", _("Dutch")
    HT = "ht", _("Haitian Creole")
    QU = "qu", _("Quechua")
    AY = "ay", _("Aymara")
    GN = "gn", _("Guarani")


PORTAL_LANGUAGES = (Language.EN, Language.ES, Language.PT, Language.FR)


def validate_plain_text(value: str) -> None:
    """Refuse characters that cannot be stored, or that would make text read as something else."""
    if UNSAFE_CHARACTERS.search(value):
        raise ValidationError(
            _("Remove the invisible control or direction characters from this text."),
            code="unsafe_characters",
        )


def validate_one_line(value: str) -> None:
    if "\n" in value or "\t" in value:
        raise ValidationError(_("Write this on one line."), code="one_line")


def validate_partial_date(value: str) -> None:
    """Accept YYYY, YYYY-MM or YYYY-MM-DD, and only days that exist."""
    message = _("Write the date as a year (2018), a month (2018-06) or a day (2018-06-14).")
    if not re.match(PARTIAL_DATE, value):
        raise ValidationError(message, code="partial_date")
    if len(value) == 10:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValidationError(message, code="partial_date") from None


def parse_telephone(value: str, region: str | None = None) -> str:
    """The number as +<digits>, with ";ext=" and the extension if there is one; ValueError if it is none.

    `region` is the ISO alpha-2 code that a number written without a country code belongs to.
    """
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(value) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(value)
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


class LineField(models.CharField[str, str]):
    """One line of text."""

    default_validators = [validate_plain_text, validate_one_line]


class ProseField(models.TextField[str, str]):
    """Several lines of text, with a limit that the database keeps too."""

    default_validators = [validate_plain_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 5000)
        super().__init__(*args, **kwargs)

    def db_check(self, connection: Any) -> str:
        return f"char_length({connection.ops.quote_name(self.column)}) <= {self.max_length}"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": self.max_length, **kwargs})

    def to_python(self, value: Any) -> Any:
        """Browsers end the lines of a form with a carriage return, which is otherwise refused."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if value and self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(
                _("This text has %(count)d characters; %(limit)d is the most."),
                code="max_length",
                params={"count": len(value), "limit": self.max_length},
            )


class PartialDateField(models.CharField[str, str]):
    """A date known to the year, the month or the day, as text: 2018, 2018-06 or 2018-06-14.

    Such texts sort by time, and a year is their first four characters.
    """

    default_validators = [validate_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)


class TelephoneField(models.CharField[str, str]):
    """A telephone number as `parse_telephone` writes it."""

    default_validators = [
        RegexValidator(
            TELEPHONE,
            _("Write the number with its country code, for example +56 2 2345 6789."),
            code="telephone",
        )
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 30
        super().__init__(*args, **kwargs)


class LinkField(models.URLField[str, str]):
    """An address on the web, http or https; what is typed without either is taken for https."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class CodesField(ArrayField[Any, Any]):
    """A list of codes from a closed list, each at most once."""

    def __init__(self, choices: Any = None, **kwargs: Any) -> None:
        base = kwargs.pop("base_field", None) or models.CharField(max_length=20, choices=choices)
        kwargs.setdefault("default", list)
        super().__init__(base, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value is not None and len(set(value)) != len(value):
            raise ValidationError(_("Each may be listed only once."), code="repeated")


class Purged:
    """What stands in the columns of a row when its personal data is gone: a dash where something was, or nothing."""

    def __init__(self, *, dashed: Iterable[str], cleared: Mapping[str, Any] | None = None) -> None:
        self._dashed, self._cleared = tuple(dashed), dict(cleared or {})

    @property
    def columns(self) -> dict[str, Any]:
        """For `update`, of the row and of its events."""
        dashes = {name: Case(When(**{name: ""}, then=Value("")), default=Value("–")) for name in self._dashed}
        return {**dashes, **self._cleared}


# Conditions that field values meet in the database, whoever writes -----------------------------------------


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}), name=f"%(app_label)s_%(class)s_{field}_is_known"
    )


def subset_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": choices.values}),
        name=f"%(app_label)s_%(class)s_{field}_are_known",
    )


def matches(field: str, pattern: str, blank: bool = True) -> models.CheckConstraint:
    condition = Q(**{f"{field}__regex": pattern})
    return models.CheckConstraint(
        condition=condition | Q(**{field: ""}) if blank else condition,
        name=f"%(app_label)s_%(class)s_{field}_is_well_formed",
    )


def not_blank(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=~Q(**{field: ""}), name=f"%(app_label)s_%(class)s_{field}_is_given"
    )
