"""What caches may keep."""

import pytest


@pytest.mark.parametrize("address", ["/en/", "/en/states/CHL/", "/en/directory/", "/en/my/", "/en/nowhere/"])
def test_what_a_member_was_shown_stays_in_no_cache(browse, member, address):
    assert browse(member).get(address)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/en/", "/en/states/CHL/", "/en/measures/"])
def test_what_a_visitor_is_shown_depends_on_the_cookie_alone(browse, chile, address):
    answer = browse().get(address)
    assert ("Cache-Control" in answer, answer["Vary"]) == (False, "Cookie, Accept-Encoding")


def test_a_page_that_says_more_itself_is_left_alone(browse, member):
    assert "max-age=0" in browse(member).get("/en/account/tokens/")["Cache-Control"]


def test_a_part_of_a_page_asked_for_after_the_session_has_ended_leads_the_whole_page_to_sign_in(
    browse, chile
):
    answer = browse().get("/en/directory/?state=CHL", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (
        200,
        "/en/account/login/?next=/en/directory/%3Fstate%3DCHL",
    )
    assert answer.content == b""
