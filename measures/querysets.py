"""What is read of the measures and of what is done under them, as chainable adjectives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cbmportal.history.querysets import RecordQuerySet
from contacts.querysets import seen_by

if TYPE_CHECKING:
    from contacts.access import Viewer


class _PublicQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> Any:
        """These records are public; this is here so that every reader asks."""
        return self.all()


class MeasureQuerySet(_PublicQuerySet):
    pass


class MeasureTextQuerySet(_PublicQuerySet):
    pass


class MilestoneQuerySet(_PublicQuerySet):
    pass


class ReportedFigureQuerySet(_PublicQuerySet):
    pass


class ActivityQuerySet(RecordQuerySet[Any]):
    def visible_to(self, viewer: Viewer) -> ActivityQuerySet:
        """What stands: nobody counts or reads what its state has taken back."""
        return self.filter(seen_by(viewer, "audience"), taken_back=False)

    def kept_by(self, viewer: Viewer) -> ActivityQuerySet:
        """Also what was taken back, which its own state and the Secretariat still see."""
        if viewer.secretariat:
            return self.all()
        return self.filter(
            seen_by(viewer, "audience") & Q(taken_back=False) | Q(state__in=viewer.delegate_of)
        )
