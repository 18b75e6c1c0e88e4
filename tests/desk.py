"""Reading a page of the Secretariat's desk as a browser would: its form, with what stands in it."""

from html.parser import HTMLParser
from typing import Any


def is_sent(given: dict[str, str | None]) -> bool:
    if given.get("type") in ("checkbox", "radio"):
        return "checked" in given
    return given.get("type") not in ("submit", "file")


class FormReader(HTMLParser):
    """What a browser would send of the forms that post and hold more than a token and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select: str | None = None
        self.textarea: str | None = None
        self.inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = given.get("id") != "logout-form" and given.get("method") == "post"
        elif not self.inside:
            return
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = [""]
        elif tag == "option" and self.select is not None and "selected" in given:
            self.data.setdefault(self.select, []).append(given.get("value") or "")
        elif tag == "input" and name and is_sent(given):
            silent = "on" if given.get("type") == "checkbox" else ""
            self.data.setdefault(name, []).append(given.get("value", silent) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            # A browser leaves out the line break that follows the opening tag.
            self.data[self.textarea] = [self.data[self.textarea][0] + data.removeprefix("\n")]


def form_on(response: Any) -> dict[str, list[str]]:
    reader = FormReader()
    reader.feed(response.content.decode())
    reader.data.pop("csrfmiddlewaretoken", None)
    return reader.data


def errors_on(response: Any) -> dict[str, list[str]]:
    """The errors of the form that the page shows, by field."""
    form = response.context["adminform"].form if "adminform" in response.context else response.context["form"]
    return {name: list(errors) for name, errors in form.errors.items()}
