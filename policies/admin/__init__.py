"""The Secretariat's desk: the repository."""

from policies.admin import documents, reference, submissions

__all__ = ["documents", "reference", "submissions"]
