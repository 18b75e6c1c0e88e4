"""Reading the past: `as_of(day)` is what the portal had recorded by the end of that day, UTC."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db import models

from cbmportal.history.models import events_of

Row = TypeVar("Row", bound=models.Model, covariant=True)


class RecordQuerySet(models.QuerySet[Row]):
    def as_of(self, day: date) -> Any:
        """Rows of the event model: each record as it stood at the end of `day`, UTC, deleted ones left out.

        The answer for a past day never changes, whatever is entered or backdated later, because it looks
        only at when the portal recorded a thing. Call it first and narrow afterwards: a filter on today's
        values must not choose among yesterday's.
        """
        if self.query.has_filters():
            raise ValueError("Call as_of() first, then narrow its answer.")
        events = events_of(self.model)
        end = datetime.combine(day + timedelta(days=1), time.min, UTC)
        last = (
            events.filter(pgh_created_at__lt=end)
            .order_by("pgh_obj_id", "-pgh_id")
            .distinct("pgh_obj_id")
            .values("pgh_id")
        )
        return events.filter(pgh_id__in=last).exclude(pgh_label="delete")
