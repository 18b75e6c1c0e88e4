"""Who calls with an API token: token, owner and what the owner may, asked of the database at once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.second_factor import factors_of
from cbmportal.statements import KEY_SLOT, MOMENT_SLOT, Statement
from contacts.access import Viewer, access_at, officer_with, rights_at, viewer_with

OF_TOKEN = [field.attname for field in ApiToken._meta.concrete_fields]
OF_USER = [field.attname for field in User._meta.concrete_fields]


@dataclass(frozen=True)
class Caller:
    user: User
    token: ApiToken
    viewer: Viewer
    #: What else was asked for in the same breath.
    beside: Any = None


@cache
def _statement(beside: Any) -> Statement:
    """Compiled once: the rules about dates stay those of the grants' own queryset."""
    owner = OuterRef("user_id")
    right = Concat(
        F("permission__codename"),
        Value(" "),
        Cast("content_object_id", TextField()),
        output_field=TextField(),
    )
    found = ApiToken.objects.filter(digest=KEY_SLOT).values_list(
        *OF_TOKEN,
        *(f"user__{name}" for name in OF_USER),
        Exists(factors_of(owner)),
        ArraySubquery(rights_at(MOMENT_SLOT).filter(user=owner).order_by().values_list(right)),
        ArraySubquery(access_at(MOMENT_SLOT).filter(user=owner).order_by().values_list("kind")),
        *([] if beside is None else [beside]),
    )
    return Statement(found)


def caller_with(digest: str, at: datetime, beside: Any = None) -> Caller | None:
    """The one whose token has this digest; None if there is none, or if token or account have ended.

    `beside` is an expression without reference to any row, answered along with it.
    """
    rows = _statement(beside).rows(key=digest, at=at)
    if not rows:
        return None
    row = list(rows[0])
    token = ApiToken.from_db("default", OF_TOKEN, row[: len(OF_TOKEN)])
    user = User.from_db("default", OF_USER, row[len(OF_TOKEN) :][: len(OF_USER)])
    if token.is_expired(at) or not user.is_active:
        return None
    has_factor, rights, kinds, *others = row[len(OF_TOKEN) + len(OF_USER) :]
    user.has_factor = has_factor  # type: ignore[attr-defined]
    viewer = _viewer(user, token, rights, kinds)
    return Caller(user, token, viewer, others[0] if others else None)


def _viewer(user: User, token: ApiToken, rights: list[str], kinds: list[str]) -> Viewer:
    if user.is_staff:
        return officer_with(user, "api", token.scope)
    pairs = {(right, int(state)) for right, _space, state in (one.partition(" ") for one in rights)}
    return viewer_with(user, "api", token.scope, pairs, () if pairs else kinds)
