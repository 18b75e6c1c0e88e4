"""The demonstration data: believable, varied, always the same, and of nobody."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
import pysequoia
import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from cbmportal.accounts.models import User
from cbmportal.fields import parse_telephone
from cbmportal.history.services import change
from cbmportal.notices.models import Notice
from cbmportal.pages import demo
from cbmportal.pages.demo.words import BY_LANGUAGE, LANGUAGE_OF
from cbmportal.pages.reference import FILES
from cbmportal.pages.reference.entries import read
from contacts.access import Right, portal, viewer_of
from contacts.models import Category, Institution, Invitation, PointOfContact, State
from contacts.services import curate
from measures.models import Activity, Measure
from policies.models import PolicySubmission, PolicyTranslation

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TEXTS: dict[type[Any], tuple[str, ...]] = {
    Institution: ("uuid", "name", "mailbox", "phone"),
    PointOfContact: ("uuid", "full_name", "email", "phone", "duty_hours", "confirmed_at", "designated_on"),
    PolicySubmission: ("uuid", "ref", "title", "status", "submitted_at"),
    Activity: ("uuid", "title", "date", "place"),
    User: ("email", "full_name", "language"),
}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {
        kind.__name__: list(kind.objects.order_by("pk").values_list(*names)) for kind, names in TEXTS.items()
    }


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration, loaded once for this file: it takes seconds, and nearly all tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        for entry in read(FILES):
            if entry.model in (State, Measure):
                curate(entry.model(uuid=entry.uuid, **entry.values), by=portal(), reason="test")
        demo.load(NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once: None, db: None) -> None:
    """The demonstration as it is on the first of June 2026."""


def contacts() -> Any:
    return PointOfContact.objects.all()


def test_it_is_the_same_at_every_load(loaded: None) -> None:
    """Another digest means other demonstration data: put it here if that is what you want."""
    assert hashlib.sha256(repr(everything()).encode()).hexdigest()[:16] == "f2c5f9bb26846f39"


def test_there_are_enough_contacts_of_both_categories(loaded: None) -> None:
    active = contacts().active()
    assert active.count() >= 60
    for category in Category:
        assert active.filter(category=category).values("state").distinct().count() >= 28


def test_entries_are_of_all_ages(loaded: None) -> None:
    active = contacts().active()
    soon = NOW - timedelta(days=335)
    due = NOW - timedelta(days=365)
    assert active.filter(confirmed_at__gt=soon).count() >= 30
    assert active.filter(confirmed_at__lte=soon, confirmed_at__gt=due).count() >= 5
    assert active.filter(confirmed_at__lte=due).count() >= 5
    assert active.filter(confirmed_at__isnull=True).count() >= 3
    assert contacts().due(NOW).count() == 16


def test_nothing_was_confirmed_or_designated_in_the_future(loaded: None) -> None:
    assert not contacts().filter(confirmed_at__gt=NOW).exists()
    assert not contacts().filter(designated_on__gt=NOW.date()).exists()
    assert not PolicySubmission.objects.filter(submitted_at__gt=NOW).exists()
    assert not PolicySubmission.objects.filter(published_at__gt=NOW).exists()


def test_some_contacts_have_ended_and_some_must_not_be_used(loaded: None) -> None:
    assert contacts().filter(ended_on__isnull=False).count() == 4
    assert contacts().filter(do_not_use=True).count() == 2


def test_duty_hours_audiences_and_keys_vary(loaded: None) -> None:
    hours = [contact.duty_hours for contact in contacts()]
    assert any(set(one.values()) == {"00:00-24:00"} for one in hours)
    assert any("20:00-06:00" in one.values() for one in hours)
    assert {} in hours
    for field in ("phone_audience", "mobile_audience", "deputy_audience"):
        assert set(contacts().values_list(field, flat=True)) == {"members", "secretariat"}
    assert set(Institution.objects.values_list("audience", flat=True)) == {"public", "members"}
    assert contacts().exclude(pgp_key="").count() == 5


def test_keys_are_public_and_of_nobody(loaded: None) -> None:
    for contact in contacts().exclude(pgp_key=""):
        key = pysequoia.Cert.from_bytes(contact.pgp_key.encode())
        assert not key.has_secret_keys
        assert all(str(user).endswith("@example.org>") for user in key.user_ids)


def test_nobody_s_name_could_be_a_real_person_s(loaded: None) -> None:
    names = [*contacts().values_list("full_name", flat=True)]
    names += filter(None, contacts().values_list("deputy_name", flat=True))
    names += User.objects.exclude(email="contact.col@example.org").values_list("full_name", flat=True)
    said = {surname for words in BY_LANGUAGE.values() for surname in words.surnames}
    assert all(set(name.split()) & said for name in names)
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_address_is_at_example_org(loaded: None) -> None:
    addresses = [*User.objects.values_list("email", flat=True)]
    for field in ("email", "mailbox", "deputy_email"):
        addresses += filter(None, contacts().values_list(field, flat=True))
    addresses += Institution.objects.values_list("mailbox", flat=True)
    assert [one for one in addresses if not one.endswith("@example.org")] == []
    personal = [*contacts().values_list("email", flat=True)]
    assert len(set(personal)) == len(personal)


def test_every_link_is_below_example_org(loaded: None) -> None:
    links = [*Institution.objects.values_list("website", flat=True)]
    links += filter(None, PolicySubmission.objects.values_list("link", flat=True))
    links += filter(None, Activity.objects.values_list("link", flat=True))
    assert [link for link in links if not re.match(r"https://[a-z]{3}\.example\.org/", link)] == []


def test_every_telephone_is_well_formed_and_nobody_s(loaded: None) -> None:
    """Outside North America they are not valid; there 555-0100 to 555-0199 are kept for fiction."""
    numbers = [*Institution.objects.values_list("phone", "state__iso2")]
    for field in ("phone", "mobile", "deputy_phone"):
        numbers += contacts().exclude(**{field: ""}).values_list(field, "state__iso2")
    assert len(numbers) > 150
    for number, region in numbers:
        parsed = phonenumbers.parse(number)
        assert parse_telephone(number) == number
        assert parsed.country_code == phonenumbers.country_code_for_region(region)
        fictional = re.fullmatch(r"\+1\d{3}55501\d\d", number)
        assert fictional or not phonenumbers.is_valid_number(parsed)


def test_institutions_documents_and_activities_say_that_they_are_fiction(loaded: None) -> None:
    texts = [*Institution.objects.values_list("name", flat=True)]
    texts += PolicySubmission.objects.values_list("title", flat=True)
    texts += PolicyTranslation.objects.values_list("title", flat=True)
    texts += Activity.objects.values_list("title", flat=True)
    assert [text for text in texts if not re.search(r"\(.*d[eé]mon?stra", text)] == []


def test_submissions_are_in_every_stage_of_review(loaded: None) -> None:
    policies = PolicySubmission.objects.all()
    assert policies.count() >= 40
    assert policies.to_review().count() >= 10
    stages = Counter(policies.values_list("status", flat=True))
    assert set(stages) == {"draft", "submitted", "returned", "published", "withdrawn"}
    assert set(policies.values_list("provenance", flat=True)) == {"submitted", "received"}
    assert all(policy.language == LANGUAGE_OF[policy.state.iso3] for policy in policies)
    assert policies.filter(translations__isnull=False).count() >= 30


def test_activities_show_measures_four_to_six(loaded: None) -> None:
    assert Activity.objects.count() >= 25
    assert set(Activity.objects.values_list("measure__number", flat=True)) == {4, 5, 6}
    assert Activity.objects.filter(audience="members").exists()
    assert Activity.objects.filter(online=True).exists()


def test_entries_tell_who_changed_them_and_why(loaded: None) -> None:
    contact = PointOfContact.objects.get(
        state__iso3="CHL", category=Category.CYBER_POLICY, pgp_key__gt="", ended_on__isnull=True
    )
    writers = [
        User.objects.get(pk=event.pgh_context["user"]).email for event in contact.events.order_by("pgh_id")
    ]
    assert writers[0] == writers[-1] == "secretariat@example.org"
    assert "delegate.chl@example.org" in writers
    assert contact.events.latest("pgh_id").pgh_context["reason"].startswith("The last digits")


def test_each_login_works_and_is_what_it_says(loaded: None, settings: Any) -> None:
    settings.PORTAL_DEMO = True
    users = {email: User.objects.get(email=email) for email, _ in demo.LOGINS}
    assert all(user.check_password(demo.PASSWORD) for user in users.values())
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    chile, colombia = (State.objects.get(iso3=iso3) for iso3 in ("CHL", "COL"))
    viewers = {email.split("@")[0]: viewer_of(user) for email, user in users.items()}
    assert users["secretariat@example.org"].is_staff
    assert viewers["designator.chl"].may_designate(chile)
    assert viewers["delegate.chl"].delegate_of == {chile.pk}
    assert viewers["delegate.col"].delegate_of == {colombia.pk}
    for name in ("observer", "contact.col", "duty.desk"):
        assert viewers[name].member
        assert not viewers[name].delegate_of
    assert viewers["duty.desk"].shared
    assert not viewers["delegate.chl"].may_designate(chile)
    assert {"edit_entries", "designate"} == set(Right)


def test_one_invitation_to_chile_is_open_and_one_has_expired(loaded: None) -> None:
    invitations = Invitation.objects.filter(state__iso3="CHL").order_by("pk")
    assert [one.is_open(NOW) for one in invitations] == [True, False]
    assert not Notice.objects.exists()


def test_nobody_else_can_sign_in(loaded: None) -> None:
    others = User.objects.exclude(email__in=dict(demo.LOGINS))
    assert others.count() == 28
    assert not any(user.has_usable_password() for user in others)


def test_loading_again_changes_nothing_that_people_have_done(loaded: None) -> None:
    contact = contacts().active().first()
    change(contact, {"phone": "+14165550100"}, by=portal())
    before = everything()
    assert demo.load(NOW + timedelta(days=30)) is False
    assert everything() == before
