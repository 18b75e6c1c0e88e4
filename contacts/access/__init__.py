"""The one gateway to permissions: who a viewer is, what they may see and change, and who grants it.

Nothing else imports guardian or calls has_perm. Questions come as twins: one about a record in hand
(`viewer.may_edit(state)`), one about all rows (`states_editable(viewer)`); tests prove them equal.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from cbmportal.accounts.models import ApiToken, TokenScope, User
from cbmportal.accounts.second_factor import factors_of, has_second_factor
from cbmportal.accounts.services import end_sessions
from cbmportal.history.services import change, recorded, store
from contacts.access.grants import DirectoryAccess, StateGrant
from contacts.access.grants import Right as Right
from contacts.access.people_mail import tell_begun, tell_ceased
from contacts.models.invitations import Invitation
from contacts.models.states import State
from contacts.models.words import AccessKind, Audience, InvitationKind
from contacts.querysets import StateQuerySet

AnyGrant = TypeVar("AnyGrant", StateGrant, DirectoryAccess)


@dataclass(frozen=True)
class Viewer:
    """Who looks or writes, computed once a request. The default is a visitor."""

    user_id: int | None = None
    via: str = "page"
    secretariat: bool = False
    member: bool = False
    delegate_of: frozenset[int] = field(default_factory=frozenset)
    authority_of: frozenset[int] = field(default_factory=frozenset)
    may_write: bool = True
    #: Whether the account is a duty desk's, so that nobody knows who of the desk sits there.
    shared: bool = False
    #: Whether this person would see and do more, once they have a second factor.
    needs_second_factor: bool = False

    @property
    def eyes(self) -> "Viewer":
        """What decides about what is seen, without who it is: equal for all who see the same."""
        return Viewer(secretariat=self.secretariat, member=self.member, delegate_of=self.delegate_of)

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences this viewer belongs to in the eyes of a state that is not their own."""
        return (Audience.PUBLIC, Audience.MEMBERS) if self.member else (Audience.PUBLIC,)

    @property
    def keeps_tokens(self) -> bool:
        """Whether this person's API tokens still are tokens; whoever lacks a second factor is told that instead."""
        return self.member or self.needs_second_factor

    def by_way_of(self, via: str) -> "Viewer":
        """The same person, on a way that the history tells from others."""
        return replace(self, via=via)

    def sees(self, audience: str, state_id: int) -> bool:
        return self.secretariat or state_id in self.delegate_of or audience in self.audiences

    def represents(self, state: State | int) -> bool:
        """Whether this is the Secretariat or one of the state's own, who see its unfinished entries too."""
        return self.secretariat or _pk(state) in self.delegate_of

    def may_edit(self, state: State | int) -> bool:
        return self.may_write and self.represents(state)

    def may_designate(self, state: State | int) -> bool:
        return self.may_write and (self.secretariat or _pk(state) in self.authority_of)


def _pk(state: State | int) -> int:
    return state if isinstance(state, int) else state.pk


VISITOR = Viewer()

#: The ways on which people write. What a command brings in, such as the demonstration, nobody is told of.
BY_PEOPLE = ("page", "api", "admin", "import")
#: Those on which many entries are written at once: nobody is to get an e-mail for each.
MANY_AT_ONCE = ("import",)


def portal(via: str = "command") -> Viewer:
    """The portal itself, in commands: it acts for the Secretariat and no person stands behind it."""
    return Viewer(via=via, secretariat=True, member=True)


def viewer_of(
    user: User | AnonymousUser | None,
    *,
    via: str = "page",
    token: ApiToken | None = None,
    at: datetime | None = None,
) -> Viewer:
    """The viewer behind an account, through a page, the admin or (with `token`, if there is one) the API."""
    if not isinstance(user, User) or not user.is_active:
        return replace(VISITOR, via=via)
    at = at or timezone.now()
    scope = token.scope if token else TokenScope.WRITE
    if user.is_staff:
        return officer_with(user, via, scope)
    rights = set(rights_at(at).filter(user=user).values_list("permission__codename", "content_object_id"))
    kinds = set() if rights else set(access_at(at).filter(user=user).values_list("kind", flat=True))
    return viewer_with(user, via, scope, rights, kinds)


def rights_at(at: datetime) -> QuerySet[StateGrant]:
    found: QuerySet[StateGrant] = StateGrant.objects.current(at).filter(permission__codename__in=list(Right))
    return found


def access_at(at: datetime) -> QuerySet[DirectoryAccess]:
    found: QuerySet[DirectoryAccess] = DirectoryAccess.objects.current(at).filter(
        contact__ended_on__isnull=True
    )
    return found


def officer_with(user: User, via: str, scope: str) -> Viewer:
    if lacks_second_factor(user):
        return _without_second_factor(user, via)
    return Viewer(user.pk, via, secretariat=True, member=True, may_write=scope == TokenScope.WRITE)


def viewer_with(
    user: User, via: str, scope: str, rights: Collection[tuple[str, int]], kinds: Collection[str]
) -> Viewer:
    """What somebody's current rights on states and kinds of access make of them."""
    authority_of = frozenset(state for right, state in rights if right == Right.DESIGNATE)
    insisted_on = authority_of or (rights and settings.DELEGATES_NEED_SECOND_FACTOR)
    if insisted_on and lacks_second_factor(user):
        return _without_second_factor(user, via)
    return Viewer(
        user.pk,
        via,
        member=bool(rights or kinds),
        delegate_of=frozenset(state for _right, state in rights),
        authority_of=authority_of,
        may_write=scope == TokenScope.WRITE and bool(rights),
        shared=AccessKind.DUTY_DESK in kinds,
    )


def _without_second_factor(user: User, via: str) -> Viewer:
    """Whoever must have one and has yet to set it up is no more than a visitor."""
    return Viewer(user.pk, via, may_write=False, needs_second_factor=True)


def lacks_second_factor(user: User) -> bool:
    """The demonstration offers second factors and does not insist."""
    return not settings.PORTAL_DEMO and not has_second_factor(user)


# All rows at once: the twins ------------------------------------------------------------------------------


def states_represented(viewer: Viewer) -> StateQuerySet:
    states: StateQuerySet = State.objects.all()
    return states if viewer.secretariat else states.filter(pk__in=viewer.delegate_of)


def states_editable(viewer: Viewer) -> StateQuerySet:
    return states_represented(viewer) if viewer.may_write else State.objects.none()


def states_designable(viewer: Viewer) -> StateQuerySet:
    if not viewer.may_write:
        return State.objects.none()
    return State.objects.all() if viewer.secretariat else State.objects.filter(pk__in=viewer.authority_of)


def tokens_without_access(at: datetime) -> QuerySet[ApiToken]:
    """The twin of `keeps_tokens`: tokens of closed accounts, and of those who have no access of any kind."""
    rights = StateGrant.objects.current(at).filter(
        user=OuterRef("user"), permission__codename__in=list(Right)
    )
    access = DirectoryAccess.objects.current(at).filter(user=OuterRef("user"), contact__ended_on__isnull=True)
    without = Q(user__is_staff=False) & ~Exists(rights) & ~Exists(access)
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(without | Q(user__is_active=False))
    return tokens


# Who is to be told ------------------------------------------------------------------------------------------


def by_somebody(viewer: Viewer) -> bool:
    return viewer.user_id is not None and viewer.via in BY_PEOPLE


def delegates_and_officers(state_id: int | None, *, secretariat: bool, at: datetime) -> QuerySet[User]:
    """Those who act for the state at that moment and, if asked for, the officers of the Secretariat."""
    rights = StateGrant.objects.current(at).filter(permission__codename__in=list(Right))
    wanted = Q(pk__in=rights.filter(content_object=state_id).values("user"))
    if secretariat:
        wanted |= Q(is_staff=True)
    return User.objects.filter(wanted, is_active=True)


@dataclass(frozen=True)
class Representative:
    """Somebody who acts for a state in the portal, from when until when, by which grants."""

    person: User
    since: datetime
    until: datetime | None
    designates: bool
    has_factor: bool
    grants: tuple[StateGrant, ...]


def people_acting_for(state: State, viewer: Viewer, at: datetime | None = None) -> list[Representative]:
    """By name; who they are is told to their own state and the Secretariat."""
    if not viewer.represents(state):
        return []
    grants = StateGrant.objects.current(at or timezone.now()).filter(
        content_object=state, user__is_active=True, permission__codename__in=list(Right)
    )
    people: dict[int, list[StateGrant]] = {}
    grants = grants.annotate(has_factor=Exists(factors_of(OuterRef("user"))))
    for grant in grants.select_related("user", "permission").order_by("user__full_name", "user_id"):
        people.setdefault(grant.user_id, []).append(grant)
    return [_representative(own) for own in people.values()]


def _representative(own: Sequence[Any]) -> Representative:
    ends = [grant.until for grant in own]
    return Representative(
        own[0].user,
        since=min(grant.since for grant in own),
        until=None if None in ends else max(ends),
        designates=any(grant.permission.codename == Right.DESIGNATE for grant in own),
        has_factor=own[0].has_factor,
        grants=tuple(own),
    )


def read_for(viewer: Viewer, at: datetime) -> tuple[list[State], str]:
    """The states, or the organisation, for which this person reads the directory; the Secretariat has neither."""
    if viewer.secretariat or viewer.delegate_of:
        return list(State.objects.filter(pk__in=viewer.delegate_of).order_by("iso3")), ""
    access = DirectoryAccess.objects.current(at).filter(user=viewer.user_id).select_related("state")
    granted = list(access.order_by("state__iso3", "organisation"))
    states = {one.state.iso3: one.state for one in granted if one.state}
    organisations = dict.fromkeys(one.organisation for one in granted if one.organisation)
    return list(states.values()), ", ".join(organisations)


# Refusals --------------------------------------------------------------------------------------------------


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("You may see this entry but not change it."))


def require_reason(viewer: Viewer, reason: str) -> None:
    """Whoever changes a state's entry without being of that state says why."""
    if viewer.secretariat and not reason.strip():
        raise ValidationError({"reason": _("Say why: the state is told, and the history shows it.")})


# Granting --------------------------------------------------------------------------------------------------


def may_grant(viewer: Viewer, right: Right, state: State | int) -> bool:
    """The Secretariat names designating authorities; they name the delegates of their state."""
    if right == Right.EDIT_ENTRIES:
        return viewer.may_designate(state)
    return viewer.secretariat and viewer.may_write


def may_end(viewer: Viewer, grant: StateGrant | DirectoryAccess) -> bool:
    """A designating authority ends what delegates may, not what it may itself, nor another authority."""
    if viewer.secretariat or isinstance(grant, DirectoryAccess):
        return viewer.secretariat and viewer.may_write
    state = grant.content_object_id
    own = rights_at(timezone.now()).filter(user=grant.user_id, content_object=state)
    return viewer.may_designate(state) and not own.filter(permission__codename=Right.DESIGNATE).exists()


def grant_right(
    *, user: User, state: State, right: Right, by: Viewer, reason: str = "", until: datetime | None = None
) -> StateGrant:
    """Give a right from now on, or until another date if it runs; one that has ended begins anew."""
    require(may_grant(by, right, state))
    with recorded(by=by, reason=reason):
        grants = StateGrant.objects.filter(user=user, content_object=state, permission__codename=right)
        runs_already = grants.current(timezone.now()).exists()
        if not grants.exists():
            assign_perm(right, user, state)
        grant: StateGrant = grants.get()
        since = grant.since if runs_already else timezone.now()
        granted = change(grant, {"since": since, "until": until}, by=by, reason=reason)
        if not runs_already and by_somebody(by):
            tell_begun(grant=granted, by=User.objects.get(pk=by.user_id or 0))
        return granted


def grant_directory_access(*, by: Viewer, reason: str = "", **fields: Any) -> DirectoryAccess:
    require(by.secretariat and by.may_write)
    return store(DirectoryAccess(**fields), by=by, reason=reason)


def end_grant(grant: AnyGrant, *, by: Viewer, reason: str = "", at: datetime | None = None) -> AnyGrant:
    """From `at` (now) on the grant gives nothing: not on pages, not through the API, not to a session in use.

    One that has ended already keeps its end: who might do what and when is not rewritten.
    """
    require(may_end(by, grant))
    at = at or timezone.now()
    with recorded(by=by, reason=reason):
        current: AnyGrant = type(grant)._default_manager.select_for_update(of=("self",)).get(pk=grant.pk)
        if current.until and current.until <= at:
            return current
        ended = change(current, {"until": at}, by=by, reason=reason)
        tokens_without_access(timezone.now()).filter(user=ended.user_id).delete()
        if isinstance(ended, StateGrant):
            _let_go(ended, by, reason)
        return ended


def _let_go(ended: StateGrant, by: Viewer, reason: str) -> None:
    """Whoever has no right on the state any more is signed out everywhere and told, and so are its authorities.

    An invitation that still waits would bring them back: as far as `by` could have sent it, it is revoked.
    """
    if rights_at(timezone.now()).filter(user=ended.user_id, content_object=ended.content_object_id).exists():
        return
    end_sessions(user=ended.user)
    waiting = Invitation.objects.unanswered().filter(
        state=ended.content_object, email__iexact=ended.user.email
    )
    for invitation in waiting if by.secretariat else waiting.filter(kind=InvitationKind.DELEGATE):
        change(invitation, {"revoked_at": timezone.now()}, by=by, reason=reason)
    if by_somebody(by):
        tell_ceased(grant=ended, by=User.objects.get(pk=by.user_id or 0), reason=reason)
