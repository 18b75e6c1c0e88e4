"""The portal's own PostgreSQL, used when no ``DATABASE_URL`` names another server.

The server's programs come from a wheel. There is one cluster per checkout; its server is started for the
first process that holds it and stopped after the last. Whether someone holds it, and whether it runs at all,
is told by file locks, which vanish with their processes however those end.

PostgreSQL refuses to run as root. Root's clusters, and a copy of the programs, are therefore kept in a system
folder and run as the user "nobody": it exists everywhere, and making an account would reach beyond our own
folders.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import folders
from .folders import PortalCannotStart
from .server import NAME, PORT, Server
from .signals import undisturbed

__all__ = ["PortalCannotStart", "data_folder", "embedded_database", "hold", "remove"]


def data_folder() -> Path:
    """The folder of what this checkout keeps: ``PORTAL_DATA``, or ``.data`` in the checkout. It exists."""
    with _plain_errors():
        return folders.data_folder()


def embedded_database() -> dict[str, str]:
    """Django's ``DATABASES`` entry for the embedded server, which need not be running."""
    with _plain_errors():
        socket = Server.of_checkout().socket
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": "",
        "HOST": str(socket),
        "PORT": PORT,
    }


@contextmanager
def hold() -> Iterator[None]:
    """The server is up inside. May be nested; does nothing where ``DATABASE_URL`` names another server."""
    if os.environ.get("DATABASE_URL", "").strip():
        yield
        return
    with _plain_errors():
        server = Server.of_checkout()
        users = server.join()
    try:
        yield
    finally:
        with undisturbed(), _plain_errors():
            server.leave(users)


def remove() -> None:
    """Stop the server of this checkout and remove its data, unless someone uses it."""
    with _plain_errors():
        server = Server.of_checkout()
        if server.home.exists():
            server.remove()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or "its data folder"
        raise PortalCannotStart(f"The portal cannot use {place}: {error.strerror}.") from error
