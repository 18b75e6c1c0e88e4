"""The gateway: twin answers, dates, and the closed list of rights."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cbmportal.accounts.models import TokenScope, User
from cbmportal.accounts.tokens import make_token
from contacts.access import (
    VISITOR,
    Right,
    Viewer,
    end_grant,
    grant_directory_access,
    grant_right,
    portal,
    states_designable,
    states_editable,
    states_represented,
    viewer_of,
)
from contacts.models import Audience, DirectoryAccess, Institution, PointOfContact, State, StateGrant
from contacts.querysets import seen_by
from contacts.services import add_institution, end_contact
from tests.conftest import CAST, Cast, give_app, make_state

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TWINS = [
    ("represents", states_represented),
    ("may_edit", states_editable),
    ("may_designate", states_designable),
]


def one_by_one(viewer: Viewer, question: str) -> set[str]:
    return {state.iso3 for state in State.objects.all() if getattr(viewer, question)(state)}


def test_twin_answers_agree_for_the_whole_cast(cast: Cast, chile: State, colombia: State) -> None:
    for name in CAST:
        viewer = cast.viewer(name)
        for question, all_at_once in TWINS:
            assert one_by_one(viewer, question) == {state.iso3 for state in all_at_once(viewer)}, (
                name,
                question,
            )


@pytest.mark.parametrize(
    ("name", "represents", "designates", "reads"),
    [
        ("visitor", set(), set(), False),
        ("delegate", {"CHL"}, set(), True),
        ("neighbour", {"COL"}, set(), True),
        ("designator", {"CHL"}, {"CHL"}, True),
        ("member", set(), set(), True),
        ("observer", set(), set(), True),
        ("duty_desk", set(), set(), True),
        ("officer", {"CHL", "COL"}, {"CHL", "COL"}, True),
        ("inactive", set(), set(), False),
        ("former", set(), set(), False),
    ],
)
def test_what_each_of_the_cast_may(
    cast: Cast,
    chile: State,
    colombia: State,
    name: str,
    represents: set[str],
    designates: set[str],
    reads: bool,
) -> None:
    viewer = cast.viewer(name)
    assert one_by_one(viewer, "represents") == represents
    assert one_by_one(viewer, "may_edit") == represents
    assert one_by_one(viewer, "may_designate") == designates
    assert viewer.member is reads


hours = st.integers(min_value=-72, max_value=72).map(lambda hour: NOW + timedelta(hours=hour))
spans = st.tuples(hours, st.none() | hours).filter(lambda span: span[1] is None or span[1] >= span[0])
grants = st.lists(
    st.tuples(st.sampled_from(["CHL", "COL", "BRA"]), st.sampled_from(list(Right)), spans),
    unique_by=lambda grant: grant[:2],
    max_size=6,
)


# Officers and closed accounts have nothing to do with dates: most examples are of people who have.
mostly = st.sampled_from([True, True, True, False])
seldom = mostly.map(lambda one: not one)


class TestDatedGrants(TestCase):
    """Whatever is granted, from when until when: the twins agree, and only current grants give anything."""

    states: dict[str, State]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.states = {iso3: make_state(iso3) for iso3 in ("CHL", "COL", "BRA")}
        for state in cls.states.values():
            for audience in Audience:
                add_institution(state=state, name=audience, audience=audience, by=portal(), reason="test")

    def granted_to_someone(self, granted: list, staff: bool, app: bool = True) -> User:
        user = User.objects.create(email="someone@example.org", full_name="Someone", is_staff=staff)
        if app:
            give_app(user)
        for iso3, right, (since, until) in granted:
            grant = grant_right(user=user, state=self.states[iso3], right=right, by=portal(), reason="test")
            StateGrant.objects.filter(pk=grant.pk).update(since=since, until=until)
        return user

    @given(
        granted=grants,
        active=mostly,
        staff=seldom,
        app=mostly,
        scope=st.sampled_from([None, *TokenScope]),
    )
    @how(max_examples=how().max_examples // 2, deadline=None)
    def test_twins_agree_and_dates_decide(
        self, granted: list, active: bool, staff: bool, app: bool, scope: TokenScope | None
    ) -> None:
        user = self.granted_to_someone(granted, staff, app)
        user.is_active = active
        token = make_token(user=user, name="test", scope=scope)[0] if scope else None

        viewer = viewer_of(user, token=token, at=NOW)

        for question, all_at_once in TWINS:
            assert one_by_one(viewer, question) == {state.iso3 for state in all_at_once(viewer)}
        if not staff:
            current = {
                (iso3, right)
                for iso3, right, (since, until) in granted
                if active and since <= NOW and (until is None or until > NOW)
            }
            if not app and Right.DESIGNATE in {right for _iso3, right in current}:
                current = set()
            assert one_by_one(viewer, "represents") == {iso3 for iso3, _right in current}
            assert viewer.member is bool(current)
            if scope == TokenScope.READ:
                assert one_by_one(viewer, "may_edit") == set()

    @given(granted=grants, staff=seldom)
    @how(max_examples=how().max_examples // 4, deadline=None)
    def test_sees_agrees_with_its_twin_in_sql(self, granted: list, staff: bool) -> None:
        user = self.granted_to_someone(granted, staff)
        for viewer in (VISITOR, viewer_of(user, at=NOW)):
            assert {
                one.pk for one in Institution.objects.all() if viewer.sees(one.audience, one.state_id)
            } == {one.pk for one in Institution.objects.filter(seen_by(viewer, "audience"))}


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_setting_asks_delegates_for_a_second_factor_too(
    delegate: User, observer: User, chile: State, settings: Any, demonstration: bool
) -> None:
    settings.PORTAL_DEMO, settings.DELEGATES_NEED_SECOND_FACTOR = demonstration, True
    assert viewer_of(delegate).needs_second_factor is not demonstration
    assert viewer_of(delegate).may_edit(chile) is demonstration
    assert viewer_of(observer).member
    give_app(delegate)
    assert viewer_of(delegate).may_edit(chile)


def test_a_grant_ends_at_its_moment_and_not_before(delegate: User, chile: State) -> None:
    grant = StateGrant.objects.get(user=delegate)
    end = grant.since + timedelta(days=1)
    end_grant(grant, by=portal(), reason="test", at=end)
    assert viewer_of(delegate, at=end - timedelta(microseconds=1)).may_edit(chile)
    assert not viewer_of(delegate, at=end).may_edit(chile)


def test_a_right_that_ended_keeps_its_end(former: User) -> None:
    grant = StateGrant.objects.get(user=former)
    assert end_grant(grant, by=portal(), reason="again").until == grant.until


def test_a_right_that_ended_begins_anew_and_its_past_stays(former: User, chile: State) -> None:
    grant = grant_right(user=former, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="back")
    assert viewer_of(former).may_edit(chile)
    assert grant.events.count() > 2


def test_a_right_that_runs_keeps_its_beginning_when_its_end_is_moved(delegate: User, chile: State) -> None:
    before = StateGrant.objects.get(user=delegate)
    end = before.since + timedelta(days=90)
    moved = grant_right(
        user=delegate, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="term", until=end
    )
    assert (moved.since, moved.until) == (before.since, end)


def test_directory_access_ends_with_its_date(observer: User) -> None:
    access = DirectoryAccess.objects.get(user=observer)
    assert viewer_of(observer).member
    end_grant(access, by=portal(), reason="mandate over")
    assert not viewer_of(observer).member


def test_a_contacts_account_ends_with_the_contact(member: User, ana: PointOfContact) -> None:
    assert viewer_of(member).member
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="new post")
    assert not viewer_of(member).member


@pytest.mark.parametrize("name", ["visitor", "delegate", "designator", "neighbour", "member", "observer"])
def test_only_the_secretariat_grants(cast: Cast, name: str, chile: State, observer: User) -> None:
    viewer = cast.viewer(name)
    with pytest.raises(PermissionDenied):
        grant_right(user=observer, state=chile, right=Right.DESIGNATE, by=viewer)
    with pytest.raises(PermissionDenied):
        grant_directory_access(user=observer, kind="observer", organisation="X", by=viewer)
    with pytest.raises(PermissionDenied):
        end_grant(DirectoryAccess.objects.get(user=observer), by=viewer)


def test_a_right_outside_the_closed_list_gives_nothing(delegate: User, chile: State) -> None:
    other = Permission.objects.create(
        codename="reign", name="Reign", content_type=ContentType.objects.get_for_model(State)
    )
    StateGrant.objects.filter(user=delegate).update(permission=other)
    assert not viewer_of(delegate).member


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "observer", "organisation": ""},
        {"kind": "duty_desk"},
        {"kind": "contact"},
        {"kind": "king", "organisation": "X"},
    ],
)
def test_directory_access_says_for_whom(make_user: Callable[..., User], fields: dict[str, str]) -> None:
    user = make_user("somebody")
    with pytest.raises(ValidationError):
        grant_directory_access(user=user, by=portal(), reason="test", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryAccess.objects.create(user=user, **fields)


def test_a_contacts_account_belongs_to_the_contacts_state(
    make_user: Callable[..., User], ana: PointOfContact, colombia: State
) -> None:
    access = DirectoryAccess(user=make_user("somebody"), kind="contact", contact=ana, state=colombia)
    access.save()
    with pytest.raises(IntegrityError):
        connection.check_constraints()
