from contacts.access.grants import DirectoryAccess, StateGrant
from contacts.models.contacts import PointOfContact
from contacts.models.states import Institution, Participation, State
from contacts.models.words import AccessKind, Audience, Category, CheckResult, Competence, ParticipationStatus

__all__ = [
    "AccessKind",
    "Audience",
    "Category",
    "CheckResult",
    "Competence",
    "DirectoryAccess",
    "Institution",
    "Participation",
    "ParticipationStatus",
    "PointOfContact",
    "State",
    "StateGrant",
]
