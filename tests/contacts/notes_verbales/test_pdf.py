"""The note on paper: whatever it says becomes a document that can be signed."""

from pathlib import Path
from typing import IO, Any

import pytest
import typst

from contacts import notes_verbales
from contacts.notes_verbales import LOCALES, pdf_of, text_of
from tests.contacts.notes_verbales.test_text import BY_CODE, an_act

#: As a drawing, a page of nothing but the seal has about as many letters as its caption.
CAPTION = 30


@pytest.mark.parametrize(
    "text", ["", "Own words.\n\n#panic(1) *x* $ \\ [", "x" * 3000, "نص עברית 🇨🇱 中文", "One\nTwo\n\n\nThree"]
)
def test_whatever_the_text_it_becomes_a_document(text: str) -> None:
    assert pdf_of(an_act(BY_CODE["CHL"]), "es", text).startswith(b"%PDF-")


def test_names_as_long_as_can_be_become_a_document() -> None:
    act = an_act(BY_CODE["CHL"], full_name="Ñ" * 200, position="Ángström-" * 22, note_reference="N" * 100)
    assert pdf_of(act, "es").startswith(b"%PDF-")


@pytest.mark.parametrize("language", LOCALES)
def test_the_document_says_its_language_and_can_be_read_aloud(language: str) -> None:
    document = pdf_of(an_act(BY_CODE["CHL"]), language)
    assert f"/Lang({language})".encode() in document
    assert b"/StructTreeRoot" in document


def test_the_seal_never_stands_alone_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with nothing but a signature may be put under anything."""
    pages: list[bytes] = []

    def draw(template: Path, data: IO[bytes], document: IO[bytes]) -> None:
        options: dict[str, Any] = {"ignore_system_fonts": True, "sys_inputs": {"data": data.read().decode()}}
        drawn = typst.compile(template, root=template.parent, format="svg", **options)
        pages[:] = [drawn] if isinstance(drawn, bytes) else drawn

    monkeypatch.setattr(notes_verbales, "typeset", draw)
    act = an_act(BY_CODE["CHL"])
    first, *rest = text_of(act, "es").split("\n\n")
    lengths = set()
    for more in range(0, 16, 2):
        pdf_of(act, "es", "\n\n".join([first, *["Otra línea."] * more, *rest]))
        assert pages[-1].count(b"<use") > CAPTION, more
        lengths.add(len(pages))
    assert lengths == {1, 2}
