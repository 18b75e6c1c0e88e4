from contacts.access.grants import DirectoryAccess, StateGrant
from contacts.models.acts import FormalAct, SignedNote
from contacts.models.contacts import PointOfContact
from contacts.models.imports import DirectoryImport
from contacts.models.invitations import Invitation
from contacts.models.reads import DirectoryRead
from contacts.models.states import Institution, Participation, State
from contacts.models.words import (
    AccessKind,
    ActKind,
    ActStage,
    Audience,
    Category,
    CheckResult,
    Competence,
    InvitationKind,
    NoteIssuer,
    ParticipationStatus,
    ReadVia,
)

__all__ = [
    "AccessKind",
    "ActKind",
    "ActStage",
    "Audience",
    "Category",
    "CheckResult",
    "Competence",
    "DirectoryAccess",
    "DirectoryImport",
    "DirectoryRead",
    "FormalAct",
    "Institution",
    "Invitation",
    "InvitationKind",
    "NoteIssuer",
    "Participation",
    "ParticipationStatus",
    "PointOfContact",
    "ReadVia",
    "SignedNote",
    "State",
    "StateGrant",
]
