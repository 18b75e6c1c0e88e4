from cbmportal.language import alphabetical


def test_accents_and_case_do_not_change_the_place_of_a_name() -> None:
    assert sorted(["Panama", "Équateur", "Égypte", "estado", "El Salvador"], key=alphabetical) == [
        "Égypte",
        "El Salvador",
        "Équateur",
        "estado",
        "Panama",
    ]
