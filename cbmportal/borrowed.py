"""Texts of the packages we use that their own catalogues leave in English; ours, which come first, fill the gap.

A test compares this list with what the installed packages say.
"""

from django.utils.translation import gettext_noop

BORROWED = (
    # Django REST framework
    gettext_noop("A valid biginteger is required."),
    gettext_noop("Integer value too large to convert to float"),
    gettext_noop("Surrogate characters are not allowed: U+{code_point:X}."),
    # django-filter
    gettext_noop("Select a lookup."),
    gettext_noop("is null"),
)
