"""What there is to translate: strings in Python code and in templates, as gettext will look them up."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.conf import settings
from django.template import Context, Engine, Origin, TemplateSyntaxError
from django.template.base import FilterExpression, Lexer, Node, NodeList, Parser, Token, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

KEYWORDS: dict[str, tuple[Any, ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
ROOMS = ("cbmportal", "contacts", "policies", "measures")
CONSTANT = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")


@dataclass(frozen=True, order=True)
class Text:
    """A string to translate. Where it has a plural form, a catalogue holds one translation a form."""

    singular: str
    plural: str = ""
    context: str = ""


class CatalogueError(Exception):
    """Why texts cannot be collected, or a catalogue not be read."""


def texts_of_the_project() -> list[Text]:
    base = Path(settings.BASE_DIR)
    code = (file for room in ROOMS for file in (base / room).rglob("*.py") if "migrations" not in file.parts)
    templates = (file for file in (base / "templates").rglob("*") if file.is_file())
    return merged([*texts_of_code(code), *texts_of_templates(templates)])


def merged(texts: Iterable[Text]) -> list[Text]:
    """Each text once, in a fixed order. One entry serves a text that occurs with and without a plural."""
    by_key: dict[tuple[str, str], Text] = {}
    for text in sorted(set(texts)):
        by_key[text.context, text.singular] = text
    return [by_key[key] for key in sorted(by_key)]


def texts_of_code(files: Iterable[Path]) -> Iterator[Text]:
    for path in files:
        with path.open("rb") as file:
            for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
                singular, plural = message if isinstance(message, tuple) else (message, "")
                if singular:
                    yield Text(singular, plural, context or "")


def texts_of_templates(files: Iterable[Path]) -> Iterator[Text]:
    for path in files:
        try:
            yield from texts_of_template(path.read_text(encoding="utf-8"), str(path))
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path}: {error}") from error


def texts_of_template(source: str, name: str = "template") -> list[Text]:
    parser = _Collector(source, name)
    parser.parse()
    return parser.texts


class _Collector(Parser):
    """Django's own parser, which notes what the tags it meets will ask gettext for."""

    def __init__(self, source: str, name: str) -> None:
        engine = Engine.get_default()
        super().__init__(
            Lexer(source).tokenize(), engine.template_libraries, engine.template_builtins, Origin(name)
        )
        self.texts: list[Text] = []

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        if isinstance(node, BlockTranslateNode):
            self.texts.append(self._of_block(node))
        elif isinstance(node, TranslateNode):
            self.texts.extend(self._of_tag(node))
        super().extend_nodelist(nodelist, node, token)

    def compile_filter(self, token: str) -> FilterExpression:
        # A constant argument of a filter is translated while parsing: only the source still tells.
        for quoted in CONSTANT.findall(token):
            self.texts.append(Text(str(Variable(quoted).literal).replace("%", "%%")))
        return super().compile_filter(token)

    def _of_tag(self, node: Any) -> Iterator[Text]:
        literal = node.filter_expression.var.literal
        if isinstance(literal, str):
            yield Text(literal.replace("%", "%%"), context=self._context(node))

    def _of_block(self, node: Any) -> Text:
        singular, _names = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        return Text(singular, plural, self._context(node))

    def _context(self, node: Any) -> str:
        return str(node.message_context.resolve(Context())) if node.message_context else ""
