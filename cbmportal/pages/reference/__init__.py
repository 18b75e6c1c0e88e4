"""The reference data: read from files, checked as a whole, loaded without undoing anybody's work."""

from cbmportal.pages.reference.files import FILES, ReferenceDataError
from cbmportal.pages.reference.loading import LOADER, Summary, load

__all__ = ["FILES", "LOADER", "ReferenceDataError", "Summary", "load"]
