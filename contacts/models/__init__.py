from contacts.access.grants import DirectoryAccess, StateGrant
from contacts.models.contacts import PointOfContact
from contacts.models.imports import DirectoryImport
from contacts.models.reads import DirectoryRead
from contacts.models.states import Institution, Participation, State
from contacts.models.words import (
    AccessKind,
    Audience,
    Category,
    CheckResult,
    Competence,
    ParticipationStatus,
    ReadVia,
)

__all__ = [
    "AccessKind",
    "Audience",
    "Category",
    "CheckResult",
    "Competence",
    "DirectoryAccess",
    "DirectoryImport",
    "DirectoryRead",
    "Institution",
    "Participation",
    "ParticipationStatus",
    "PointOfContact",
    "ReadVia",
    "State",
    "StateGrant",
]
