"""The Secretariat's desk. What each list and form does is in the admin of its app."""

from cbmportal.admin.site import PortalAdminSite

__all__ = ["PortalAdminSite"]
