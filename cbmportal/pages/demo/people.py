"""Who signs in to the demonstration, and who has written its entries."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from cbmportal.accounts.models import NoticePace, User
from cbmportal.pages.demo.words import EVERY_STATE, LANGUAGE_OF, person
from contacts.access import Right, Viewer, grant_directory_access, grant_right, portal, viewer_of
from contacts.access.invitations import invite
from contacts.models import InvitationKind, PointOfContact, State
from contacts.models.words import AccessKind

PASSWORD = "demo-cbm-portal"  # noqa: S105 - printed at every start of the demonstration
LOGINS = [
    ("secretariat@example.org", "Secretariat, with the admin"),
    ("designator.chl@example.org", "designating authority of Chile"),
    ("delegate.chl@example.org", "delegate of Chile"),
    ("delegate.col@example.org", "delegate of Colombia"),
    ("observer@example.org", "permanent observer with read access to the directory"),
    ("contact.col@example.org", "point of contact of Colombia with a read-only account"),
    ("duty.desk@example.org", "duty desk of Colombia: a shared account that reads"),
]
LOADER = portal(via="demonstration")
REASON = "Demonstration data"


def _portal_language(language: str) -> str:
    return {"pt": "pt-br", "nl": "en"}.get(language, language)


@dataclass
class People:
    """The accounts of the demonstration, and the viewers they write as."""

    states: dict[str, State]
    now: datetime
    password: str = field(default_factory=lambda: make_password(PASSWORD))
    secretariat: Viewer = field(init=False)
    designator: User = field(init=False)
    delegates: dict[str, Viewer] = field(default_factory=dict)
    authorities: dict[str, Viewer] = field(default_factory=dict)

    def sign_up(self) -> None:
        officer = self._account(
            "secretariat@example.org", "Elena Ejemplo Secretaría", is_staff=True, time_zone="America/New_York"
        )
        self.secretariat = replace(LOADER, user_id=officer.pk)
        self.designator = self._of_state("designator", "CHL", 19)
        grant_right(
            user=self.designator, state=self.states["CHL"], right=Right.DESIGNATE, by=LOADER, reason=REASON
        )
        self.authorities["CHL"] = self._authority(self.designator, self.states["CHL"])
        for iso3 in EVERY_STATE:
            delegate = self._of_state("delegate", iso3, 18)
            grant_right(
                user=delegate, state=self.states[iso3], right=Right.EDIT_ENTRIES, by=LOADER, reason=REASON
            )
            self.delegates[iso3] = viewer_of(delegate, via="demonstration")
        self._invite_to_chile()
        observer = self._account(
            "observer@example.org", "Olivia Observer Example", time_zone="Europe/Madrid", language="es"
        )
        grant_directory_access(
            user=observer,
            kind=AccessKind.OBSERVER,
            organisation="Permanent Observer Mission (demonstration)",
            by=LOADER,
            reason=REASON,
        )
        desk = self._account(
            "duty.desk@example.org", "Centro Ejemplo de guardia", language="es", time_zone="America/Bogota"
        )
        grant_directory_access(
            user=desk, kind=AccessKind.DUTY_DESK, state=self.states["COL"], by=LOADER, reason=REASON
        )

    def _invite_to_chile(self) -> None:
        """One invitation that can still be accepted, and one that nobody accepted in time."""
        for name, number, sent in (("invited", 20, self.now), ("late", 21, self.now - timedelta(days=40))):
            invite(
                state=self.states["CHL"],
                kind=InvitationKind.DELEGATE,
                email=f"{name}.chl@example.org",
                full_name=person("CHL", number),
                language="es",
                by=replace(LOADER, user_id=self.designator.pk),
                at=sent,
            )

    def admit_contact(self, contact: PointOfContact) -> None:
        """The read-only account that a point of contact is offered."""
        user = self._account(
            "contact.col@example.org", contact.full_name, language="es", time_zone=contact.time_zone
        )
        grant_directory_access(
            user=user,
            kind=AccessKind.CONTACT,
            state=contact.state,
            contact=contact,
            by=LOADER,
            reason=REASON,
        )

    def _authority(self, user: User, state: State) -> Viewer:
        """As which it writes here; in the portal it has a second factor, which is set up later."""
        own = frozenset((state.pk,))
        return Viewer(user.pk, "demonstration", member=True, delegate_of=own, authority_of=own)

    def _of_state(self, role: str, iso3: str, number: int) -> User:
        return self._account(
            f"{role}.{iso3.lower()}@example.org",
            person(iso3, number),
            language=_portal_language(LANGUAGE_OF[iso3]),
            time_zone=self.states[iso3].time_zone,
        )

    def _account(self, email: str, full_name: str, **details: object) -> User:
        """An account that is there already is left as it is."""
        existing = User.objects.filter(email__iexact=email).first()
        if existing:
            return existing
        known = email in dict(LOGINS)
        # Whoever tries the demonstration sees at once what is told to the others.
        pace = NoticePace.AT_ONCE if known else NoticePace.DAILY
        user = User(email=email, full_name=full_name, notice_pace=pace, **details)
        user.password = self.password if known else make_password(None)
        user.full_clean()
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user
