"""The fictional directory: offices, the officials in them, and what has become of their entries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cbmportal.pages.demo.people import REASON, People
from cbmportal.pages.demo.telephones import telephone
from cbmportal.pages.demo.words import EVERY_STATE, LANGUAGE_OF, address, demo_uuid, person, words_of
from contacts.duty import ROUND_THE_CLOCK
from contacts.models import Category, Institution, PointOfContact, State
from contacts.models.words import Audience, CheckResult
from contacts.services import (
    change_contact_details,
    confirm_contact,
    correct_contact,
    curate,
    end_contact,
    mark_do_not_use,
    record_check,
    register_contact,
)
from contacts.validators import read_pgp_key

KEYS = Path(__file__).parent / "keys"
# Days since the last confirmation, dealt out in turn; None was never confirmed.
AGES = (12, 41, 96, 3, 338, 182, 271, 355, 402, 64, 150, None, 361, 520, 228, 19, 745)
WEEKDAYS = "12345"
DUTY: tuple[dict[str, str], ...] = (
    dict.fromkeys(WEEKDAYS, "08:30-17:00"),
    dict.fromkeys(WEEKDAYS, "09:00-18:00"),
    ROUND_THE_CLOCK,
    {**dict.fromkeys(WEEKDAYS, "08:00-16:30"), "6": "09:00-13:00"},
    dict.fromkeys("1234567", "20:00-06:00"),
    {},
    {**dict.fromkeys("1234", "08:00-17:00"), "5": "08:00-14:00"},
)
LANGUAGES: dict[str, tuple[list[str], ...]] = {
    "es": (["es"], ["es", "en"], ["es", "en", "pt"], ["es", "fr", "en"]),
    "pt": (["pt", "es", "en"], ["pt", "en"]),
    "en": (["en"], ["en", "es"], ["en", "fr"]),
    "fr": (["fr", "ht"], ["fr", "en"]),
    "nl": (["nl", "en"],),
}
COMPETENCES = (["policy"], ["policy", "technical"], ["policy", "diplomatic"], ["diplomatic"])
CATEGORIES = (Category.CYBER_POLICY, Category.FOREIGN_AFFAIRS)
# States with a second cyber-policy contact, and those whose earlier one has ended.
SECOND_CONTACTS = ("CHL", "COL", "BRA", "CAN", "MEX", "USA", "TTO", "PER")
ENDED = ("ARG", "JAM", "DOM", "CRI")
DO_NOT_USE = {
    (
        "ECU",
        Category.FOREIGN_AFFAIRS,
    ): "Se ha informado de un posible uso indebido de este buzón (demostración).",
    ("BHS", Category.CYBER_POLICY): "The telephone was reported lost (demonstration).",
}


@dataclass
class Directory:
    states: dict[str, State]
    people: People
    now: datetime
    count: int = 0

    def open(self) -> PointOfContact:
        """Enter everybody; gives back the contact of Colombia that signs in."""
        entered: dict[tuple[str, Category, int], PointOfContact] = {}
        for iso3 in EVERY_STATE:
            for category in CATEGORIES:
                entered[iso3, category, 0] = self._designate(iso3, category, 0)
        for iso3 in SECOND_CONTACTS:
            self._designate(iso3, Category.CYBER_POLICY, 1)
        for iso3 in ENDED:
            self._end(self._designate(iso3, Category.CYBER_POLICY, 2))
        for (iso3, category), reason in DO_NOT_USE.items():
            mark_do_not_use(contact=entered[iso3, category, 0], by=self.people.delegates[iso3], reason=reason)
        self._change_some(entered)
        return entered["COL", Category.CYBER_POLICY, 0]

    def _institution(self, iso3: str, category: Category) -> Institution:
        words = words_of(iso3)
        name, prefix = (
            (words.agency, "cyber")
            if category == Category.CYBER_POLICY
            else (words.ministry, "foreign.affairs")
        )
        known = Institution.objects.filter(uuid=demo_uuid("institution", iso3, category)).first()
        return known or curate(
            Institution(
                uuid=demo_uuid("institution", iso3, category),
                state=self.states[iso3],
                name=name,
                website=f"https://{iso3.lower()}.example.org/",
                mailbox=f"{prefix}.{iso3.lower()}@example.org",
                phone=telephone(iso3, 80 + CATEGORIES.index(category)),
                audience=Audience.MEMBERS if iso3[1] in "LR" else Audience.PUBLIC,
                mailbox_audience=Audience.PUBLIC if iso3[2] in "LNR" else Audience.MEMBERS,
            ),
            by=self.people.secretariat,
            reason=REASON,
        )

    def _designate(self, iso3: str, category: Category, number: int) -> PointOfContact:
        self.count += 1
        index = CATEGORIES.index(category) * 10 + number
        words = words_of(iso3)
        name = person(iso3, self._slot(category, number))
        designated = self.now - timedelta(days=800 + self.count * 13)
        contact = register_contact(
            uuid=demo_uuid("contact", iso3, category, number),
            state=self.states[iso3],
            category=category,
            institution=self._institution(iso3, category),
            full_name=name,
            position=words.head if category == Category.CYBER_POLICY else words.director,
            email=address(name, iso3),
            note_reference=f"{words.note} {self.count:03}",
            note_date=designated.date(),
            designated_on=designated.date(),
            by=self.people.secretariat,
            reason=f"{words.note} {self.count:03}",
            **self._reachable(iso3, category, index),
        )
        return self._checked(self._confirmed(contact, iso3))

    def _reachable(self, iso3: str, category: Category, index: int) -> dict[str, Any]:
        turn = self.count
        spoken = LANGUAGES[LANGUAGE_OF[iso3]]
        details: dict[str, Any] = {
            "phone": telephone(iso3, index),
            "duty_hours": DUTY[turn % len(DUTY)],
            "languages": spoken[turn % len(spoken)],
            "competences": COMPETENCES[turn % len(COMPETENCES)],
        }
        if turn % 3:
            details |= {"mobile": telephone(iso3, index + 20)}
            details |= {"mobile_audience": Audience.SECRETARIAT if turn % 5 == 1 else Audience.MEMBERS}
        if turn % 2:
            details |= {"mailbox": f"{category.replace('_', '.')}.{iso3.lower()}@example.org"}
        if turn % 4 == 1:
            details |= self._deputy(iso3, self._slot(category, index % 10) + 8)
        if turn % 11 == 0:
            details |= {"phone_audience": Audience.SECRETARIAT, "time_zone": "America/New_York"}
        return details | self._key(iso3, category, index)

    def _slot(self, category: Category, number: int) -> int:
        return CATEGORIES.index(category) * 4 + number

    def _deputy(self, iso3: str, slot: int) -> dict[str, Any]:
        name = person(iso3, slot)
        hidden = self.count % 8 == 1
        return {
            "deputy_name": name,
            "deputy_email": address(name, iso3),
            "deputy_phone": telephone(iso3, slot + 40),
            "deputy_audience": Audience.SECRETARIAT if hidden else Audience.MEMBERS,
        }

    def _key(self, iso3: str, category: Category, index: int) -> dict[str, Any]:
        """A public key made for the demonstration; nobody keeps the secret one."""
        file = KEYS / f"{iso3}-{category}.asc"
        if index % 10 or not file.exists():
            return {}
        text = file.read_text()
        expires = read_pgp_key(text, now=datetime(2026, 1, 1, tzinfo=UTC)).expires_on
        # The portal takes no expired key: a demonstration years from now has one fewer.
        return {} if expires and expires <= datetime.now(UTC).date() else {"pgp_key": text}

    def _confirmed(self, contact: PointOfContact, iso3: str) -> PointOfContact:
        age = AGES[self.count % len(AGES)]
        if age is None:
            return contact
        at = self.now - timedelta(days=age, hours=self.count % 9)
        if self.count % 10 == 9:
            reason = "Confirmed by telephone (demonstration)"
            return confirm_contact(contact=contact, by=self.people.secretariat, at=at, reason=reason)
        return confirm_contact(contact=contact, by=self.people.delegates[iso3], at=at)

    def _checked(self, contact: PointOfContact) -> PointOfContact:
        if self.count % 3:
            return contact
        result = (CheckResult.REACHED, CheckResult.REACHED, CheckResult.UNREACHED, CheckResult.WRONG)
        return record_check(
            contact=contact,
            result=result[self.count // 3 % 4],
            by=self.people.secretariat,
            reason="Yearly communication check (demonstration)",
            at=self.now - timedelta(days=30, minutes=self.count),
        )

    def _end(self, contact: PointOfContact) -> None:
        reason = f"{words_of(contact.state.iso3).note} {self.count + 400}"
        on = (self.now - timedelta(days=90 + self.count)).date()
        end_contact(contact=contact, on=on, by=self.people.secretariat, reason=reason)

    def _change_some(self, entered: dict[tuple[str, Category, int], PointOfContact]) -> None:
        """Entries with a past: changed by their state, corrected by the Secretariat for a reason."""
        for number, iso3 in enumerate(("CHL", "COL", "BRA", "JAM", "MEX", "PER")):
            contact = entered[iso3, CATEGORIES[number % 2], 0]
            delegate = self.people.delegates[iso3]
            changes = {"phone": telephone(iso3, 70), "mailbox": f"duty.{iso3.lower()}@example.org"}
            change_contact_details(contact=contact, changes=changes, by=delegate)
            if number < 3:
                changes = {"phone": telephone(iso3, 71)}
                reason = "The last digits were transposed; corrected after a call (demonstration)."
                correct_contact(contact=contact, changes=changes, by=self.people.secretariat, reason=reason)
