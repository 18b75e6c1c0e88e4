"""What waits for the Secretariat: each thing with its count, its first rows and the list that has them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value, Window
from django.db.models.aggregates import Count
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cbmportal.accounts.models import User
from cbmportal.dates import day_and_time
from cbmportal.notices.kinds import label_of
from cbmportal.notices.models import Notice
from cbmportal.pages.templatetags.portal import age
from contacts.access import Viewer
from contacts.access.accounts import accounts_without_access
from contacts.models import Category, DirectoryAccess, FormalAct, PointOfContact, State, StateGrant
from policies.models import PolicySubmission

SHOWN = 5


@dataclass(frozen=True)
class Row:
    label: Any
    address: str
    detail: Any = ""
    language: str = ""


@dataclass(frozen=True)
class Waiting:
    title: str
    count: int
    rows: list[Row]
    address: str
    #: What the link to all of them says.
    more: str

    @property
    def is_more(self) -> bool:
        return self.count > len(self.rows)


def what_waits(viewer: Viewer, at: datetime) -> list[Waiting]:
    policies = _policies(viewer)
    return [
        _acts(viewer),
        policies["submitted"],
        _overdue(viewer, at),
        *_without_contacts(viewer, at),
        _undelivered(at),
        policies["compiled"],
        _without_access(at),
        *_ending(at),
    ]


def _first(rows: QuerySet[Any], say: Callable[[Any], Row]) -> tuple[int, list[Row]]:
    """How many there are and the first of them, in one question."""
    found = list(rows.annotate(of_all=Window(Count("*")))[:SHOWN])
    return (found[0].of_all if found else 0), [say(one) for one in found]


def address_of(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def list_of(model: Any, query: str) -> str:
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{query}"


def _acts(viewer: Viewer) -> Waiting:
    rows = FormalAct.objects.visible_to(viewer).to_decide().select_related("state", "outgoing")

    def say(act: FormalAct) -> Row:
        place = reverse("admin:contacts_formalact_review", args=[act.pk])
        return Row(
            act, place, format_html("{} · {} · {}", act.get_kind_display(), act.state, age(act.submitted_at))
        )

    count, shown = _first(rows.order_by("submitted_at", "pk"), say)
    queue = reverse("admin:contacts_formalact_review_queue")
    return Waiting(_("Nominations and removals to decide"), count, shown, queue, _("Begin to decide"))


def _policies(viewer: Viewer) -> dict[str, Waiting]:
    """Those to be reviewed and those that no state has adopted, by status; one question for both."""
    status = F("status")
    place = Window(RowNumber(), status, [F("submitted_at"), F("created_at"), F("pk")])
    rows = PolicySubmission.objects.visible_to(viewer).filter(status__in=("submitted", "compiled"))
    counted = rows.annotate(of_all=Window(Count("*"), status), place=place).filter(place__lte=SHOWN)
    found: dict[str, list[Any]] = {"submitted": [], "compiled": []}
    for policy in counted.select_related("state").order_by("place"):
        found[policy.status].append(policy)
    counts = {status: policies[0].of_all if policies else 0 for status, policies in found.items()}
    return {
        "submitted": Waiting(
            _("Submissions to review"),
            counts["submitted"],
            [_to_review(policy) for policy in found["submitted"]],
            reverse("admin:policies_policysubmission_review_queue"),
            _("Begin the review"),
        ),
        "compiled": Waiting(
            _("Compiled records no state has adopted"),
            counts["compiled"],
            [
                Row(policy.title, address_of(policy), policy.state, policy.language)
                for policy in found["compiled"]
            ],
            list_of(PolicySubmission, "status__exact=compiled"),
            _("All compiled records"),
        ),
    }


def _to_review(policy: PolicySubmission) -> Row:
    place = reverse("admin:policies_policysubmission_review", args=[policy.pk])
    detail = format_html("{} · {}", policy.state, age(policy.submitted_at))
    return Row(policy.title, place, detail, policy.language)


def _overdue(viewer: Viewer, at: datetime) -> Waiting:
    rows = PointOfContact.objects.visible_to(viewer).due(at).select_related("state")

    def say(contact: PointOfContact) -> Row:
        confirmed = age(contact.confirmed_at) or _("never confirmed")
        return Row(contact, address_of(contact), format_html("{} · {}", contact.state, confirmed))

    count, shown = _first(rows.order_by(F("confirmed_at").asc(nulls_first=True), "pk"), say)
    place = list_of(PointOfContact, "office=due")
    return Waiting(_("Contacts to be confirmed"), count, shown, place, _("All contacts overdue"))


def _without_contacts(viewer: Viewer, at: datetime) -> Iterable[Waiting]:
    """Participating states for whose category nobody is in office; one question for all categories."""
    active = PointOfContact.objects.active().filter(state=OuterRef("pk"))
    states = (
        State.objects.visible_to(viewer)
        .participating(at.date())
        .annotate(**{f"has_{one.value}": Exists(active.filter(category=one)) for one in Category})
        .order_by("iso3")
    )
    rows = list(states)
    for category in Category:
        lacking = [state for state in rows if not getattr(state, f"has_{category.value}")]
        yield Waiting(
            _("States without a contact: %(category)s") % {"category": category.label},
            len(lacking),
            [Row(state, address_of(state)) for state in lacking[:SHOWN]],
            list_of(State, f"without={category.value}"),
            _("All these states"),
        )


def _undelivered(at: datetime) -> Waiting:
    rows = Notice.objects.undelivered(at).select_related("to").order_by("created_at", "pk")

    def say(notice: Notice) -> Row:
        kind = capfirst(str(label_of(notice.kind)))
        return Row(kind, address_of(notice), format_html("{} · {}", notice.recipient, age(notice.created_at)))

    count, shown = _first(rows, say)
    place = list_of(Notice, "fate=undelivered")
    return Waiting(_("Notices not delivered"), count, shown, place, _("All notices not delivered"))


def _without_access(at: datetime) -> Waiting:
    rows = accounts_without_access(at).order_by("-date_joined", "pk")
    count, shown = _first(rows, lambda user: Row(user, address_of(user), user.email))
    return Waiting(
        _("Accounts without access"), count, shown, list_of(User, "access=none"), _("All these accounts")
    )


def _ending(at: datetime) -> Iterable[Waiting]:
    """Grants of both kinds that end soon, the soonest first; one question for both."""
    titles: dict[Any, str] = {
        StateGrant: _("Rights on states that end soon"),
        DirectoryAccess: _("Access to the directory that ends soon"),
    }
    first, second = (
        model.objects.ending_soon(at)
        .annotate(of_model=Value(model.__name__, output_field=CharField()))
        .values_list("of_model", "pk", "until", "user__full_name")
        for model in titles
    )
    found = list(first.union(second, all=True).order_by("until"))
    for model, title in titles.items():
        ending = [one for one in found if one[0] == model.__name__]
        base = f"admin:contacts_{model._meta.model_name}_change"
        rows = [
            Row(person, reverse(base, args=[pk]), _("until %(when)s") % {"when": day_and_time(until)})
            for _model, pk, until, person in ending[:SHOWN]
        ]
        yield Waiting(title, len(ending), rows, list_of(model, "runs=soon"), _("All that end soon"))
