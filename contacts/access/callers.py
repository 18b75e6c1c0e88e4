"""Who asks, by an API token or by a session: the account and what it may, asked of the database at once.

The version of the data is asked for in the same breath: it is never younger than what is then read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat

from cbmportal.accounts.models import ApiToken, TokenScope, User
from cbmportal.accounts.second_factor import factors_of
from cbmportal.history.version import DataVersion
from cbmportal.statements import KEY_SLOT, MOMENT_SLOT, NUMBER_SLOT, Statement
from contacts.access import Viewer, access_at, officer_with, rights_at, viewer_with

OF_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
OF_USER = [field.attname for field in User._meta.concrete_fields]


@dataclass(frozen=True)
class Account:
    """An account that is open, with what it may at that moment."""

    user: User
    rights: Collection[tuple[str, int]]
    kinds: Collection[str]
    version: str

    def viewer(self, via: str, scope: str = TokenScope.WRITE) -> Viewer:
        if self.user.is_staff:
            return officer_with(self.user, via, scope)
        return viewer_with(self.user, via, scope, self.rights, () if self.rights else self.kinds)


@dataclass(frozen=True)
class Caller:
    account: Account
    token: ApiToken
    viewer: Viewer


def _may(owner: OuterRef) -> tuple[Any, ...]:
    """The rules about dates stay those of the grants' own queryset."""
    right = Concat(
        F("permission__codename"),
        Value(" "),
        Cast("content_object_id", TextField()),
        output_field=TextField(),
    )
    return (
        Exists(factors_of(owner)),
        ArraySubquery(rights_at(MOMENT_SLOT).filter(user=owner).order_by().values_list(right)),
        ArraySubquery(access_at(MOMENT_SLOT).filter(user=owner).order_by().values_list("kind")),
        DataVersion(),
    )


@cache
def _of_token() -> Statement:
    owner = (f"user__{name}" for name in OF_USER)
    found = ApiToken.objects.filter(digest=KEY_SLOT)
    return Statement(found.values_list(*OF_TOKEN, *owner, *_may(OuterRef("user_id"))))


@cache
def _of_account() -> Statement:
    found = User.objects.filter(pk=NUMBER_SLOT)
    return Statement(found.values_list(*OF_USER, *_may(OuterRef("pk"))))


def caller_with(digest: str, at: datetime) -> Caller | None:
    """The one whose token has this digest; None if there is none, or if token or account have ended."""
    rows = _of_token().rows(key=digest, at=at)
    if not rows:
        return None
    of_token, of_account = list(rows[0][: len(OF_TOKEN)]), rows[0][len(OF_TOKEN) :]
    token = ApiToken.from_db("default", OF_TOKEN, of_token)
    account = _account(of_account)
    if account is None or token.is_expired(at):
        return None
    token.user = account.user
    return Caller(account, token, account.viewer("api", token.scope))


def account_with(key: int, at: datetime) -> Account | None:
    """The open account with this primary key."""
    rows = _of_account().rows(number=key, at=at)
    return _account(rows[0]) if rows else None


def _account(row: tuple[Any, ...]) -> Account | None:
    has_factor, rights, kinds, version = row[len(OF_USER) :]
    user = User.from_db("default", OF_USER, list(row[: len(OF_USER)]))
    if not user.is_active:
        return None
    user.has_factor = has_factor  # type: ignore[attr-defined]
    pairs = {(right, int(state)) for right, _space, state in (one.partition(" ") for one in rights)}
    return Account(user, pairs, kinds, version)
