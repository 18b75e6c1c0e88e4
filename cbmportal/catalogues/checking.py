"""Whether the catalogues say everything that the sources say, and say it whole."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message

from cbmportal.catalogues.files import LOCALES, plural_forms, read_catalogue
from cbmportal.catalogues.sources import Text

PERCENT = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa])")
BRACES = re.compile(r"\{(\w*)(?:[:!][^{}]*)?\}")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def check(texts: Iterable[Text]) -> list[str]:
    """One line a defect; none if all is well."""
    texts = list(texts)
    return [defect for locale in LOCALES for defect in check_catalogue(locale, read_catalogue(locale), texts)]


def check_catalogue(locale: str, catalogue: Catalog, texts: Iterable[Text]) -> Iterator[str]:
    wanted = {(text.context, text.singular): text for text in texts}
    present = {(message.context or "", _singular(message)): message for message in catalogue if message.id}
    if not _same_forms(catalogue.plural_forms, plural_forms(locale)):
        yield f"{locale}: the plural forms are not Django's: {plural_forms(locale)}"
    for key in sorted(set(wanted) | set(present)):
        text, message = wanted.get(key), present.get(key)
        name = f"{locale}: {key[1]!r}" + (f" ({key[0]})" if key[0] else "")
        if text is None:
            yield f"{name} is no longer in the sources"
        elif message is None or isinstance(message.id, str) is bool(text.plural):
            yield f"{name} is missing"
        else:
            yield from (f"{name} {defect}" for defect in _defects(text, message, catalogue.num_plurals))
    for message in catalogue.obsolete.values():
        yield f"{locale}: {_singular(message)!r} is kept as obsolete"


def _singular(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _same_forms(one: str, other: str) -> bool:
    plain = [re.sub(r"[\s();]", "", forms) for forms in (one, other)]
    return plain[0] == plain[1]


def _defects(text: Text, message: Message, forms: int) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy:
        yield "is fuzzy"
    if not all(strings) or len(strings) != (forms if text.plural else 1):
        yield "is not translated" if not any(strings) else "is not translated in every form"
        return
    for number, string in enumerate(strings):
        # Only the first form may leave the number out, as in "one state".
        models = [text.singular, text.plural] if number == 0 else [text.plural]
        models = [model for model in models if model] or [text.singular]
        if all(placeholders(string) != placeholders(model) for model in models):
            yield f"has other placeholders in {string!r}"
        if all(tags(string) != tags(model) for model in models):
            yield f"has other tags in {string!r}"


def placeholders(text: str) -> Counter[tuple[str, str]]:
    """Named ones may be repeated or moved; what counts is which are there."""
    plain = text.replace("%%", "")
    found = Counter(set(PERCENT.findall(plain))) if "%" in plain else Counter()
    return found + Counter({(name, "{}") for name in BRACES.findall(text)})


def tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))
