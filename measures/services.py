"""What is written about measures and under them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cbmportal.history.services import change, only, recorded, store
from contacts.access import Viewer, require, require_reason
from contacts.models import State
from contacts.news import told
from measures.models import Activity, MeasureText
from measures.notices import CHANGED, REPORTED


def report_activity(*, state: State, by: Viewer, reason: str = "", **fields: Any) -> Activity:
    """Report what the state has done under a measure that asks for activities."""
    require(by.may_edit(state))
    require_reason(by, reason)
    only(fields, Activity.CONTENT)
    with recorded(by=by, reason=reason):
        activity = store(Activity(state=state, **fields), by=by, reason=reason)
        return told(REPORTED, activity, by=by)


def change_activity(
    *,
    activity: Activity,
    changes: Mapping[str, Any],
    by: Viewer,
    reason: str = "",
    version: int | None = None,
) -> Activity:
    require(by.may_edit(activity.state_id))
    require_reason(by, reason)
    only(changes, Activity.CONTENT)
    with recorded(by=by, reason=reason):
        changed = change(activity, changes, by=by, reason=reason, version=version)
        return told(CHANGED, changed, by=by)


def take_back_activity(*, activity: Activity, by: Viewer, reason: str = "") -> Activity:
    """From now on it counts for nothing and only its state and the Secretariat see it; it can be reported again."""
    return _set_taken_back(activity, True, by, reason)


def report_activity_again(*, activity: Activity, by: Viewer, reason: str = "") -> Activity:
    return _set_taken_back(activity, False, by, reason)


def _set_taken_back(activity: Activity, taken_back: bool, by: Viewer, reason: str) -> Activity:
    require(by.may_edit(activity.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        changed = change(activity, {"taken_back": taken_back}, by=by, reason=reason)
        return told(CHANGED, changed, by=by)


#: What an edition says; the language and the measure are those of the one before.
WORDING = ("status", "short", "text", "explanation")


def begin_edition(
    *,
    present: MeasureText,
    by: Viewer,
    reason: str,
    adopted_on: date,
    adopting_resolution: str,
    **wording: Any,
) -> MeasureText:
    """Enter the next edition of a text, and by what it was adopted. The one before stays as it was."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    only(wording, WORDING)
    with recorded(by=by, reason=reason):
        measure = type(present.measure).objects.select_for_update().get(pk=present.measure_id)
        if not is_newest(present):
            raise ValidationError(_("There is a newer edition of this text. Begin the next one from that."))
        adoption = {"adopted_on": adopted_on, "adopting_resolution": adopting_resolution}
        if any(getattr(measure, name) != value for name, value in adoption.items()):
            change(measure, adoption, by=by, reason=reason)
        edition = MeasureText(
            measure=measure, language=present.language, edition=present.edition + 1, **wording
        )
        return store(edition, by=by, reason=reason)


def is_newest(text: MeasureText) -> bool:
    newer = MeasureText.objects.filter(
        measure=text.measure_id, language=text.language, edition__gt=text.edition
    )
    return not newer.exists()
