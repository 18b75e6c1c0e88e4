"""Nothing is left in English by oversight: what is collected, what is checked, and the catalogues themselves."""

import gettext
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allauth.account
import allauth.mfa
import allauth.usersessions
import django
import django_filters
import knox
import pytest
import rest_framework
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command
from django.template import TemplateSyntaxError
from django.utils import translation

from cbmportal import catalogues
from cbmportal.borrowed import BORROWED
from cbmportal.catalogues import CatalogueError, Text, check
from cbmportal.catalogues.files import LOCALES, catalogue_file, plural_forms
from cbmportal.catalogues.sources import merged, texts_of_code, texts_of_template, texts_of_templates

# The project's own ----------------------------------------------------------------------------------------


def test_the_catalogues_of_the_project_are_complete() -> None:
    defects = check(catalogues.texts_of_the_project())
    assert not defects, "\n".join(["", *defects, "Bring them up to date with: manage.py catalogues extract"])


def test_the_project_has_texts_in_code_and_templates() -> None:
    texts = catalogues.texts_of_the_project()
    assert Text("Points of contact") in texts or Text("points of contact") in texts
    assert Text("Law", context="glossary") in texts
    assert set(BORROWED) <= {text.singular for text in texts}


PACKAGES = (allauth.account, allauth.mfa, allauth.usersessions, django_filters, knox, rest_framework)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_packages_leave_in_english_is_borrowed(locale: str) -> None:
    root = Path(django.__file__).parent.parent
    theirs: dict[Any, Any] = {}
    for name in ("django/conf", "django/contrib/auth", "allauth", "django_filters", "rest_framework"):
        with (root / name / "locale" / locale / "LC_MESSAGES" / "django.mo").open("rb") as file:
            theirs |= gettext.GNUTranslations(file)._catalog
    files = [file for package in PACKAGES for file in Path(package.__file__).parent.rglob("*.py")]
    said = texts_of_code(file for file in files if "tests" not in file.parts)
    left = {
        text.singular
        for text in said
        if text.singular not in theirs and (text.singular, 0) not in theirs and not text.context
    }
    assert left - set(BORROWED) == set()


# Collecting -----------------------------------------------------------------------------------------------

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, gettext_noop, ngettext, npgettext, pgettext
_("plain")
gettext_lazy("joined "
             "lines")
gettext_noop("for later")
ngettext("%(count)d state", "%(count)d states", n)
ngettext_lazy("one", "more")
pgettext("legal status", "Draft")
pgettext_lazy("submission", "Draft")
npgettext("door", "%(n)d key", "%(n)d keys", n)
_(f"not {constant}")
_(variable)
"not marked"
"""


def test_every_way_of_marking_a_string_in_code_is_found(tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(CODE)
    assert set(texts_of_code([file])) == {
        Text("plain"),
        Text("joined lines"),
        Text("for later"),
        Text("%(count)d state", "%(count)d states"),
        Text("one", "more"),
        Text("Draft", context="legal status"),
        Text("Draft", context="submission"),
        Text("%(n)d key", "%(n)d keys", "door"),
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% translate 'plain' %}", [Text("plain")]),
        ('{% trans "older" as name %}', [Text("older")]),
        ('{% translate "Draft" context "submission" %}', [Text("Draft", context="submission")]),
        ('{% translate "100% sure" %}', [Text("100%% sure")]),
        ("{% translate variable %}", []),
        ("{% blocktranslate %}All {{ name }}{% endblocktranslate %}", [Text("All %(name)s")]),
        ("{% blocktranslate trimmed %}\n  One\n  line\n{% endblocktranslate %}", [Text("One line")]),
        ("{% blocktranslate %}100% sure{% endblocktranslate %}", [Text("100%% sure")]),
        (
            "{% blocktranslate count n=x trimmed %} one {% plural %} {{ n }} things {% endblocktranslate %}",
            [Text("one", "%(n)s things")],
        ),
        (
            "{% blocktranslate with a=b context 'door' asvar c %}{{ a }} key{% endblocktranslate %}",
            [Text("%(a)s key", context="door")],
        ),
        ("{{ _('in a variable') }}", [Text("in a variable")]),
        ('{{ x|default:_("in a filter") }}', [Text("in a filter")]),
        (
            '{% if x == _("in a condition") %}{% translate "inside" %}{% endif %}',
            ["in a condition", "inside"],
        ),
        ('{% include "a.html" with title=_("in an include") %}', [Text("in an include")]),
        ("{% load i18n %}{% language 'es' %}{% translate 'inside' %}{% endlanguage %}", [Text("inside")]),
        ("{# _('in a comment') #}{% comment %}{% translate 'gone' %}{% endcomment %}", []),
        ("_('in the text')", []),
    ],
)
def test_every_way_of_marking_a_string_in_a_template_is_found(source: str, found: list[Any]) -> None:
    expected = [Text(text) if isinstance(text, str) else text for text in found]
    assert texts_of_template("{% load i18n %}" + source) == expected


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.html"
    file.write_text("{% if %}")
    with pytest.raises(CatalogueError, match=r"broken\.html"):
        list(texts_of_templates([file]))
    with pytest.raises(TemplateSyntaxError):
        texts_of_template("{% endif %}")


def test_a_text_with_and_without_plural_is_one_entry() -> None:
    assert merged([Text("one", "more"), Text("one"), Text("a")]) == [Text("a"), Text("one", "more")]


# Keeping, compiling, checking -----------------------------------------------------------------------------

TEXTS = [
    Text("Hello %(name)s"),
    Text("Draft", context="submission"),
    Text("%(n)d state", "%(n)d states"),
    Text("See <a href='x'>this</a> {page}"),
]
SPANISH = {
    "Hello %(name)s": ["Hola, %(name)s"],
    "Draft": ["Borrador"],
    "%(n)d state": ["%(n)d Estado", "%(n)d de Estados", "%(n)d Estados"],
    "See <a href='x'>this</a> {page}": ["Vea <a href='x'>esto</a> {page}"],
}


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of catalogues, of one language."""
    settings.LOCALE_PATHS = [tmp_path]
    for module in ("files", "checking"):
        monkeypatch.setattr(f"cbmportal.catalogues.{module}.LOCALES", ("es",))
    return tmp_path


def read() -> str:
    return catalogue_file("es").read_text()


def write(change: Callable[[str], str]) -> None:
    catalogue_file("es").write_text(change(read()))


@pytest.fixture
def translated(folder: Path) -> None:
    """A complete catalogue."""
    catalogues.update_catalogues(TEXTS)
    content = read()
    for singular, strings in SPANISH.items():
        before, after = content.split(f'msgid "{singular}"\n')
        for number, string in enumerate(strings):
            empty = f'msgstr[{number}] ""' if len(strings) > 1 else 'msgstr ""'
            after = after.replace(empty, empty[:-2] + f'"{string}"', 1)
        content = f'{before}msgid "{singular}"\n{after}'
    catalogue_file("es").write_text(content)


def test_a_complete_catalogue_has_no_defect(translated: None) -> None:
    assert check(TEXTS) == []


def test_collecting_again_changes_nothing(translated: None) -> None:
    before = read()
    catalogues.update_catalogues(reversed(TEXTS[:2]))
    catalogues.update_catalogues(TEXTS[:2])
    once = read()
    catalogues.update_catalogues(TEXTS[:2])
    assert read() == once
    assert once != before


def test_translations_are_kept_and_what_is_gone_is_dropped(translated: None) -> None:
    catalogues.update_catalogues([Text("Hello %(name)s"), Text("Hello, %(name)s")])
    assert check([Text("Hello %(name)s"), Text("Hello, %(name)s")]) == [
        "es: 'Hello, %(name)s' is not translated"
    ]
    assert "Borrador" not in read()
    assert "fuzzy" not in read()


def test_catalogues_carry_no_dates_and_no_places(folder: Path) -> None:
    catalogues.update_catalogues(TEXTS)
    assert "Date" not in read()
    assert "#:" not in read()


@pytest.mark.parametrize("locale", LOCALES)
def test_plural_forms_are_those_of_django(locale: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cbmportal.catalogues.files.LOCALES", (locale,))
    catalogues.update_catalogues(TEXTS)
    with catalogue_file(locale).open("rb") as file:
        ours = read_po(file).plural_expr
    with translation.override(locale.lower().replace("_", "-")):
        in_use = translation.trans_real.catalog().plural
    numbers = (0, 1, 2, 5, 1_000_000)
    assert [gettext.c2py(ours)(n) for n in numbers] == [in_use(n) for n in numbers]


DEFECTS: dict[str, tuple[Callable[[str], str], str]] = {
    "untranslated": (lambda po: po.replace('"Borrador"', '""'), "'Draft' (submission) is not translated"),
    "a form untranslated": (
        lambda po: po.replace('"%(n)d de Estados"', '""'),
        "'%(n)d state' is not translated in every form",
    ),
    "fuzzy": (
        lambda po: po.replace('msgctxt "sub', '#, fuzzy\nmsgctxt "sub'),
        "'Draft' (submission) is fuzzy",
    ),
    "obsolete": (
        lambda po: po + '\n#~ msgid "Old"\n#~ msgstr "Viejo"\n',
        "'Old' is kept as obsolete",
    ),
    "no longer used": (
        lambda po: po + '\nmsgid "Old"\nmsgstr "Viejo"\n',
        "'Old' is no longer in the sources",
    ),
    "placeholder lost": (
        lambda po: po.replace("Hola, %(name)s", "Hola"),
        "'Hello %(name)s' has other placeholders in 'Hola'",
    ),
    "placeholder renamed": (
        lambda po: po.replace("Hola, %(name)s", "Hola, %(nombre)s"),
        "'Hello %(name)s' has other placeholders in 'Hola, %(nombre)s'",
    ),
    "placeholder broken": (
        lambda po: po.replace("Hola, %(name)s", "Hola, %(name)d"),
        "'Hello %(name)s' has other placeholders in 'Hola, %(name)d'",
    ),
    "plural without its number": (
        lambda po: po.replace('"%(n)d Estados"', '"Estados"'),
        "'%(n)d state' has other placeholders in 'Estados'",
    ),
    "brace renamed": (
        lambda po: po.replace("esto</a> {page}", "esto</a> {hoja}"),
        "\"See <a href='x'>this</a> {page}\" has other placeholders in \"Vea <a href='x'>esto</a> {hoja}\"",
    ),
    "tag lost": (
        lambda po: po.replace("Vea <a href='x'>esto</a>", "Vea esto"),
        "\"See <a href='x'>this</a> {page}\" has other tags in 'Vea esto {page}'",
    ),
    "tag changed": (
        lambda po: po.replace("Vea <a href='x'>", "Vea <a href='y'>"),
        "\"See <a href='x'>this</a> {page}\" has other tags in \"Vea <a href='y'>esto</a> {page}\"",
    ),
    "other plural forms": (
        lambda po: po.replace(plural_forms("es"), "nplurals=3; plural=0;"),
        f"the plural forms are not Django's: {plural_forms('es')}",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_is_told(translated: None, name: str) -> None:
    change, told = DEFECTS[name]
    write(change)
    assert [defect.removeprefix("es: ").removeprefix("es") for defect in check(TEXTS)] == [told]


def test_a_missing_text_is_told(translated: None) -> None:
    assert check([*TEXTS, Text("New")]) == ["es: 'New' is missing"]


def test_without_a_catalogue_everything_is_missing(folder: Path) -> None:
    assert len(check(TEXTS)) == len(TEXTS)


def test_a_catalogue_that_cannot_be_read_is_named(translated: None) -> None:
    write(lambda po: po + '\nmsgid "unfinished\n')
    with pytest.raises(CatalogueError, match=r"django\.po"):
        check(TEXTS)


def test_compiling_is_done_where_it_is_due(translated: None) -> None:
    file = catalogue_file("es")
    assert catalogues.compile_catalogues() == [file]
    assert catalogues.compile_catalogues() == []
    os.utime(file, ns=(0, file.with_suffix(".mo").stat().st_mtime_ns + 1))
    assert catalogues.compile_catalogues() == [file]
    assert sorted(one.name for one in file.parent.iterdir()) == ["django.mo", "django.po"]


def test_what_is_compiled_translates(translated: None) -> None:
    catalogues.compile_catalogues()
    with catalogue_file("es").with_suffix(".mo").open("rb") as file:
        spanish = gettext.GNUTranslations(file)
    assert spanish.gettext("Hello %(name)s") == "Hola, %(name)s"
    assert spanish.pgettext("submission", "Draft") == "Borrador"
    assert [spanish.ngettext("%(n)d state", "%(n)d states", n) for n in (1, 1_000_000, 5)] == [
        "%(n)d Estado",
        "%(n)d de Estados",
        "%(n)d Estados",
    ]


def test_the_command_fails_with_a_list(translated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "texts_of_the_project", lambda: [*TEXTS, Text("New")])
    with pytest.raises(CommandError, match="'New' is missing\n1 defects"):
        call_command("catalogues", "check")
    call_command("catalogues", "extract", verbosity=0)
    with pytest.raises(CommandError, match="'New' is not translated"):
        call_command("catalogues", "check")
    call_command("catalogues", "compile", verbosity=0)
    assert catalogue_file("es").with_suffix(".mo").exists()
