"""The mark in every form that keeps its text: who opened it, and where.

It is signed, so whoever shows it has been given the form by the portal. With it text finds its writer again
when a session has ended meanwhile, and nobody else, whoever signs in next in the same browser.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

from cbmportal.drafts.services import KEPT_FOR

FIELD = "mark"
_signer = signing.TimestampSigner(salt="cbmportal.drafts")


@dataclass(frozen=True)
class Mark:
    user_id: int
    address: str

    def __str__(self) -> str:
        return _signer.sign(f"{self.user_id}:{self.address}")


def address_of(request: HttpRequest) -> str:
    """Without the language: a text begun on the Spanish page is found on the French one."""
    return request.path.lstrip("/").partition("/")[2]


def mark_of(request: HttpRequest) -> Mark | None:
    """The mark that a form sent, if it is ours and not too old."""
    try:
        signed = _signer.unsign(request.POST.get(FIELD, ""), max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    user_id, _colon, address = signed.partition(":")
    return Mark(int(user_id), address)
