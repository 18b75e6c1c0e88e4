"""A file as it was handed in: what it is, whatever its name says, and the list in it."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.imports.delimited import sheet_of_text
from contacts.imports.tables import Table, table_in
from contacts.imports.workbooks import sheets_of_workbook

#: Bytes.
LARGEST_FILE = 2 * 1024 * 1024
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
ZIP = b"PK"
#: What programs of Microsoft wrote before XLSX, and what they still write around an encrypted workbook.
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_WITHIN = "EncryptedPackage".encode("utf-16-le")


def read(content: bytes, name: str) -> Table:
    """The list in the file; ValidationError says why there is none."""
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 2 MB."), code="too_large")
    ending = PurePath(name).suffix.lower()
    if content.startswith(COMPOUND):
        raise _compound(content)
    if ending not in (*TEXT_ENDINGS, ".xlsx"):
        says = _("Only CSV and XLSX are taken in. Open the list in a spreadsheet and save it as one of them.")
        raise ValidationError(says, code="ending")
    if content.startswith(ZIP) != (ending == ".xlsx"):
        says = _("The file is not what its name says (%(ending)s).")
        raise ValidationError(says % {"ending": ending}, code="not_what_it_says")
    return table_in(sheets_of_workbook(content) if ending == ".xlsx" else [sheet_of_text(content)])


def _compound(content: bytes) -> ValidationError:
    if ENCRYPTED_WITHIN in content:
        says = _("This workbook is protected by a password. Save it without one.")
        return ValidationError(says, code="encrypted")
    says = _("This is a workbook of an old kind (XLS). Open it in a spreadsheet and save it as XLSX.")
    return ValidationError(says, code="old_workbook")
