"""Personal data of contacts who have ended is gone, everywhere; the fact of the designation stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysequoia
import pytest
from django.conf import settings as portal_settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.accounts.tokens import make_token
from cbmportal.drafts.services import keep_draft
from cbmportal.history.services import recorded
from contacts.access import grant_directory_access, portal, viewer_of
from contacts.access.invitations import accept, invite, revoke
from contacts.models import (
    DirectoryImport,
    DirectoryRead,
    FormalAct,
    Invitation,
    PointOfContact,
    ReadVia,
    SignedNote,
    State,
)
from contacts.purging import purge_contact, purge_due
from contacts.reads import note_reading
from contacts.scans import Scan
from contacts.services import change_contact_details, correct_contact, mark_do_not_use
from contacts.services.acts import accept_act, attach_note, draft_act, edit_act, return_act, submit_act
from tests.conftest import CAST, Cast, make_state
from tests.contacts.test_acts import DATED, SCAN, in_office, sign

MARKER = "zyxmarker"
NOW = datetime(2028, 6, 1, 12, tzinfo=UTC)


def tables_that_hold(marker: str) -> list[str]:
    """Every table of the database in which any row, as text, holds the marker; scans are looked into too."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS one WHERE one::text ILIKE %s OR one::text ILIKE %s',
                [f"%{marker}%", f"%{marker.encode().hex()}%"],
            )
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


def scan_of(marker: str) -> Scan:
    content = SCAN.content + marker.encode()
    return Scan(f"{marker}.pdf", "application/pdf", len(content), SCAN.sha256, content)


@pytest.fixture
def marked(
    delegate: User, designator: User, officer: User, make_contact: Callable[..., PointOfContact],
    make_user: Callable[..., User], browse: Callable[..., Client],
) -> PointOfContact:  # fmt: skip
    """A contact with the marker in every personal field, come by one act and gone by another, with an account."""
    by, secretariat = viewer_of(delegate), viewer_of(officer)
    institution = make_contact(full_name="Carla Otra").institution
    nominee = {
        "full_name": f"Nora {MARKER}",
        "position": f"{MARKER} of unit",
        "email": f"{MARKER}@example.org",
        "phone": "+56221230777",
    }
    act = draft_act(
        state=institution.state, kind="nomination", category="cyber_policy", by=by, institution=institution,
        **nominee,
    )  # fmt: skip
    act = edit_act(act=act, changes={"note_text": f"{MARKER} is nominated."}, by=by)
    act = attach_note(act=act, scan=scan_of(MARKER), reference="NV 3/2026", dated=DATED, by=by)
    act = submit_act(act=act, by=viewer_of(designator))
    act = return_act(act=act, comment=f"Who is {MARKER}?", by=secretariat)
    act = attach_note(act=act, scan=scan_of(MARKER), reference="NV 3/2026", dated=DATED, by=by)
    act = accept_act(act=submit_act(act=act, by=viewer_of(designator)), by=secretariat)
    contact = act.contact
    assert contact is not None
    key = pysequoia.Cert.generate(f"{MARKER} <{MARKER}@example.org>")
    details = {
        "phone": "+56221230777", "mobile": "+56900000777", "mailbox": f"{MARKER}.office@example.org",
        "deputy_name": f"Deputy {MARKER}", "deputy_email": f"deputy.{MARKER}@example.org",
        "deputy_phone": "+56221230778", "pgp_key": str(key), "email": f"new.{MARKER}@example.org",
    }  # fmt: skip
    accept(signed=Invitation.objects.get(contact=contact).signed, password="a long enough password")
    change_contact_details(contact=contact, changes=details, by=by)
    correct_contact(
        contact=contact, changes={"position": "x"}, by=secretariat, reason=f"{MARKER} wrote to us"
    )
    mark_do_not_use(contact=contact, by=by, reason=f"{MARKER} has left")
    leave_traces(contact, delegate, make_user(f"{MARKER}.account"), officer)
    leave(contact, delegate, designator, officer)
    contact.refresh_from_db()
    return contact


def leave_traces(contact: PointOfContact, delegate: User, account: User, officer: User) -> None:
    grant_directory_access(
        user=account,
        kind="contact",
        state=contact.state,
        contact=contact,
        by=portal(),
        reason=f"For {MARKER}",
    )
    make_token(user=account, name=f"Token of {MARKER}")
    account.emailaddress_set.create(email=account.email, verified=True, primary=True)
    with recorded(by=portal()):
        User.objects.filter(pk=account.pk).update(full_name=f"{MARKER} the account")
    note_reading(viewer=viewer_of(account), states=[make_state("BRA").pk], via=ReadVia.PAGE)
    address = f"/my/CHL/contacts/{contact.uuid}/"
    keep_draft(user_id=delegate.pk, address=address, typed={"position": [MARKER]}, at=timezone.now())
    DirectoryImport.objects.create(
        user=officer, file_name="list.csv", content=MARKER.encode(), kept_at=timezone.now()
    )
    LogEntry.objects.create(
        user=officer,
        content_type=ContentType.objects.get_for_model(PointOfContact),
        object_id=str(contact.pk),
        object_repr=MARKER,
        action_flag=CHANGE,
    )


def leave(contact: PointOfContact, delegate: User, designator: User, officer: User) -> None:
    act = draft_act(
        state=contact.state, kind="removal", outgoing=contact, by=viewer_of(delegate),
        stated_reason=f"{MARKER} has retired",
    )  # fmt: skip
    act = attach_note(
        act=act, scan=scan_of(MARKER), reference="NV 4/2026", dated=DATED, by=viewer_of(delegate)
    )
    act = submit_act(act=act, by=viewer_of(designator))
    accept_act(act=act, by=viewer_of(officer), at=NOW - timedelta(days=400))


EVERYWHERE = {
    "contacts_pointofcontact", "contacts_pointofcontactevent", "contacts_formalact", "contacts_formalactevent",
    "contacts_signednote", "contacts_signednoteevent", "contacts_directoryaccessevent", "accounts_user",
    "accounts_userevent", "accounts_apitoken", "accounts_apitokenevent", "account_emailaddress",
    "drafts_draft", "django_admin_log", "contacts_directoryimport",
    "contacts_invitation", "contacts_invitationevent", "notices_notice",
}  # fmt: skip


def test_after_the_purge_no_table_and_no_file_holds_what_named_the_person(
    marked: PointOfContact, settings: Any, tmp_path: Path
) -> None:
    assert set(tables_that_hold(MARKER)) >= EVERYWHERE
    key = max(marked.pgp_key.splitlines(), key=len)
    assert tables_that_hold("+56221230777")
    assert tables_that_hold(key)
    assert purge_due(now=NOW) == 1
    assert tables_that_hold(MARKER) == []
    for number in ("+56221230777", "+56900000777", "+56221230778", marked.pgp_fingerprint, key):
        assert tables_that_hold(number) == []
    # Notes lie in the database; what is kept as files are copies of published documents alone.
    assert not [
        path for path in Path(portal_settings.MEDIA_ROOT).rglob("*") if MARKER.encode() in path.name.encode()
    ]


def test_invitations_that_came_to_nothing_are_emptied_in_time(chile: State) -> None:
    def ask(name: str, days: int) -> Invitation:
        return invite(
            state=chile, kind="delegate", email=f"{name}.{MARKER}@example.org", full_name=f"{name} {MARKER}",
            by=portal(), at=NOW - timedelta(days=days),
        )  # fmt: skip

    expired, taken_back, fresh = ask("expired", 400), ask("revoked", 400), ask("fresh", 30)
    revoke(invitation=taken_back, by=portal(), at=NOW - timedelta(days=390))
    purge_due(now=NOW)
    left = Invitation.objects.filter(full_name__contains=MARKER)
    assert list(left) == [fresh]
    assert not expired.events.filter(full_name__contains=MARKER).exists()
    expired.refresh_from_db()
    assert (expired.full_name, expired.purged_at, expired.is_unanswered) == ("–", NOW, False)


def test_the_fact_of_the_designation_stays(marked: PointOfContact) -> None:
    purge_due(now=NOW)
    past = PointOfContact.objects.get(pk=marked.pk)
    for name in ("uuid", "state", "category", "institution", "note_reference", "designated_on", "ended_on"):
        assert getattr(past, name) == getattr(marked, name)
    assert (str(past), past.purged_at) == ("past point of contact", NOW)
    first, last = FormalAct.objects.filter(kind="nomination").get(), FormalAct.objects.get(kind="removal")
    assert (first.contact, last.outgoing, last.note_reference) == (past, past, "NV 4/2026")
    assert all(note.sha256 == SCAN.sha256 for note in SignedNote.objects.all())
    assert past.events.filter(pgh_context__user__isnull=False).exists()
    assert in_office(past.state) == ["Carla Otra"]


def test_the_read_log_keeps_the_day_and_no_name(marked: PointOfContact) -> None:
    reading = DirectoryRead.objects.get(state__iso3="BRA")
    assert MARKER in str(reading.user)
    purge_due(now=NOW)
    reading = DirectoryRead.objects.get(state__iso3="BRA")
    assert (str(reading.user), reading.user.is_active, reading.reader_states) == ("–", False, ["CHL"])


def test_others_are_left_as_they_are(marked: PointOfContact, ana: PointOfContact) -> None:
    before = list(ana.events.values_list("full_name", "pgh_context"))
    purge_due(now=NOW)
    ana.refresh_from_db()
    assert (ana.full_name, ana.purged_at) == ("Ana Ejemplo", None)
    assert list(ana.events.values_list("full_name", "pgh_context")) == before


def test_it_is_not_done_a_day_too_early_and_not_twice(marked: PointOfContact) -> None:
    assert marked.ended_on is not None
    due = datetime.combine(marked.ended_on, datetime.min.time(), UTC) + timedelta(days=366)
    assert purge_due(now=due - timedelta(seconds=1)) == 0
    assert purge_due(now=due) == 1
    version = PointOfContact.objects.get(pk=marked.pk).version
    assert purge_due(now=due) == 0
    assert PointOfContact.objects.get(pk=marked.pk).version == version


def test_what_was_given_up_long_ago_names_nobody_either(
    ana: PointOfContact, delegate: User, noon: datetime
) -> None:
    from contacts.services.acts import withdraw_act

    fields = {"full_name": MARKER, "position": "Head", "email": f"{MARKER}@example.org"}
    act = draft_act(
        state=ana.state, kind="nomination", category="cyber_policy", by=viewer_of(delegate),
        institution=ana.institution, **fields,
    )  # fmt: skip
    withdraw_act(act=sign(act, delegate), by=viewer_of(delegate))
    purge_due(now=timezone.now() + timedelta(days=300))
    assert tables_that_hold(MARKER)
    purge_due(now=timezone.now() + timedelta(days=400))
    assert tables_that_hold(MARKER) == []


@pytest.mark.parametrize("name", sorted(set(CAST) - {"designator", "officer"}))
def test_only_a_designating_authority_has_it_done_sooner(
    cast: Cast, marked: PointOfContact, name: str
) -> None:
    with pytest.raises(PermissionDenied):
        purge_contact(contact=marked, by=cast.viewer(name))


def test_sooner_on_the_page_with_a_word_before(
    browse: Callable[..., Client], marked: PointOfContact, designator: User
) -> None:
    client = browse(designator)
    assert "my/CHL/contacts" in client.get(marked.get_absolute_url()).content.decode()
    address = f"/en/my/CHL/contacts/{marked.uuid}/purge/"
    assert MARKER in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "The personal data is deleted." in page
    assert MARKER not in page
    assert client.get(address).status_code == 404
    assert MARKER not in client.get("/en/my/CHL/").content.decode()
    assert MARKER not in client.get(f"/en/my/CHL/contacts/{marked.uuid}/history/").content.decode()


def test_a_contact_in_office_keeps_its_data(ana: PointOfContact, designator: User) -> None:
    with pytest.raises(ValidationError, match="in office"):
        purge_contact(contact=ana, by=viewer_of(designator))


def test_an_account_that_serves_for_more_is_kept(
    marked: PointOfContact, designator: User, officer: User
) -> None:
    account = User.objects.get(full_name__endswith="the account")
    grant_directory_access(
        user=account, kind="observer", organisation="An observer", by=portal(), reason="test"
    )
    purge_due(now=NOW)
    account.refresh_from_db()
    assert (account.is_active, MARKER in account.full_name) == (True, True)
    assert "contacts_pointofcontactevent" not in tables_that_hold(MARKER)
