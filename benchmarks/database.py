"""A database of the benchmarks' own, made for the run and dropped after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.db import connection


@contextmanager
def fresh_database() -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{usual}_benchmark"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


def address() -> str:
    """Of the database in use, as `DATABASE_URL`, for the servers that are measured."""
    own = connection.settings_dict
    login = quote(own["USER"]) + (f":{quote(own['PASSWORD'], safe='')}" if own["PASSWORD"] else "")
    folder = own["HOST"].startswith("/")
    options = {**({"host": own["HOST"]} if folder else {}), **own.get("OPTIONS", {})}
    place = ("" if folder else own["HOST"]) + (f":{own['PORT']}" if own["PORT"] else "")
    return f"postgresql://{login}@{place}/{quote(own['NAME'])}?{urlencode(options)}"
