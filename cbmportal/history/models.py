"""What every domain table has in common: an outside name, a version, and history kept by triggers."""

import operator
import uuid
from collections.abc import Collection, Sequence
from functools import cache, reduce
from typing import Any, Self, TypeVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Model = TypeVar("Model", bound=type[models.Model])


class Record(models.Model):
    """A row of the domain. The database counts its versions, so raw SQL counts too."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("entered on"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last changed on"), db_default=Now(), editable=False)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="count_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
                func="NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;",
            )
        ]

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django's name
        """What `get_<field>_display` says. Django's own hashes the labels of all choices, and so translates them."""
        value = getattr(self, field.attname)
        return _labels(field, get_language()).get(value, value)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_options: Any
    ) -> Self:
        """A record as it was read. Django's own way sets each column by itself, as if somebody had entered it."""
        record = cls.__new__(cls)
        record.__dict__.update(zip(field_names, values, strict=False))
        record._state = ModelState()
        record._state.adding, record._state.db = False, db
        return record

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Django asks the database once a check; while all hold, one question for all of them is enough."""
        checks = [one for one in self._meta.constraints if isinstance(one, models.CheckConstraint)]
        others = [one for one in self._meta.constraints if one not in checks]
        if exclude or not checks:
            return super().validate_constraints(exclude)
        together = reduce(operator.and_, (models.Q(check.condition) for check in checks))
        try:
            for constraint in (models.CheckConstraint(condition=together, name="together"), *others):
                constraint.validate(type(self), self)
        except ValidationError:
            # Something is amiss: each tells its own message.
            super().validate_constraints(exclude)
        return None


@cache
def _labels(field: Any, _language: str | None) -> dict[Any, str]:
    return {code: str(label) for code, label in field.flatchoices}


def tracked(model: Model, *, leave_out: Sequence[str] = ()) -> Model:
    """Keep every insert, update and delete of every column in `<Model>Event`, by database trigger.

    The event model reads with the adjectives of the model's own queryset, so that
    `Participation.objects.as_of(day).in_force(day)` is a sentence. `leave_out` is for what nobody may read
    again: of an account, its password.
    """
    domain_model: Any = model
    queryset = type(domain_model.objects.all())
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(leave_out),
        obj_field=pghistory.ObjForeignKey(related_name="events"),
        model_name=f"{model.__name__}Event",
        attrs={"objects": queryset.as_manager()},
        meta={
            "indexes": [
                models.Index(fields=["pgh_obj", "-pgh_id"], name=f"{model._meta.db_table}_past"[:30])
            ],
            "default_permissions": (),
        },
    )(model)
    return model


def events_of(model: type[models.Model]) -> Any:
    """The events of all rows of a tracked model, deleted rows included."""
    return model.events.rel.related_model._default_manager  # type: ignore[attr-defined]
