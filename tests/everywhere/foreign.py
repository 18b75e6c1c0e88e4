"""Finds, on a page in one language, what the portal says in another.

Two nets: the portal's own texts in the other languages, word by word, and common small words that give a
sentence away. What carries its own `lang`, and the names of people, offices and documents, is left aside.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from cbmportal.catalogues import texts_of_the_project
from cbmportal.catalogues.files import read_catalogue

LOCALE_OF = {"es": "es", "fr": "fr", "pt-br": "pt_BR"}
SAID_ALOUD = ("alt", "aria-label", "placeholder", "title", "content", "label")
SILENT = ("script", "style", "template", "time")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A placeholder of either kind, or a tag within a text.
SEAM = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Words that hardly a sentence of the language does without.
SMALL_WORDS = {
    "en": "the and of is are this that with for from was were has have not what which who your their by",
    "es": "el los las del una y es son este esta con para por fue que qué quién su sus se más lo al",
    "pt-br": "os das dos uma e é são este esta com para por foi que seu sua se mais não ao pelo pela em",
    "fr": "le les des une et est sont ce cette avec pour par qui que votre leur leurs dans du au aux sur",
}


class _Texts(HTMLParser):
    """The texts that a page says in its own language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.found: list[str] = []
        # For each open element whether what is in it is of the page's language.
        self.open: list[tuple[str, bool]] = [("", True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = self.open[-1][1] and tag not in SILENT
        if "lang" in given:
            own = (given["lang"] or "").lower() == self.language
        if own:
            self.found += [
                given[name] or "" for name in SAID_ALOUD if name in given and self._is_text(tag, given, name)
            ]
            if tag == "input" and given.get("type") in ("submit", "button"):
                self.found.append(given.get("value") or "")
        if tag not in VOID:
            self.open.append((tag, own))

    @staticmethod
    def _is_text(tag: str, given: dict[str, str | None], name: str) -> bool:
        return name != "content" or (tag == "meta" and given.get("name") == "description")

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1:
            name, _own = self.open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.open[-1][1]:
            self.found.append(data)


def texts(html: str, language: str) -> list[str]:
    page = _Texts(language)
    page.feed(html)
    return [text for text in (" ".join(one.split()) for one in page.found) if text]


def words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text.casefold()))


def sayings() -> dict[str, set[tuple[str, ...]]]:
    """By language the portal's texts as words, cut where a placeholder or a tag stands."""
    said = {"en": [part for text in texts_of_the_project() for part in (text.singular, text.plural or "")]}
    for language, locale in LOCALE_OF.items():
        strings = (message.string for message in read_catalogue(locale) if message.id)
        said[language] = [part for one in strings for part in ([one] if isinstance(one, str) else one)]
    return {language: set(_pieces(strings)) for language, strings in said.items()}


def _pieces(strings: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for string in strings:
        for piece in SEAM.split(string):
            if found := words(piece):
                yield found


class Listener:
    """Hears the other languages on a page."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.sayings = sayings()
        self.names = sorted({name for name in names if name}, key=len, reverse=True)
        # The first words of a long saying, by language, and the sayings that begin so.
        self.beginnings: dict[str, dict[tuple[str, ...], list[tuple[str, ...]]]] = {}
        for language, known in self.sayings.items():
            own = self.beginnings.setdefault(language, {})
            for saying in known:
                if len(saying) >= 4:
                    own.setdefault(saying[:4], []).append(saying)

    def foreign(self, html: str, language: str) -> list[str]:
        """What is of another language than the page's, with that language before it."""
        heard = []
        for text in dict.fromkeys(texts(html, language)):
            plain = ADDRESS.sub(" ", text)
            for name in self.names:
                plain = plain.replace(name, " ")
            heard += [f"{other}: {text}" for other in self.sayings if self._is(plain, language, other)]
        return heard

    def _is(self, text: str, own: str, other: str) -> bool:
        if own == other:
            return False
        spoken = words(text)
        # Letters of an alphabet and codes of languages are of no language.
        return len("".join(spoken)) > 2 and (
            self._says(spoken, own, other) or self._sounds_like(spoken, own, other)
        )

    def _says(self, spoken: tuple[str, ...], own: str, other: str) -> bool:
        if spoken in self.sayings[own]:
            return False
        if spoken in self.sayings[other]:
            return True
        for start in range(len(spoken) - 3):
            for saying in self.beginnings[other].get(spoken[start : start + 4], ()):
                if spoken[start : start + len(saying)] == saying and saying not in self.sayings[own]:
                    return True
        return False

    @staticmethod
    def _sounds_like(spoken: tuple[str, ...], own: str, other: str) -> bool:
        ours, theirs = set(SMALL_WORDS[own].split()), set(SMALL_WORDS[other].split())
        return len([word for word in spoken if word in theirs - ours]) >= 3 and not ours & set(spoken)
