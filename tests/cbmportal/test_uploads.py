"""Files that arrive at any address, whoever sends them."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from cbmportal import uploads

SIGN_IN = "/en/account/login/"


def send(name: str, size: int) -> int:
    file = ContentFile(b"x" * size, name)
    return Client().post(SIGN_IN, {"login": "x", "file": file}).status_code


@pytest.mark.parametrize("size", [10, 1_100_000])
@pytest.mark.parametrize("ending", ["x" * 250, "漢" * 90])
def test_an_ending_longer_than_names_on_a_disk_breaks_nothing(db: None, size: int, ending: str) -> None:
    assert send(f"a.{ending}", size) == 200


@pytest.mark.parametrize(("size", "status"), [(1_100_000, 200), (1_300_000, 400)])
def test_what_is_larger_than_any_form_takes_is_not_even_read(
    db: None, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1_200_000)
    assert send("a.pdf", size) == status
