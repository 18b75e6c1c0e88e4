"""Everything of the demonstration, once and as a whole."""

from datetime import datetime

from django.db import connection, transaction

from cbmportal.history.models import events_of
from cbmportal.pages.demo.activities import report_activities
from cbmportal.pages.demo.acts import draft_acts
from cbmportal.pages.demo.directory import Directory
from cbmportal.pages.demo.people import People
from cbmportal.pages.demo.repository import submit_policies
from cbmportal.pages.demo.words import EVERY_STATE, demo_uuid
from cbmportal.pages.reference.loading import LOCK
from contacts.models import Category, PointOfContact, State


class ReferenceDataMissing(Exception):
    pass


def is_loaded() -> bool:
    """Whether it ever was: what people have done with it since then is theirs."""
    first = demo_uuid("contact", EVERY_STATE[0], Category.CYBER_POLICY, 0)
    return bool(events_of(PointOfContact).filter(uuid=first).exists())


def load(now: datetime) -> bool:
    """Dates are counted back from `now`. False if it was loaded before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if is_loaded():
            return False
        states = {state.iso3: state for state in State.objects.all()}
        if missing := sorted(set(EVERY_STATE) - set(states)):
            raise ReferenceDataMissing(f"Load the reference data first: no {', '.join(missing)}.")
        people = People(states, now)
        people.sign_up()
        people.admit_contact(Directory(states, people, now).open())
        submit_policies(states, people, now)
        report_activities(states, people)
        draft_acts(states, people, now)
        return True
