"""What is written about measures and under them."""

from collections.abc import Mapping
from typing import Any

from cbmportal.history.services import change, only, recorded, store
from contacts.access import Viewer, require, require_reason
from contacts.models import State
from contacts.news import told
from measures.models import Activity
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
