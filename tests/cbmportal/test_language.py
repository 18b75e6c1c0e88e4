import pytest
from django.test import Client

from cbmportal.language import alphabetical


def test_accents_and_case_do_not_change_the_place_of_a_name() -> None:
    assert sorted(["Panama", "Équateur", "Égypte", "estado", "El Salvador"], key=alphabetical) == [
        "Égypte",
        "El Salvador",
        "Équateur",
        "estado",
        "Panama",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "prefix"), [("en", "en"), ("es-MX", "es"), ("pt-BR", "pt"), ("pt", "pt"), ("fr", "fr")]
)
@pytest.mark.parametrize("path", ["policies/", "policies", "policies/?q=a%20b&kind=law", "account/login/"])
def test_an_address_without_its_language_leads_to_the_readers(accepted: str, prefix: str, path: str) -> None:
    response = Client().get(f"/{path}", headers={"accept-language": accepted})
    whole = path if "/" in path else f"{path}/"
    assert (response.status_code, response["Location"]) == (302, f"/{prefix}/{whole}")
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/pt-br/policies/", "/pt/policies/"),
        ("/pt-BR/policies", "/pt/policies/"),
        ("/es-CO/measures/?x=1", "/es/measures/?x=1"),
        ("/fr-ca/", "/fr/"),
    ],
)
def test_a_longer_name_of_a_language_leads_to_the_page(path: str, place: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, place)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/nowhere", "/pt-br/nowhere/", "/fr/nowhere/", "/de/policies/", "/pt-br//policies/"]
)
def test_what_is_nowhere_leads_nowhere(path: str) -> None:
    assert Client().get(path, headers={"accept-language": "pt-BR"}).status_code == 404
