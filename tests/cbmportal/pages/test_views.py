"""Home, states, a state, errors, and the small addresses that machines read."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from cbmportal import uploads
from cbmportal.accounts.models import User
from cbmportal.pages import views
from cbmportal.pages.sitemap import PAGES
from contacts.access import portal, viewer_of
from contacts.models import Participation, PointOfContact, State
from contacts.services import add_institution, curate, mark_do_not_use
from policies.services import draft_policy, submit_policy
from tests.measures.test_implementation import EVIDENCE, participate, report
from tests.measures.test_models import make_measure
from tests.measures.test_views import word
from tests.policies.test_services import CONTENT
from tests.policies.test_views import collect, receive

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def compiled_records_are_closed(settings: Any) -> None:
    settings.PORTAL_DEMO = False


@pytest.fixture
def six(db: None) -> None:
    for number, evidence in enumerate(EVIDENCE, 1):
        word(make_measure(number, evidence), "en", "translation", f"Short text {number}")


@pytest.fixture
def region(six: None, chile: State, colombia: State) -> None:
    for state in (chile, colombia):
        participate(state, since=date(1948, 1, 1))


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found
    return found.group(1).strip()


# Home ------------------------------------------------------------------------------------------------------


def test_home_answers_where_the_region_stands(browse: Browse, region: None, chile: State) -> None:
    receive(chile)
    html = page(browse(), "/en/")
    assert heading(html) == (
        "1 of 2 participating states implement at least one cyber confidence-building measure"
    )
    assert re.findall(r'number-large">(\d+)', html) == ["1", "0", "0", "0", "0", "0"]


@pytest.mark.django_db
def test_home_stands_before_anything_is_entered(browse: Browse) -> None:
    assert heading(page(browse(), "/en/")) == "Where the region stands"


def test_every_state_has_a_tile_of_its_own(browse: Browse, region: None, chile: State) -> None:
    receive(chile)
    html = page(browse(), "/en/")
    assert re.findall(r'<li class="tile-(\w+)">', html) == ["CHL", "COL"]
    assert "implements measure 1<" in html


def test_a_tile_tells_visitors_nothing_of_contacts(
    browse: Browse, region: None, ana: PointOfContact, neighbour: User
) -> None:
    assert "implements measure 2<" in page(browse(neighbour), "/en/")
    visitor = page(browse(), "/en/")
    assert "implements measure" not in visitor
    assert "tile-active" not in visitor


def test_home_shows_what_was_published_last_and_no_draft(
    browse: Browse, region: None, chile: State, delegate: User
) -> None:
    draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": "Borrador secreto"})
    for day in range(1, 8):
        receive(chile, title=f"Ley {day}", at=datetime(2026, 1, day, tzinfo=UTC))
    for person in (None, delegate):
        html = page(browse(person), "/en/")
        assert re.findall(r'lang="es">([^<]+)</span></a></h3>', html) == [
            "Ley 7",
            "Ley 6",
            "Ley 5",
            "Ley 4",
            "Ley 3",
        ]


def test_a_delegate_is_told_what_waits_in_their_own_state(
    browse: Browse, region: None, ana: PointOfContact, delegate: User, neighbour: User
) -> None:
    own = page(browse(delegate), "/en/")
    assert '<a href="/en/my/#attention">1 point of contact of your state waits to be confirmed</a>' in own
    assert "Nothing waits for you" in page(browse(neighbour), "/en/")
    visitor = page(browse(), "/en/")
    assert "What needs your attention" not in visitor
    assert "What you find here" in visitor


def test_each_thing_that_waits_leads_to_where_it_is_done(
    browse: Browse, region: None, chile: State, delegate: User, officer: User, observer: User
) -> None:
    viewer = viewer_of(delegate)
    draft_policy(state=chile, by=viewer, **CONTENT)
    submit_policy(policy=draft_policy(state=chile, by=viewer, **CONTENT), by=viewer)
    collect(chile)

    def steps(person: User) -> list[tuple[str, str]]:
        return re.findall(r'<li><a href="([^"]+)">(\d+ [^<]+)</a></li>', page(browse(person), "/en/"))

    assert steps(delegate) == [
        ("/en/my/#attention", "1 record compiled by the Secretariat can be adopted by your state"),
        ("/en/my/#policies", "1 draft has not been submitted yet"),
    ]
    assert steps(officer) == [
        (
            "/admin/policies/policysubmission/?status__exact=submitted",
            "1 policy submission waits to be reviewed",
        )
    ]
    assert steps(observer) == []
    assert 'href="/en/directory/?order=open"' in page(browse(observer), "/en/")


def test_home_takes_at_most_twelve_queries(
    browse: Browse, region: None, chile: State, ana: PointOfContact, delegate: User, officer: User
) -> None:
    receive(chile)
    for person in (None, delegate, officer):
        client = browse(person)
        with CaptureQueriesContext(connection) as queries:
            page(client, "/en/")
        assert len(queries) <= 12


# States ----------------------------------------------------------------------------------------------------


def test_states_stand_in_the_readers_alphabet(browse: Browse, chile: State, colombia: State) -> None:
    curate_name(colombia, name_fr="Éire", name_es="Ávila")
    names = [state.name for state in browse().get("/fr/states/").context["states"]]
    assert names == ["Chili", "Éire"]
    names = [state.name for state in browse().get("/es/states/").context["states"]]
    assert names == ["Ávila", "Chile"]


def curate_name(state: State, **names: str) -> None:
    for name, value in names.items():
        setattr(state, name, value)
    curate(state, by=portal(), reason="test")


def test_a_state_has_the_status_of_today(browse: Browse, chile: State, colombia: State) -> None:
    today = datetime.now(UTC).date()
    participate(chile, since=date(1948, 1, 1), until=today)
    row = Participation(state=chile, status="withdrawn", from_date=today)
    curate(row, by=portal(), reason="test")
    rows = re.findall(r"<td>(.*?)</td>", page(browse(), "/en/states/"), re.DOTALL)
    assert rows == ["Withdrawn", '<span class="quiet">Not recorded</span>']


@pytest.mark.parametrize("path", ["/en/", "/en/states/"])
def test_more_states_take_no_more_queries(browse: Browse, six: None, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browse(), path)
        return len(captured)

    def add(number: int) -> None:
        code = f"X{chr(65 + number // 26)}{chr(65 + number % 26)}"
        names = dict.fromkeys(("name_en", "name_es", "name_pt", "name_fr", "capital"), f"State {number}")
        fields = {"official_languages": ["es"], "time_zone": "UTC", "joined_year": 1948, **names}
        state = curate(State(iso3=code, iso2=code[1:], **fields), by=portal(), reason="test")
        participate(state, since=date(1948, 1, 1))
        report(state, 4)
        receive(state)

    for number in range(3):
        add(number)
    few = queries()
    for number in range(3, 30):
        add(number)
    assert queries() == few


# A state ---------------------------------------------------------------------------------------------------


def test_a_state_in_lower_case_is_sent_on_for_good(browse: Browse, chile: State) -> None:
    response = browse().get("/en/states/chl/")
    assert (response.status_code, response["Location"]) == (301, "/en/states/CHL/")


@pytest.mark.parametrize("code", ["XXX", "CL", "CHLE", "CH%00", "%00%00%00", "C-L"])
def test_what_is_no_state_is_not_found(browse: Browse, chile: State, code: str) -> None:
    assert browse().get(f"/en/states/{code}/").status_code == 404


def test_a_visitor_sees_no_detail_of_a_person(browse: Browse, ana: PointOfContact, neighbour: User) -> None:
    mark_do_not_use(contact=ana, by=portal(), reason="On leave until May")
    shown = (
        "Ana Ejemplo",
        "Head of unit",
        "ana.ejemplo@",
        "+56 2 2123 0001",
        "cyber.contact@",
        "On leave until May",
    )
    member = page(browse(neighbour), "/en/states/CHL/")
    visitor = page(browse(), "/en/states/CHL/")
    assert [text in member for text in shown] == [True] * len(shown)
    assert [text in visitor for text in shown] == [False] * len(shown)
    assert browse().get("/en/states/CHL/").context["contacts"] == []
    assert "States share their points of contact with one another, not with the public." in visitor


def test_who_has_lost_all_access_sees_no_person(browse: Browse, ana: PointOfContact, former: User) -> None:
    assert "Ana Ejemplo" not in page(browse(former), "/en/states/CHL/")


def test_a_detail_for_the_secretariat_stays_with_it_and_the_state(
    browse: Browse, ana: PointOfContact, delegate: User, neighbour: User, officer: User
) -> None:
    seen = [
        "tel:+56900000001" in page(browse(one), "/en/states/CHL/") for one in (neighbour, delegate, officer)
    ]
    assert seen == [False, True, True]


def test_institutions_and_mailboxes_have_audiences_of_their_own(
    browse: Browse, chile: State, neighbour: User
) -> None:
    offices = [
        ("Open office", "open@example.org", "public", "public"),
        ("Shy office", "shy@example.org", "public", "members"),
        ("Inner office", "inner@example.org", "members", "public"),
    ]
    for name, mailbox, audience, mailbox_audience in offices:
        add_institution(
            state=chile,
            name=name,
            mailbox=mailbox,
            audience=audience,
            mailbox_audience=mailbox_audience,
            by=portal(),
            reason="test",
        )
    visitor, member = (page(browse(one), "/en/states/CHL/") for one in (None, neighbour))
    texts = [text for name, mailbox, *_audiences in offices for text in (name, mailbox)]
    assert [text in visitor for text in texts] == [True, True, True, False, False, False]
    assert [text in member for text in texts] == [True] * 6


def test_telephone_and_address_of_an_open_institution_are_for_members(
    browse: Browse, chile: State, neighbour: User
) -> None:
    add_institution(
        state=chile,
        name="Open office",
        phone="+56221230007",
        address="Calle 7",
        audience="public",
        by=portal(),
        reason="test",
    )
    visitor, member = (page(browse(one), "/en/states/CHL/") for one in (None, neighbour))
    assert [text in visitor for text in ("Open office", "+56221230007", "Calle 7")] == [True, False, False]
    assert [text in member for text in ("Open office", "+56221230007", "Calle 7")] == [True, True, True]


def test_drafts_and_activities_for_members_stay_out_of_a_visitors_sight(
    browse: Browse, six: None, chile: State, delegate: User, neighbour: User
) -> None:
    draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": "Borrador secreto"})
    collect(chile, title="Ley compilada")
    receive(chile, title="Ley publicada")
    report(chile, 4, title="Taller reservado", audience="members")
    report(chile, 4, title="Taller abierto")
    texts = ("Ley publicada", "Taller abierto", "Taller reservado", "Borrador secreto", "Ley compilada")
    pages = [page(browse(one), "/en/states/CHL/") for one in (None, neighbour, delegate)]
    assert [[text in html for text in texts] for html in pages] == [
        [True, True, False, False, False],
        [True, True, True, False, False],
        [True, True, True, True, True],
    ]


def test_a_state_that_left_is_shown_with_its_past(browse: Browse, chile: State) -> None:
    participate(chile, since=date(1948, 1, 1), until=date(2023, 11, 19))
    row = Participation(
        state=chile, status="withdrawn", from_date=date(2023, 11, 19), note="By its own decision."
    )
    curate(row, by=portal(), reason="test")
    html = page(browse(), "/en/states/CHL/")
    assert "From 1 January 1948, until 19 November 2023" in html
    assert "Since 19 November 2023" in html
    assert '</h1>\n  <p><span class="tag tag-plain">Withdrawn</span></p>' in html
    assert "By its own decision." in html


def test_a_state_that_has_shared_nothing_says_what_would_be_here(
    browse: Browse, chile: State, neighbour: User
) -> None:
    html = page(browse(neighbour), "/en/states/CHL/")
    assert "Chile has not named a point of contact yet." in html
    assert "Chile has no policy or law in the repository yet." in html


def test_a_state_with_more_to_show_takes_no_more_queries(
    browse: Browse, six: None, chile: State, make_contact: Callable[..., PointOfContact], neighbour: User
) -> None:
    def queries() -> int:
        client = browse(neighbour)
        with CaptureQueriesContext(connection) as captured:
            page(client, "/en/states/CHL/")
        return len(captured)

    def add(number: int) -> None:
        institution = add_institution(state=chile, name=f"Office {number}", by=portal(), reason="test")
        make_contact(full_name=f"Person {number}", institution=institution)
        receive(chile, title=f"Ley {number}")
        report(chile, 4 + number % 3)

    for number in range(3):
        add(number)
    few = queries()
    for number in range(3, 30):
        add(number)
    assert queries() == few


def test_a_state_page_names_the_measures_that_its_records_show(
    browse: Browse, region: None, ana: PointOfContact, chile: State, neighbour: User
) -> None:
    def numbers(person: User | None) -> list[str]:
        html = page(browse(person), "/en/states/CHL/")
        return re.findall(r'href="/en/measures/(\d)/">\d\. Short text', html)

    assert (numbers(None), numbers(neighbour)) == ([], ["2"])
    receive(chile)
    report(chile, 5)
    assert (numbers(None), numbers(neighbour)) == (["1", "5"], ["1", "2", "5"])


def test_a_state_that_takes_no_part_implements_nothing(browse: Browse, six: None, chile: State) -> None:
    receive(chile)
    assert "Measures implemented" not in page(browse(), "/en/states/CHL/")


def test_what_a_record_is_evidence_for_is_the_same_on_home_and_on_the_page_of_the_state(
    browse: Browse, region: None, ana: PointOfContact, chile: State, delegate: User
) -> None:
    collect(chile)
    draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
    report(chile, 4, audience="members")
    for person in (None, delegate):
        tile = next(one for one in browse(person).get("/en/").context["tiles"] if one.iso3 == chile.iso3)
        measures = browse(person).get("/en/states/CHL/").context["measures"]
        assert [one.number for one in measures] == list(tile.numbers)


# Errors ----------------------------------------------------------------------------------------------------


class KeptInTheSession:
    """Messages to the reader, which only the session (a table) knows."""

    def __len__(self) -> int:
        raise AssertionError("An error page asked for the session.")


@pytest.mark.parametrize(
    ("handler", "status"),
    [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404), (views.server_error, 500)],
)
def test_an_error_page_needs_no_database_and_no_middleware(
    handler: Callable[..., Any], status: int, django_db_blocker: Any
) -> None:
    request: Any = RequestFactory().get("/es/policies/")
    request._messages = KeptInTheSession()
    with django_db_blocker.block():
        response = handler(request) if status == 500 else handler(request, Exception())
    assert response.status_code == status
    html = response.content.decode()
    assert heading(html)
    assert 'href="/en/"' in html


@pytest.mark.django_db
def test_a_missing_page_is_a_page_of_the_portal(browse: Browse) -> None:
    response = browse().get("/fr/nulle-part/")
    assert response.status_code == 404
    html = response.content.decode()
    assert '<html lang="fr">' in html
    assert 'href="/pt/nulle-part/" lang="pt-BR"' in html


@pytest.mark.django_db
def test_a_failure_is_a_page_of_the_portal(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("test")

    monkeypatch.setattr(views, "region", fail)
    client = browse()
    client.raise_request_exception = False
    response = client.get("/en/")
    assert response.status_code == 500
    assert heading(response.content.decode()) == "The portal could not answer"


@pytest.mark.django_db
def test_a_missing_page_asks_nobody_to_sign_in_twice(browse: Browse, delegate: User) -> None:
    def says(person: User | None) -> bool:
        return "sign in</a> and try again" in browse(person).get("/en/nowhere/").content.decode()

    assert (says(None), says(delegate)) == (True, False)


@pytest.mark.django_db
def test_an_outsider_is_told_that_administration_is_for_others(browse: Browse, delegate: User) -> None:
    response = browse(delegate).get("/admin/")
    assert response.status_code == 403
    assert heading(response.content.decode()) == "Your account may not do this"


@pytest.mark.django_db
def test_what_is_too_large_is_told_with_the_limit(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1_200_000)
    response = browse().post("/en/account/login/", {"file": ContentFile(b"x" * 1_300_000, "a.pdf")})
    assert response.status_code == 400
    html = response.content.decode()
    assert heading(html) == "What you sent is too large"
    assert "30.0\xa0MB" in html


# For machines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "place"),
    [("pt", "/pt/"), ("pt-PT,pt;q=0.9", "/pt/"), ("fr-CA", "/fr/"), ("de", "/en/"), ("*", "/en/")],
)
def test_the_bare_address_chooses_the_readers_language(browse: Browse, accepted: str, place: str) -> None:
    response = browse().get("/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, place)


def test_security_txt_says_whom_to_tell_and_until_when(browse: Browse, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    response = browse().get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@example.org"
    assert lines["Preferred-Languages"] == "en, es, pt, fr"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


def test_robots_are_told_where_not_to_go(browse: Browse) -> None:
    assert browse().get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /api/\nSitemap: http://testserver/sitemap.xml\n"
    )


def addresses(client: Client) -> list[str]:
    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [str(found.text) for found in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_search_engines_are_told_every_public_page_in_each_language(
    browse: Browse, six: None, chile: State
) -> None:
    policy = receive(chile)
    found = addresses(browse())
    assert len(found) == len(set(found)) == 4 * (len(PAGES) + 1 + 6 + 1)
    for path in ("", "timeline/", "states/CHL/", "measures/6/", f"policies/{policy.ref}/"):
        for prefix in ("en", "es", "pt", "fr"):
            assert f"http://testserver/{prefix}/{path}" in found
    assert {browse().get(address).status_code for address in found} == {200}


def test_search_engines_are_told_of_no_draft_whoever_asks(
    browse: Browse, chile: State, delegate: User, officer: User
) -> None:
    draft = draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
    collected = collect(chile)
    for person in (None, delegate, officer):
        found = " ".join(addresses(browse(person)))
        assert draft.ref not in found
        assert collected.ref not in found


def test_more_documents_take_the_sitemap_no_more_queries(browse: Browse, chile: State) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            addresses(browse())
        return len(captured)

    few = queries()
    for _one in range(5):
        receive(chile)
    assert queries() == few <= 12


def test_the_icon_is_found_where_browsers_look(browse: Browse) -> None:
    response = browse().get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/portal/favicon.svg")


# About the portal ------------------------------------------------------------------------------------------


def test_about_names_the_measures_and_whom_to_write_to(browse: Browse, six: None, settings: Any) -> None:
    settings.SECRETARIAT_EMAIL = "cbm@oas.example.org"
    html = page(browse(), "/en/about/")
    assert re.findall(r'href="/en/measures/(\d)/"', html) == ["1", "2", "3", "4", "5", "6"]
    assert "Short text 4, in full." in html
    assert "mailto:cbm@oas.example.org" in html
    assert 'href="/api/v1/docs/"' in html


def test_about_asks_the_database_twice(browse: Browse, six: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(browse(), "/en/about/")
    assert len(queries) == 2


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
def test_what_the_portal_promises_stands_without_a_database(browse: Browse, name: str, settings: Any) -> None:
    settings.SECRETARIAT_EMAIL = "cbm@oas.example.org"
    assert "mailto:cbm@oas.example.org" in page(browse(), f"/en/{name}/")


@pytest.mark.django_db
def test_a_visitor_who_only_reads_receives_no_cookie(browse: Browse, chile: State) -> None:
    for path in ("/", *(f"/en/{path}" for path in ("", "states/CHL/", "policies/", "privacy/", "glossary/"))):
        assert not browse().get(path).cookies


def test_the_cookies_are_those_that_the_privacy_page_names(
    browse: Browse, ana: PointOfContact, delegate: User
) -> None:
    client = browse(delegate)
    client.get("/en/account/login/", follow=True)
    client.get("/en/my/CHL/")
    client.post(f"/en/my/CHL/contacts/{ana.uuid}/confirm/")
    assert set(client.cookies) <= set(re.findall(r'<dt class="fixed">(\w+)', page(browse(), "/en/privacy/")))
    assert set(client.cookies) >= {"sessionid", "csrftoken", "messages"}


@pytest.mark.django_db
def test_the_portal_says_that_it_lives_and_is_ready(browse: Browse) -> None:
    for path in ("/health/live", "/health/ready"):
        response = browse().get(path)
        assert (response.status_code, response.content) == (200, b"ok")


def test_a_forged_form_is_refused_in_the_readers_language_and_in_our_own_house() -> None:
    answer = Client(enforce_csrf_checks=True).post("/es/account/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert '<html lang="es"' in answer.content.decode()
    assert "400.html" in [template.name for template in answer.templates]


def test_home_leads_an_officer_to_the_very_contacts_that_are_overdue(browse, officer, ana):
    client = browse(officer)
    page = client.get("/en/").content.decode()
    place = "/admin/contacts/pointofcontact/?office=due"
    assert f'href="{place}"' in page
    assert ana.full_name in client.get(place).content.decode()
