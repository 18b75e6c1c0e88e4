"""The catalogues on disk: brought up to date with the sources, and compiled where that is due."""

import gettext
import os
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.conf import settings

from cbmportal.catalogues.sources import CatalogueError, Text

LOCALES = ("es", "fr", "pt_BR")


def folder() -> Path:
    return Path(settings.LOCALE_PATHS[0])


def catalogue_file(locale: str) -> Path:
    return folder() / locale / "LC_MESSAGES" / "django.po"


def plural_forms(locale: str) -> str:
    """Django's own, so that its catalogue and ours agree about which form a number takes."""
    compiled = Path(django.__file__).parent / "conf" / "locale" / locale / "LC_MESSAGES" / "django.mo"
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file).info()["plural-forms"]


def header(locale: str) -> str:
    """Nothing that changes by itself: no dates, no version of a tool."""
    fields = {
        "Project-Id-Version": "CBM portal",
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(locale),
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def read_catalogue(locale: str) -> Catalog:
    """The catalogue as it is, or an empty one."""
    file = catalogue_file(locale)
    content = file.read_bytes() if file.exists() else header(locale).encode()
    try:
        return read_po(BytesIO(content), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueError(f"{file}: {error}") from error


def update_catalogues(texts: Iterable[Text]) -> None:
    """Take in new texts, drop those that are gone, keep every translation; nothing is guessed."""
    texts = list(texts)
    for locale in LOCALES:
        old = read_catalogue(locale)
        new = read_po(BytesIO(header(locale).encode()), locale=locale)
        for text in texts:
            _carry_over(text, old, new)
        content = BytesIO()
        write_po(content, new, width=100, no_location=True, omit_header=True)
        replace(catalogue_file(locale), header(locale).encode() + content.getvalue().lstrip())


def _carry_over(text: Text, old: Catalog, new: Catalog) -> None:
    known: Message | None = old.get(text.singular, text.context or None)
    key = (text.singular, text.plural) if text.plural else text.singular
    if known is None:
        new.add(key, context=text.context or None)
        return
    # A text that has gained or lost its plural form is translated anew.
    kept = known.string if isinstance(known.id, str) is isinstance(key, str) else None
    flags = {"fuzzy"} & set(known.flags)
    new.add(key, kept, flags=flags, user_comments=known.user_comments, context=text.context or None)


def stale_catalogues() -> list[Path]:
    """Those that are newer than their compiled form."""
    return [source for source in sorted(folder().glob("*/LC_MESSAGES/*.po")) if is_stale(source)]


def compile_catalogues() -> list[Path]:
    """Compile what is stale; tells which."""
    stale = stale_catalogues()
    for source in stale:
        content = BytesIO()
        write_mo(content, read_catalogue(source.parent.parent.name))
        replace(source.with_suffix(".mo"), content.getvalue())
    return stale


def is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def replace(path: Path, content: bytes) -> None:
    """All of it or nothing, even if somebody reads or writes the file at the same moment."""
    if path.suffix == ".po" and path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
