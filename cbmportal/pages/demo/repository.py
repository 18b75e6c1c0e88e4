"""Fictional submissions of the states, in every stage of review."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cbmportal.history.services import store
from cbmportal.pages.demo.documents import DOCUMENTS, Document
from cbmportal.pages.demo.people import REASON, People
from cbmportal.pages.demo.words import EVERY_STATE, LANGUAGE_OF, demo_uuid, words_of
from contacts.access import Viewer
from contacts.models import State
from policies.models import DateKind, LegalStatus, PolicySubmission, ReviewStatus, Standing
from policies.services import (
    edit_policy,
    enter_received_policy,
    next_ref,
    publish_policy,
    return_policy,
    set_translation,
    submit_policy,
    withdraw_policy,
)

# A second submission of these states, and a third of the two that sign in.
MORE = ("CHL", "COL", "BRA", "MEX", "ARG", "CAN", "JAM", "PER", "URY", "TTO", "DOM", "ECU", "GTM", "CRI")
AUTHORS = (*EVERY_STATE, *MORE, "CHL", "COL")
RECEIVED = "received"
# Dealt out in turn. A submission once returned may be handed in again.
STAGES = (
    *("published", "submitted", "published", RECEIVED, "published", "submitted", "draft"),
    *("published", "returned", "submitted", "published", "withdrawn", "published", "resubmitted"),
)
COMMENTS = {
    "es": "Falta indicar la institución responsable del seguimiento (demostración).",
    "pt": "Falta indicar a instituição responsável pelo acompanhamento (demonstração).",
    "en": "Please name the institution that follows the implementation (demonstration).",
    "fr": "Veuillez indiquer l'institution chargée du suivi (démonstration).",
    "nl": "Please name the institution that follows the implementation (demonstration).",
}
CITATIONS = {
    "es": "Diario Oficial de demostración n.º {}",
    "pt": "Diário Oficial de demonstração n.º {}",
    "en": "Demonstration Gazette No. {}",
    "fr": "Journal officiel de démonstration n° {}",
    "nl": "Demonstratieblad nr. {}",
}


@dataclass
class Submission:
    """The `number`th submission of the demonstration."""

    number: int
    state: State
    delegate: Viewer
    secretariat: Viewer
    now: datetime

    @property
    def stage(self) -> str:
        return STAGES[self.number % len(STAGES)]

    @property
    def document(self) -> Document:
        # Another document each time that a state has its turn.
        return DOCUMENTS[(self.number + self.number // len(EVERY_STATE)) % len(DOCUMENTS)]

    @property
    def language(self) -> str:
        return LANGUAGE_OF[self.state.iso3]

    @property
    def year(self) -> int:
        return 2012 + self.number * 5 % 13

    def titled(self, language: str) -> dict[str, Any]:
        return {
            "title": self.document.titles[language].format(self.year),
            "description": self.document.descriptions[language],
        }

    def content(self) -> dict[str, Any]:
        number, year = self.number, self.year
        date = (
            f"{year}",
            f"{year}-{number % 12 + 1:02}",
            f"{year}-{number % 12 + 1:02}-{number % 27 + 1:02}",
        )
        status = (LegalStatus.IN_FORCE, LegalStatus.IN_FORCE, LegalStatus.UNKNOWN, LegalStatus.DRAFT)
        content = self.titled(self.language) | {
            "language": self.language,
            "kind": self.document.kind,
            "official_number": f"{number + 100}/{year}" if number % 2 else "",
            "responsible_institutions": [words_of(self.state.iso3).agency],
            "date": date[number % 3],
            "date_kind": (DateKind.ADOPTION, DateKind.PUBLICATION, DateKind.ENTRY_INTO_FORCE)[number % 3],
            "legal_status": status[number % 4],
            "citation": CITATIONS[self.language].format(number + 500),
        }
        if number % 3 == 2:
            content["in_force_from"] = date[2]
        if number % 2:
            content["link"] = f"https://{self.state.iso3.lower()}.example.org/documents/{year}/{number}"
        return content

    def enter(self) -> None:
        if self.stage == RECEIVED:
            policy = self._receive()
        else:
            policy = self._draft()
            self._review(policy)
        self._translate(policy)

    def _receive(self) -> PolicySubmission:
        at = self.now - timedelta(days=200 + self.number * 9)
        return enter_received_policy(
            uuid=demo_uuid("policy", self.number),
            state=self.state,
            received_how=f"{words_of(self.state.iso3).note} {self.number + 700}",
            received_on=(at - timedelta(days=5)).date(),
            at=at,
            by=self.secretariat,
            reason=REASON,
            **self.content(),
        )

    def _draft(self) -> PolicySubmission:
        """As `draft_policy` does, with an outside name that is the same at every load."""
        policy = PolicySubmission(
            uuid=demo_uuid("policy", self.number),
            state=self.state,
            ref=next_ref(self.state, self.year),
            **self.content(),
        )
        return store(policy, by=self.delegate)

    def _review(self, policy: PolicySubmission) -> None:
        """Bring a draft to its stage, by the steps that a delegate and the Secretariat take."""
        if self.stage == "draft":
            return
        handed_in = self.now - timedelta(days=4 + self.number * 6)
        waiting = self.stage in ("submitted", "resubmitted")
        submit_policy(
            policy=policy,
            by=self.delegate,
            at=self.now - timedelta(days=self.number) if waiting else handed_in,
        )
        if self.stage in ("published", "withdrawn"):
            publish_policy(policy=policy, by=self.secretariat, at=handed_in + timedelta(days=2))
        if self.stage in (ReviewStatus.RETURNED, "resubmitted"):
            return_policy(policy=policy, comment=COMMENTS[self.language], by=self.secretariat)
        if self.stage == "withdrawn":
            withdraw_policy(policy=policy, by=self.delegate)
        if self.stage == "resubmitted":
            words = words_of(self.state.iso3)
            changes = {"responsible_institutions": [words.agency, words.ministry]}
            edit_policy(policy=policy, changes=changes, by=self.delegate)
            submit_policy(policy=policy, by=self.delegate, at=self.now - timedelta(days=self.number % 5))

    def _translate(self, policy: PolicySubmission) -> None:
        if self.number % 5 == 4:
            return
        language = "es" if self.language == "en" else "en"
        official = self.state.iso3 == "CAN"
        set_translation(
            policy=policy,
            language="fr" if official else language,
            standing=Standing.OFFICIAL if official else Standing.COURTESY,
            by=self.delegate,
            **self.titled("fr" if official else language),
        )


def submit_policies(states: dict[str, State], people: People, now: datetime) -> None:
    for number, iso3 in enumerate(AUTHORS):
        delegate = people.delegates[iso3]
        Submission(number, states[iso3], delegate, people.secretariat, now).enter()
