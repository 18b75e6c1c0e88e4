"""What is told of the entries of a state: to its delegates, and where it concerns the Secretariat to its officers.

A notice names the record and the change. Who did what, why, and from which value to which is read from the history
when the e-mail is written, as far as its reader may then still see it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.history.changes import Change, Words, changes_within
from cbmportal.history.models import Record, events_of
from cbmportal.history.services import current_context
from cbmportal.notices.kinds import Kind, Message
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify
from contacts.access import MANY_AT_ONCE, Viewer, by_somebody, delegates_and_officers, viewer_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AnyRecord = TypeVar("AnyRecord", bound=Record)
OPEN_THE_ENTRY = gettext_lazy("Open the entry")


class Officers(Enum):
    """Whether the Secretariat is told too."""

    NEVER = "never"
    OF_WHAT_STATES_DO = "of what states do"
    ALWAYS = "always"


@dataclass(frozen=True)
class News:
    """One kind of news. `sentence` may name %(actor)s, %(name)s (of the record) and %(state)s."""

    code: str
    model: type[Record]
    label: StrOrPromise
    sentence: StrOrPromise
    officers: Officers = Officers.NEVER
    urgent: bool = False
    #: Whether the fields that changed are told, before and after.
    tells_fields: bool = False
    words: Words | None = None
    #: Fields that only the Secretariat reads.
    hidden: Collection[str] = ()
    #: What changed, if not the record itself but a part of it: the model, and how it names the record.
    part: tuple[type[Record], str] | None = None
    #: The page to open; the record's own if not said.
    link: Callable[[Any, Viewer], str] = lambda record, viewer: str(record.get_absolute_url())
    action: StrOrPromise = OPEN_THE_ENTRY

    @property
    def kind(self) -> Kind:
        return Kind(self.code, self.label, partial(say, self), urgent=self.urgent)

    @property
    def changing(self) -> type[Record]:
        return self.part[0] if self.part else self.model

    def events(self, record: models.Model) -> models.QuerySet[Any]:
        key = self.part[1] if self.part else "pgh_obj_id"
        found: models.QuerySet[Any] = events_of(self.changing).filter(**{key: record.pk})
        return found


def told(news: News, record: AnyRecord, *, by: Viewer) -> AnyRecord:
    """Have those whom it concerns told of what was just done to the record, in the transaction that did it.

    Whoever did it is not told, and nobody is told of a change that changed nothing.
    """
    change = current_context()
    if by_somebody(by) and news.events(record).filter(pgh_context_id=change).exists():
        readers = readers_of(news, record, by).exclude(pk=by.user_id)
        notify(kind=news.kind, to=readers, about=record.uuid, change=change, gathered=by.via in MANY_AT_ONCE)
    return record


def readers_of(news: News, record: Any, by: Viewer) -> models.QuerySet[Any]:
    by_a_state = news.officers is Officers.OF_WHAT_STATES_DO and not by.secretariat
    secretariat = by_a_state or news.officers is Officers.ALWAYS
    return delegates_and_officers(record.state_id, secretariat=secretariat, at=timezone.now())


def say(news: News, notice: Notice, now: datetime) -> Message | None:
    viewer = viewer_of(notice.to, at=now)
    rows: Any = news.model._default_manager
    record = rows.visible_to(viewer).filter(uuid=notice.about).select_related("state").first()
    if record is None or notice.change is None or not viewer.represents(record.state_id):
        return None
    hidden = () if viewer.secretariat else news.hidden
    changes = changes_within(notice.change, news.changing, news.events(record), news.words, hidden)
    return message(news, record, changes, viewer) if changes else None


def message(news: News, record: Any, changes: list[Change], viewer: Viewer) -> Message:
    name, state = str(record), record.state.name
    sentence = str(news.sentence) % {"actor": changes[0].actor, "name": name, "state": state}
    differences = (one for change in reversed(changes) for one in change.differences)
    return Message(
        subject=_("%(name)s (%(state)s): %(news)s") % {"name": name, "state": state, "news": news.label},
        paragraphs=(sentence,),
        quote=changes[0].reason,
        differences=tuple(differences) if news.tells_fields else (),
        why=why(viewer, state),
        action=str(news.action),
        link=news.link(record, viewer),
    )


def why(viewer: Viewer, state: str) -> str:
    if viewer.secretariat:
        return _("You receive this as an officer of the Secretariat.")
    return _("You receive this because you act for %(state)s on the CBM portal.") % {"state": state}
