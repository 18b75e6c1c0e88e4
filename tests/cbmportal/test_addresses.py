import pytest
from django.urls import reverse
from django.utils.translation import override

from cbmportal.addresses import address


@pytest.mark.parametrize("language", ["en", "es", "pt-br", "fr"])
def test_an_address_is_what_the_routes_say_in_each_language(language):
    uuids = ("00000000-0000-4000-8000-000000000000", "6f1c3b1e-6c0e-4a39-8f4e-0b8d4b0c7a11")
    for page, sample, name in (
        ("state", "AAA", "CHL"),
        ("policy", "AAA-0000-000", "COL-2020-003"),
        ("contact", *uuids),
    ):
        with override(language):
            assert address(page, name, sample) == reverse(page, args=[name])
