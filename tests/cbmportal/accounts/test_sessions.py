import pytest


@pytest.mark.parametrize(
    "cookie", [r'"\000aaaaaaaaaaaa"', r'"\303\251aaaaaaaaaaa"', "a'b;c-d e/f..", "x" * 5000]
)
@pytest.mark.parametrize(("address", "status"), [("/en/directory/", 302), ("/api/v1/contacts/", 401)])
def test_a_key_that_the_portal_cannot_have_given_is_a_visitors(db, browse, cookie, address, status):
    assert browse().get(address, headers={"cookie": f"sessionid={cookie}"}).status_code == status
