"""The translation catalogues: collected from the sources, compiled and checked with Babel, without gettext tools."""

from cbmportal.catalogues.checking import check
from cbmportal.catalogues.files import compile_catalogues, stale_catalogues, update_catalogues
from cbmportal.catalogues.sources import CatalogueError, Text, texts_of_the_project

__all__ = [
    "CatalogueError",
    "Text",
    "check",
    "compile_catalogues",
    "stale_catalogues",
    "texts_of_the_project",
    "update_catalogues",
]
