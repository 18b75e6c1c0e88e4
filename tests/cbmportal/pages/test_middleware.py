"""What travels compressed."""

import gzip
from collections.abc import Callable

from django.test import Client

from cbmportal.accounts.models import User
from contacts.models import PointOfContact

COMPRESSED = {"accept-encoding": "gzip"}


def test_pages_travel_compressed(browse: Callable[..., Client], ana: PointOfContact) -> None:
    plain = browse().get("/en/states/CHL/")
    packed = browse().get("/en/states/CHL/", headers=COMPRESSED)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2


def test_what_is_compared_by_its_etag_stays_as_it_is(
    browse: Callable[..., Client], ana: PointOfContact, observer: User
) -> None:
    answer = browse(observer).get(f"/api/v1/contacts/{ana.uuid}/", headers=COMPRESSED)
    assert answer["ETag"].startswith('"')
    assert "Content-Encoding" not in answer
