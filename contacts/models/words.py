"""The closed lists that the directory speaks in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.TextChoices):
    """What a point of contact was designated for; each category is what one measure asks."""

    CYBER_POLICY = "cyber_policy", _("Cyber policy")
    FOREIGN_AFFAIRS = "foreign_affairs", _("Foreign affairs")

    @property
    def measure(self) -> int:
        return {Category.CYBER_POLICY: 2, Category.FOREIGN_AFFAIRS: 3}[self]


class Competence(models.TextChoices):
    POLICY = "policy", _("Policy")
    TECHNICAL = "technical", _("Technical")
    DIPLOMATIC = "diplomatic", _("Diplomatic")


class Audience(models.TextChoices):
    """Who may see a field. Only an institution and its mailbox can be public."""

    PUBLIC = "public", _("Public")
    MEMBERS = "members", _("Members of the directory")
    SECRETARIAT = "secretariat", _("Our state and the Secretariat only")


class ContactAudience(models.TextChoices):
    """The audiences that a person's details can have."""

    MEMBERS = Audience.MEMBERS.value, Audience.MEMBERS.label
    SECRETARIAT = Audience.SECRETARIAT.value, Audience.SECRETARIAT.label


class CheckResult(models.TextChoices):
    """How the last communication check of a contact ended."""

    REACHED = "reached", _("Reached")
    UNREACHED = "unreached", _("No answer")
    WRONG = "wrong", _("Details are wrong")


class ParticipationStatus(models.TextChoices):
    PARTICIPATING = "participating", pgettext_lazy("state", "Participating")
    NOT_PARTICIPATING = "not_participating", pgettext_lazy("state", "Not participating")
    SUSPENDED = "suspended", pgettext_lazy("state", "Suspended")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "Withdrawn")


class ReadVia(models.TextChoices):
    """Through what entries of the directory were read."""

    PAGE = "page", _("on a page of the portal")
    API = "api", _("through the API")
    FILE = "file", _("as a file")


class AccessKind(models.TextChoices):
    OBSERVER = "observer", _("Observer")
    DUTY_DESK = "duty_desk", _("Duty desk")
    CONTACT = "contact", _("Point of contact")


class InvitationKind(models.TextChoices):
    """What somebody is invited to be."""

    AUTHORITY = "authority", _("Designating authority")
    DELEGATE = "delegate", _("Delegate")
    CONTACT = "contact", _("Point of contact")


class ActKind(models.TextChoices):
    """The formal acts by which a state says who its points of contact are."""

    NOMINATION = "nomination", pgettext_lazy("formal act", "Nomination")
    REPLACEMENT = "replacement", pgettext_lazy("formal act", "Replacement")
    REMOVAL = "removal", pgettext_lazy("formal act", "Removal")


class ActStage(models.TextChoices):
    """How far a formal act has come."""

    DRAFT = "draft", pgettext_lazy("formal act", "Draft")
    NOTE_ATTACHED = "note_attached", pgettext_lazy("formal act", "Signed note attached")
    SUBMITTED = "submitted", pgettext_lazy("formal act", "Submitted")
    ACCEPTED = "accepted", pgettext_lazy("formal act", "Accepted")
    RETURNED = "returned", pgettext_lazy("formal act", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("formal act", "Withdrawn")


class NoteIssuer(models.TextChoices):
    """Who writes a note verbale for its state."""

    FOREIGN_MINISTRY = "foreign_ministry", _("Ministry of foreign affairs")
    PERMANENT_MISSION = "permanent_mission", _("Permanent mission to the Organization of American States")
