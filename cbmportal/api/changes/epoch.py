"""In which life of the database changes are counted. A restored database begins another; old cursors end with it."""

from uuid import UUID, uuid4

from django.db import connection, transaction

from cbmportal.api.models import Epoch

# The cluster, its timeline (a recovery begins another) and the log's own table (a dump that is read in makes it anew).
_DATABASE = """
SELECT concat_ws('-', (SELECT system_identifier FROM pg_control_system()),
    (SELECT timeline_id FROM pg_control_checkpoint()), 'api_change'::regclass::oid)
"""


def this_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        (name,) = cursor.fetchone()
    return str(name)


def current_epoch() -> Epoch:
    """The epoch of this database, begun now if it is a restored one or a new one."""
    here = this_database()
    known = Epoch.objects.filter(database=here).first()
    return known or begin_epoch(here)


@transaction.atomic
def begin_epoch(database: str = "", number: UUID | None = None) -> Epoch:
    """From now on every cursor that was given before is answered with 410.

    In a restored database the transactions of the log are another cluster's: they count as the oldest of all.
    """
    database = database or this_database()
    with connection.cursor() as cursor:
        # Two who notice at once: the second waits, and finds what the first has begun.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('api_epoch'))")
        known = Epoch.objects.filter(database=database).first()
        if known and number is None:
            return known
        cursor.execute("UPDATE api_change SET transaction = '0' WHERE transaction >= pg_current_xact_id()")
    epoch, _new = Epoch.objects.update_or_create(
        pk=1, defaults={"number": number or uuid4(), "database": database, "forgotten": 0}
    )
    return epoch
