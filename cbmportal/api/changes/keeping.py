"""What the log forgets: lines that later ones have replaced, and records that are no more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from cbmportal.api.changes.epoch import current_epoch
from cbmportal.api.models import Epoch

_LAST = """
SELECT transaction::text::bigint FROM api_change
WHERE at < %s AND transaction < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY transaction DESC LIMIT 1
"""
_REPLACED = """
DELETE FROM api_change AS line WHERE EXISTS (
    SELECT FROM api_change AS later WHERE later.kind = line.kind AND later.record = line.record
    AND (later.transaction, later.id) > (line.transaction, line.id) AND later.transaction <= %s::text::xid8)
"""
# Before the last transaction only: the version of the data never goes back to one that it had.
_ENDED = """
DELETE FROM api_change AS line WHERE line.transaction < %s::text::xid8
AND NOT EXISTS (SELECT FROM api_record AS one WHERE one.kind = line.kind AND one.record = line.record)
AND NOT EXISTS (SELECT FROM api_change AS later WHERE later.kind = line.kind AND later.record = line.record
    AND (later.transaction, later.id) > (line.transaction, line.id))
"""


@transaction.atomic
def forget_old_changes(*, now: datetime) -> None:
    """The last line of every record stays; who has not asked since the others were written starts anew."""
    epoch = current_epoch()
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [now - timedelta(days=settings.CHANGES_KEPT_DAYS)])
        found = cursor.fetchone()
        if found is None or found[0] <= epoch.forgotten:
            return
        cursor.execute(_REPLACED, found)
        cursor.execute(_ENDED, found)
    Epoch.objects.filter(pk=epoch.pk).update(forgotten=found[0])
