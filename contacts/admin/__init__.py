"""The Secretariat's desk: states, the directory, and who has access."""

from contacts.admin import accounts, acts, grants, invitations, notices, points_of_contact, reads, states

__all__ = ["accounts", "acts", "grants", "invitations", "notices", "points_of_contact", "reads", "states"]
