"""How the repository is searched: words in every language, case, accents and ending, by an index."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from cbmportal.accounts.models import User
from cbmportal.history.models import events_of
from contacts.access import VISITOR, portal, viewer_of
from contacts.models import State
from policies.models import PolicySearch, PolicySubmission, PolicyTranslation
from policies.services import correct_policy, draft_policy, enter_received_policy, set_translation
from tests.policies.test_services import CONTENT


def receive(state: State, **content: Any) -> PolicySubmission:
    how = {"received_how": "E-mail", "received_on": "2026-01-01"}
    return enter_received_policy(state=state, by=portal(), reason="test", **how, **CONTENT | content)


def translate(policy: PolicySubmission, title: str, description: str = "") -> None:
    texts = {"title": title, "description": description}
    set_translation(policy=policy, language="en", **texts, by=portal(), reason="test")


def found(words: str) -> bool:
    return PolicySubmission.objects.about(words).exists()


@pytest.fixture
def law(chile: State) -> PolicySubmission:
    return receive(chile)


# What is found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("prueba", True),
        ("PRUEBA reglas", True),
        ("ministerio", True),
        ("CHL-2020", True),
        ("security agency", True),
        ("prueba security", True),
        ("nothing", False),
        ("prueba nothing", False),
        ("%", False),
        ("", True),
        (" \n", True),
    ],
)
def test_words_are_found_in_every_text_of_a_record(law: PolicySubmission, words: str, is_found: bool) -> None:
    translate(law, "Sécurity Agency Act")
    assert found(words) is is_found


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("informações", "informação"),
        ("informação", "INFORMACAO"),
        ("informacoes", "informações"),
        ("políticas", "politica"),
        ("politicas", "política"),
        ("réseaux", "reseau"),
        ("sécurité de l’État", "etat"),
        ("cœur", "cœur"),
        ("policies", "policy"),
        ("policy", "policies"),
        ("protección", "protecc"),
        ("ley", "leyes"),
        ("ciberseguridad", "seguridad"),
        ("cibersegurança", "seguranca"),
        ("cybersécurité", "securite"),
        ("Cyber-security", "cybersecurity"),
        ("cybersecurity", "cyber-security"),
        ("cyber security", "cyber-security"),
        ("a ley", "a"),
        ("mbaʼekuaa ñe’ẽ", "ñe'ẽ mba'ekuaa"),
        ("e\u0301tat", "état"),
        ("\u0301 ley", "ley"),
        ("x" * 60, "x" * 60),
        ("Ley\u20112030", "ley-2030"),
    ],
)
def test_a_word_is_found_by_its_beginning_and_by_its_other_endings(
    chile: State, written: str, typed: str
) -> None:
    receive(chile, title=written)
    assert found(typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("cibernética", "etica"),
        ("protección", "cción"),
        ("antiguo", "a"),
        ("nación", "nacer"),
        ("cyber plan for security", "cybersecurity"),
    ],
)
def test_what_only_looks_alike_is_not_found(chile: State, written: str, typed: str) -> None:
    receive(chile, title=written)
    assert not found(typed)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("CHL-2020-001", True),
        ("chl-2020-0", True),
        ("2020-001", True),
        ("CHL-2020-002", False),
        ("2020-1273", False),
        ("1273/2009", True),
        ("1273-2009", True),
        ("1273", True),
        ("127", True),
        ("/2009", True),
        ("2009", True),
        ("2009/1273", False),
        ("273", False),
        ("25326", True),
        ("25.326", True),
        ("Ley N.º 25.326", True),
        ("1.2.3.4.5.6", False),
    ],
)
def test_a_number_is_found_whole_or_by_any_run_of_its_parts(chile: State, typed: str, is_found: bool) -> None:
    law = receive(chile, title="Ley n.º 25326", official_number="Decreto 1273/2009")
    assert law.ref == "CHL-2020-001"
    assert found(typed) is is_found


# What is typed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "'",
            '"',
            "\\",
            "''",
            "' | 'x",
            "a:*",
            "!prueba",
            "(prueba",
            "prueba & ",
            "prueba)",
            "<->",
            "*",
            ":",
        ),
        *(
            "%_\\ ' \" \u202e 🙂",
            "\ud83d",
            "\x00",
            "pru\x00eba",
            "\u0301",
            "-",
            "---",
            "./.",
            "\uffff",
            "\ufffd",
        ),
        *(
            "&|!():*\\'" * 20,
            "ñ" * 200,
            "a-" * 100,
            "1." * 100,
            "𝔞𝔟",
            "中文",
            "\u3000",
            "$$",
            "%s %(a)s {} {0}",
        ),
    ],
)
def test_whatever_is_typed_is_answered(law: PolicySubmission, typed: str) -> None:
    assert found(typed) in (True, False)


def test_signs_between_words_are_nothing(law: PolicySubmission) -> None:
    assert found("prueba!, «reglas»: & | ! ( ) * 🙂 -")
    assert not found("& | ! ( ) * 🙂 -")


def test_a_document_of_any_words_can_be_kept(law: PolicySubmission) -> None:
    """The longest texts, and all their words different: what the index holds of a document is limited."""
    words = " ".join(f"{number:x}.á{number * 7919:x}" for number in range(20_000))
    for place, language in enumerate(("en", "pt", "fr", "nl", "ht", "qu", "ay", "gn")):
        description = words[place * 5000 : place * 5000 + 5000].strip()
        PolicyTranslation.objects.create(policy=law, language=language, title="x", description=description)
    correct_policy(policy=law, changes={"title": "Norma"}, by=portal(), reason="test")
    assert found("norma")


# What keeps it --------------------------------------------------------------------------------------------


def test_the_words_follow_every_change(law: PolicySubmission) -> None:
    translate(law, "Agency Act")
    correct_policy(policy=law, changes={"title": "Norma"}, by=portal(), reason="test")
    assert found("norma agency")
    assert not found("ley")
    translate(law, "Bureau", "of numbers")
    assert found("bureau number")
    assert not found("agency")
    PolicyTranslation.objects.all().delete()
    assert not found("bureau")
    PolicySubmission.objects.update(responsible_institutions=["Cancillería"])
    assert found("cancilleria")


def test_a_change_of_words_is_no_other_version_of_the_document(law: PolicySubmission) -> None:
    def past() -> tuple[int, int]:
        return PolicySubmission.objects.get().version, events_of(PolicySubmission).count()

    before = past()
    translate(law, "Agency Act")
    PolicySearch.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_fill_search()")
    assert past() == before
    assert found("agency")


def test_rows_that_came_past_the_triggers_are_filled_in(law: PolicySubmission) -> None:
    translate(law, "Agency Act")
    PolicySearch.objects.all().delete()
    assert not found("prueba")
    with connection.cursor() as cursor:
        for missing in (1, 0):
            cursor.execute("SELECT portal_fill_search()")
            assert cursor.fetchone() == (missing,)
    assert found("prueba agency")


def test_words_go_with_their_document(law: PolicySubmission) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM policies_policysubmission")
    assert not PolicySearch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_the_words_of_both_are_found(law: PolicySubmission) -> None:
    translate(law, "Agency Act")

    def change_the_translation() -> None:
        PolicyTranslation.objects.update(title="Bureau")
        connection.close()

    other = threading.Thread(target=change_the_translation)
    with transaction.atomic():
        PolicySubmission.objects.update(title="Norma")
        other.start()
        while other.is_alive() and not someone_waits():
            other.join(0.01)
    other.join()
    assert found("norma bureau")


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


# Who finds it ---------------------------------------------------------------------------------------------


def test_a_draft_does_not_show_by_the_words_of_its_translation(chile: State, delegate: User) -> None:
    policy = draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
    set_translation(policy=policy, language="en", title="Secret plan", by=viewer_of(delegate))
    for words in ("secret", "secr", "secrets", "prueba", policy.ref, "plan prueba"):
        assert PolicySubmission.objects.visible_to(viewer_of(delegate)).about(words).count() == 1
        assert PolicySubmission.objects.visible_to(VISITOR).about(words).count() == 0


def test_a_search_can_be_answered_by_the_index(law: PolicySubmission) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "policies_by_words" in PolicySubmission.objects.about("prueba security").explain()
