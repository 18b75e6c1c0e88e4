"""Demonstration data: a believable directory of people, numbers and documents that do not exist."""

from cbmportal.pages.demo.loading import is_loaded, load
from cbmportal.pages.demo.people import LOGINS, PASSWORD

__all__ = ["LOGINS", "PASSWORD", "is_loaded", "load"]
