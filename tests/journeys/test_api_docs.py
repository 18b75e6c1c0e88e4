"""The page about the API: an operation is tried with a token, by keyboard alone, under the portal's policy."""

from playwright.sync_api import Page, expect


def test_a_delegate_tries_an_operation_with_a_token(page: Page, live_server, delegate, ana, key_of):
    page.goto(f"{live_server.url}/api/v1/docs/")
    press(page, ".auth-wrapper .authorize")
    token = page.locator(".auth-container input").last
    token.focus()
    page.keyboard.type(f"Token {key_of(delegate)}")
    page.keyboard.press("Enter")
    press(page, ".auth-container .btn-done >> nth=0")
    operation = "#operations-contacts-list_contacts"
    press(page, f"{operation} .opblock-summary-control")
    press(page, f"{operation} .try-out__btn")
    press(page, f"{operation} .execute")
    answer = page.locator(f"{operation} .live-responses-table")
    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    expect(answer.locator(".highlight-code").first).to_contain_text("Ana Ejemplo")
    # What it suggests narrows nothing by itself.
    assert page.locator(f"{operation} .request-url").inner_text().strip().endswith("/api/v1/contacts/")


def test_it_is_dark_where_the_reader_wants_it_dark(page: Page, live_server):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(28, 32, 34)")
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def press(page: Page, selector: str) -> None:
    """What is reached by tabulator and opened with Enter."""
    place = page.locator(selector)
    place.focus()
    expect(place).to_be_focused()
    page.keyboard.press("Enter")
