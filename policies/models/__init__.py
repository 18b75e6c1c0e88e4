from policies.models.glossary import GlossaryTerm
from policies.models.submissions import (
    PolicyFile,
    PolicySearch,
    PolicySubmission,
    PolicyTranslation,
    RefSerial,
    RepositorySettings,
)
from policies.models.words import (
    DateKind,
    DocumentKind,
    GlossaryTopic,
    LegalStatus,
    Provenance,
    ReviewStatus,
    SourceGrade,
    Standing,
)

__all__ = [
    "DateKind",
    "DocumentKind",
    "GlossaryTerm",
    "GlossaryTopic",
    "LegalStatus",
    "PolicyFile",
    "PolicySearch",
    "PolicySubmission",
    "PolicyTranslation",
    "Provenance",
    "RefSerial",
    "RepositorySettings",
    "ReviewStatus",
    "SourceGrade",
    "Standing",
]
