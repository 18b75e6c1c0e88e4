"""The demonstration shows what it does not send."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from cbmportal.notices import demo
from cbmportal.notices.demo import OutboxBackend


@pytest.fixture
def outbox(settings, tmp_path):
    settings.PORTAL_DEMO, settings.DEMO_OUTBOX = True, tmp_path / "outbox"
    settings.EMAIL_BACKEND = "cbmportal.notices.demo.OutboxBackend"
    return settings.DEMO_OUTBOX


def send(subject, body="Olá <b>\nhttp://localhost:8000/pt/"):
    headers = {"Content-Language": "pt-BR"}
    letter = EmailMultiAlternatives(subject, body, to=["nova@example.org"], headers=headers)
    letter.attach_alternative("<!doctype html><title>Notícia</title><p>Olá</p>", "text/html")
    letter.send()


def test_the_newest_letter_stands_first(browse, db, outbox):
    send("Primeira")
    send("Segunda")
    page = browse().get("/demo/outbox/", headers={"accept-language": "en"}).content.decode()
    assert page.index("Segunda") < page.index("Primeira")
    assert "nova@example.org" in page
    assert "Portuguese" in page


def test_a_letter_is_shown_as_text_with_its_links_and_as_html(browse, db, outbox):
    send("Notícia")
    [letter] = demo.letters()
    page = browse().get(f"/demo/outbox/{letter.name}/").content.decode()
    assert "Olá &lt;b&gt;" in page
    assert 'href="http://localhost:8000/pt/"' in page
    formatted = browse().get(f"/demo/outbox/{letter.name}/html")
    assert formatted.content.decode().strip() == "<!doctype html><title>Notícia</title><p>Olá</p>"
    assert "default-src 'none'" in formatted["Content-Security-Policy"]


def test_an_empty_outbox_says_how_it_fills(browse, db, outbox):
    page = browse().get("/demo/outbox/", headers={"accept-language": "en"}).content.decode()
    assert "No e-mail has been written yet" in page


@pytest.mark.parametrize("name", ["nothing", "00000000001700000000-x"])
def test_what_is_not_there_is_not_found(browse, db, outbox, name):
    assert browse().get(f"/demo/outbox/{name}/").status_code == 404


def test_outside_the_demonstration_there_is_no_such_page(browse, db, outbox, settings):
    send("Notícia")
    [letter] = demo.letters()
    settings.PORTAL_DEMO = False
    addresses = ["", f"{letter.name}/", f"{letter.name}/html"]
    assert {browse().get(f"/demo/outbox/{address}").status_code for address in addresses} == {404}


def test_only_the_newest_are_kept(outbox, monkeypatch):
    monkeypatch.setattr(demo, "SHOWN", 2)
    for subject in ("One", "Two", "Three"):
        send(subject)
    assert [letter.subject for letter in demo.letters()] == ["Three", "Two"]


def test_half_written_letters_are_not_shown(outbox):
    outbox.mkdir()
    (outbox / "tmp123.part").write_bytes(b"Subject: half")
    assert demo.letters() == []


def test_the_demonstration_sends_nothing(outbox):
    send("Notícia")
    assert mail.outbox == []
    assert OutboxBackend().send_messages([]) == 0
