"""The version of all data that the API shows: equal as long as nothing has changed, different as soon as it has.

It needs no row that every writer would have to lock. Of the transactions that have ended before any that still
runs, it takes the last that changed something; of the younger ones, how many changes can be seen and the last of
them. Whatever becomes visible afterwards belongs to a transaction that had not ended, so one of the three differs.
"""

from django.db import connection
from django.db.models import Func, TextField

_VERSION = """(SELECT concat_ws('.',
    (SELECT transaction FROM api_change WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY transaction DESC LIMIT 1),
    (SELECT concat_ws('.', count(*), max(id)) FROM api_change
     WHERE transaction >= pg_snapshot_xmin(pg_current_snapshot())),
    'api_change'::regclass::oid, extract(epoch FROM pg_postmaster_start_time())))"""


class DataVersion(Func):
    """As an expression, to be asked along with something else. A server that started anew counts anew."""

    template = _VERSION
    output_field = TextField()


def data_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_VERSION}")
        (version,) = cursor.fetchone()
    return str(version)
