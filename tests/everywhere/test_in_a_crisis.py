"""From the first page to the number to call, on a telephone, in as many steps as one can count on one hand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db


def test_whom_to_call_in_colombia_and_in_which_language_is_three_steps_from_the_first_page(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page("delegate", "light", 390)
    page.goto(f"{address}/en/")

    page.locator("main").get_by_role("link", name=re.compile("Colombia")).first.click()
    page.get_by_role("link", name=re.compile("Mariana")).first.click()

    expect(page.locator("main")).to_contain_text(re.compile("(Open|Closed) now|Open round the clock"))
    expect(page.locator("main")).to_contain_text("Spanish")
    number = page.locator('main a[href^="tel:"]').first
    expect(number).to_be_in_viewport()
