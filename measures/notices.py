"""What is told of activities."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbmportal.notices.kinds import register
from contacts.access import Viewer
from contacts.news import News
from measures.models import Activity


def my_state_page(activity: Activity, viewer: Viewer) -> str:
    return reverse("my_state", args=[activity.state.iso3])


REPORTED = News(
    "activity_reported",
    Activity,
    _("activity reported"),
    _("%(actor)s reported the activity “%(name)s” for %(state)s."),
    link=my_state_page,
    action=_("Open the page of your state"),
)
CHANGED = News(
    "activity_changed",
    Activity,
    _("activity changed"),
    _("%(actor)s changed the activity “%(name)s” of %(state)s."),
    tells_fields=True,
    link=my_state_page,
    action=_("Open the page of your state"),
)
register(REPORTED.kind, CHANGED.kind)
