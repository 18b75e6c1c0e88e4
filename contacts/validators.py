"""Rules shared by model, form and serializer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pysequoia
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbmportal.dates import day
from contacts.models import Participation

#: Each word of a search is looked for in every record: more than a sentence of them only keeps the portal busy.
MOST_WORDS = 12


def validate_few_words(text: str) -> None:
    if len(text.split()) > MOST_WORDS:
        raise ValidationError(
            _("Type at most %(most)d words."), code="too_many_words", params={"most": MOST_WORDS}
        )


@dataclass(frozen=True)
class PgpKey:
    fingerprint: str
    expires_on: date | None


def read_pgp_key(text: str, now: datetime | None = None) -> PgpKey:
    """What a public key says of itself; ValidationError if the text is none, or holds a secret key."""
    try:
        certificate = pysequoia.Cert.from_bytes(text.encode())
    except RuntimeError as error:
        raise ValidationError(_("This is not a PGP public key."), code="pgp_key") from error
    if certificate.has_secret_keys:
        raise ValidationError(
            _(
                "This is a secret key. Paste the public key, and replace the secret one: it is no longer secret."
            ),
            code="pgp_secret",
        )
    expires = certificate.expiration
    if expires and expires <= (now or datetime.now(UTC)):
        raise ValidationError(_("This key has expired."), code="pgp_expired")
    return PgpKey(certificate.fingerprint.upper(), expires.date() if expires else None)


def refuse_overlap(span: Participation) -> None:
    """A state has one status a day; the span in the way is named."""
    others = Participation.objects.filter(state=span.state_id).exclude(pk=span.pk)
    if span.until_date:
        others = others.filter(from_date__lt=span.until_date)
    other = others.filter(Q(until_date__isnull=True) | Q(until_date__gt=span.from_date)).first()
    if other is None:
        return
    known = {"state": other.state, "status": other.get_status_display(), "since": day(other.from_date)}
    if other.until_date:
        says = _(
            "%(state)s is already “%(status)s” from %(since)s until %(until)s. Choose days outside that span."
        )
        raise ValidationError({"from_date": says % {**known, "until": day(other.until_date)}})
    says = _(
        "%(state)s has been “%(status)s” since %(since)s, with no end. End that span first, or begin what"
        " follows it."
    )
    raise ValidationError({"from_date": says % known})
