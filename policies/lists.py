"""Policy submissions in lists: what is written of each."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from cbmportal.dates import partial_date
from policies.models import LegalStatus, PolicySubmission, Provenance, ReviewStatus


@dataclass(frozen=True)
class ListedPolicy:
    """A row as cbmportal/rows.py writes it, of a record that was read by `listed()`."""

    policy: PolicySubmission
    with_state: bool = True

    @property
    def row_depends_on(self) -> Hashable:
        policy, state, translation = self.policy, self.policy.state, self.policy.in_reader_language
        return (
            *(policy.pk, policy.version, policy.updated_at),
            *(policy.state_id, state.version, state.updated_at),
            translation and (translation.pk, translation.version, translation.updated_at),
            self.with_state,
        )

    @property
    def row(self) -> dict[str, str]:
        """The texts by the names that policies/_record.html gives them."""
        policy, translation = self.policy, self.policy.in_reader_language
        return {
            "address": policy.get_absolute_url(),
            "title": policy.title,
            "language": policy.language,
            "translation": translation.title if translation else "",
            "standing": translation.get_standing_display() if translation else "",
            "state": policy.state.name if self.with_state else "",
            "kind": policy.get_kind_display(),
            "date": partial_date(policy.date),
            "ref": policy.ref,
            **tags_of(policy),
        }


def tags_of(policy: PolicySubmission) -> dict[str, str]:
    """The texts of policies/_tags.html."""
    special = policy.provenance if policy.provenance in (Provenance.COMPILED, Provenance.RECEIVED) else ""
    known = policy.get_legal_status_display() if policy.legal_status != LegalStatus.UNKNOWN else ""
    settled = policy.status in (ReviewStatus.PUBLISHED, ReviewStatus.COMPILED)
    return {
        special or "submitted": policy.get_provenance_display(),
        "inferred" if policy.legal_status_inferred else "legal_status": known,
        "stage": "" if settled else policy.get_status_display(),
    }


def records(policies: Iterable[PolicySubmission], *, with_state: bool = True) -> list[ListedPolicy]:
    return [ListedPolicy(policy, with_state) for policy in policies]
