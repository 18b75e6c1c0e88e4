"""The Secretariat's desk as a whole: who enters, and that every list and form works and writes with a trace."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.tokens import make_token
from cbmportal.history.models import Record
from cbmportal.notices.kinds import known_kinds
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify
from contacts.access import grant_directory_access, grant_right, portal
from contacts.access.accounts import open_account
from contacts.access.invitations import invite
from contacts.models import (
    DirectoryAccess,
    DirectoryRead,
    FormalAct,
    Institution,
    Invitation,
    Participation,
    PointOfContact,
    State,
    StateGrant,
)
from contacts.services import add_institution, curate
from contacts.services.acts import enter_act
from measures.models import Activity, Measure, MeasureText, Milestone, ReportedFigure
from measures.services import report_activity
from policies.models import (
    GlossaryTerm,
    PolicyFile,
    PolicySubmission,
    PolicyTranslation,
    RepositorySettings,
)
from policies.services import add_file, enter_received_policy, set_translation
from tests.conftest import CAST, Cast, make_state
from tests.contacts.test_acts import SCAN, a_pdf
from tests.desk import errors_on, form_on

ON_BEHALF = {"by": portal(), "reason": "test"}


@dataclass
class World:
    """What the records of the examples refer to."""

    state: State
    ministry: Institution
    contact: Callable[..., PointOfContact]
    user: Callable[..., User]
    measure: Measure
    policy: PolicySubmission
    people: list[User] = field(default_factory=list)

    def somebody(self) -> User:
        self.people.append(self.user(f"person.{len(self.people)}"))
        return self.people[-1]


def make_measure(number: int) -> Measure:
    return curate(Measure(number=number, evidence="activities", adopted_on="2018-05-04"), **ON_BEHALF)


def make_policy(state: State, title: str = "Ley de prueba") -> PolicySubmission:
    return enter_received_policy(
        state=state,
        title=title,
        language="es",
        kind="law",
        link="https://example.org/law",
        received_how="E-mail",
        received_on=date(2026, 1, 5),
        **ON_BEHALF,
    )


@pytest.fixture
def world(
    chile: State,
    ministry: Institution,
    make_contact: Callable[..., PointOfContact],
    make_user: Callable[..., User],
) -> World:
    return World(chile, ministry, make_contact, make_user, make_measure(4), make_policy(chile))


def some_state(world: World, n: int) -> State:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    code = f"X{letters[n // 26]}{letters[n % 26]}"
    state = State(
        iso3=code, iso2=code[1:], name_en=code, name_es=code, name_pt=code, name_fr=code,
        official_languages=["es"], capital=code, time_zone="America/Lima", joined_year=1948,
    )  # fmt: skip
    return curate(state, **ON_BEHALF)


def some_term(world: World, n: int) -> GlossaryTerm:
    words = {
        f"{word}_{lang}": "attribution"
        for word in ("term", "definition")
        for lang in ("en", "es", "pt", "fr")
    }
    return curate(GlossaryTerm(key=f"term-{n}", topic="law", **words), **ON_BEHALF)


def some_milestone(world: World, n: int) -> Milestone:
    titles = {f"title_{language}": f"Meeting {n}" for language in ("en", "es", "pt", "fr")}
    return curate(Milestone(date="2019", **titles), **ON_BEHALF)


def some_notice(world: World, n: int) -> Notice:
    """One that could not be delivered."""
    person = world.somebody()
    notify(kind=known_kinds()[0], to=[person])
    Notice.objects.filter(to=person).update(given_up_at=timezone.now(), last_error="550")
    return Notice.objects.get(to=person)


#: One record of each model; the number tells them apart.
EXAMPLES: dict[type[models.Model], Callable[[World, int], models.Model]] = {
    User: lambda world, n: open_account(email=f"p{n}@example.org", full_name=f"Person {n}", by=portal()),
    Notice: some_notice,
    ApiToken: lambda world, n: make_token(user=world.somebody(), name=f"desk {n}")[0],
    DirectoryRead: lambda world, n: DirectoryRead.objects.create(
        day=date(2026, 1, 1) + timedelta(days=n),
        state=world.state,
        user=world.somebody(),
        via="page",
        first_at=timezone.now(),
    ),
    State: some_state,
    Participation: lambda world, n: curate(
        Participation(
            state=world.state, status="participating", from_date=date(1950 + n, 1, 1), until_date=date(1951 + n, 1, 1)
        ),
        **ON_BEHALF,
    ),
    Institution: lambda world, n: add_institution(state=world.state, name=f"Office {n}", **ON_BEHALF),
    PointOfContact: lambda world, n: world.contact(full_name=f"Official {n}"),
    FormalAct: lambda world, n: enter_act(
        state=world.state, kind="nomination", category="cyber_policy", scan=SCAN, received_how="by e-mail",
        full_name=f"Nominee {n}", position="Head", institution=world.ministry, email=f"n{n}@example.org",
        note_reference="NV 1/2026", note_date=date(2026, 1, 1), **ON_BEHALF,
    ),
    Invitation: lambda world, n: invite(
        state=world.state, kind="delegate", email=f"i{n}@example.org", full_name=f"Invited {n}", **ON_BEHALF
    ),
    StateGrant: lambda world, n: grant_right(
        user=world.somebody(), state=world.state, right="edit_entries", **ON_BEHALF
    ),
    DirectoryAccess: lambda world, n: grant_directory_access(
        user=world.somebody(), kind="duty_desk", state=world.state, **ON_BEHALF
    ),
    PolicySubmission: lambda world, n: make_policy(world.state, f"Ley {n}"),
    PolicyTranslation: lambda world, n: set_translation(
        policy=make_policy(world.state), language="en", title=f"Law {n}", **ON_BEHALF
    ),
    PolicyFile: lambda world, n: add_file(
        policy=world.policy, upload=ContentFile(b"%%PDF-1.7 %d" % n, "l.pdf"), name=f"{n}.pdf", **ON_BEHALF
    ),
    GlossaryTerm: some_term,
    RepositorySettings: lambda world, n: RepositorySettings.objects.first()
    or curate(RepositorySettings(pk=1), **ON_BEHALF),
    Measure: lambda world, n: make_measure(n + 10),
    MeasureText: lambda world, n: curate(
        MeasureText(
            measure=world.measure, language="en", edition=n + 1, status="official", short="Short", text="Long"
        ),
        **ON_BEHALF,
    ),
    Milestone: some_milestone,
    ReportedFigure: lambda world, n: curate(
        ReportedFigure(date=date(1990 + n, 1, 1), figure="survey_responses", value=91, source="A report"),
        **ON_BEHALF,
    ),
    Activity: lambda world, n: report_activity(
        state=world.state, measure=world.measure, title=f"Course {n}", language="es", date="2025",
        online=True, **ON_BEHALF,
    ),
}  # fmt: skip

#: What an officer types to enter one, beside what the form suggests.
ENTRIES: dict[type[models.Model], Callable[[World], dict[str, Any]]] = {
    User: lambda world: {"email": "new@example.org", "full_name": "New Person", "time_zone": "America/Lima"},
    State: lambda world: {
        "iso3": "XYZ", "iso2": "XY", "name_en": "X", "name_es": "X", "name_pt": "X", "name_fr": "X",
        "official_languages": ["en"], "capital": "X", "joined_year": "1948", "time_zone": "America/Lima",
    },
    Participation: lambda world: {
        "state": world.state.pk, "status": "participating", "from_date": "2018-01-01"
    },
    Institution: lambda world: {"state": world.state.pk, "name": "New agency", "phone": "+56 2 2123 0001"},
    PointOfContact: lambda world: {
        "state": world.state.pk, "category": "foreign_affairs", "full_name": "Nora Nueva",
        "position": "Director", "institution": world.ministry.pk, "note_reference": "NV 7/2026",
        "designated_on": "2026-02-01", "email": "nora@example.org", "languages": ["es", "fr"],
    },
    FormalAct: lambda world: {
        "state": world.state.pk, "kind": "nomination", "category": "foreign_affairs", "full_name": "Nora Nueva",
        "position": "Director", "institution": world.ministry.pk, "email": "nora@example.org",
        "note_reference": "NV 7/2026", "note_date": "2026-02-01", "received_how": "by e-mail",
        "scan": SimpleUploadedFile("note.pdf", a_pdf()),
    },
    Invitation: lambda world: {
        "state": world.state.pk, "kind": "authority", "full_name": "Irene Invitada", "email": "irene@example.org"
    },
    StateGrant: lambda world: {
        "user": world.somebody().pk, "content_object": world.state.pk, "right": "designate"
    },
    DirectoryAccess: lambda world: {
        "user": world.somebody().pk, "kind": "observer", "organisation": "An observer"
    },
    PolicySubmission: lambda world: {
        "state": world.state.pk, "origin": "compiled", "title": "Otra ley", "language": "es", "kind": "law",
        "link": "https://example.org/otra", "source_grade": "official", "responsible_institutions": "One\nTwo",
    },
    PolicyTranslation: lambda world: {"policy": world.policy.pk, "language": "pt", "title": "Lei"},
    PolicyFile: lambda world: {
        "policy": world.policy.pk, "name": "law.pdf", "file": SimpleUploadedFile("law.pdf", b"%PDF-1.7")
    },
    GlossaryTerm: lambda world: {
        "key": "new-term", "topic": "law",
        **{f"{w}_{lang}": "x" for w in ("term", "definition") for lang in ("en", "es", "pt", "fr")},
    },
    RepositorySettings: lambda world: {"show_compiled": "on"},
    Measure: lambda world: {"number": "7", "evidence": "activities", "adopted_on": "2026-05-04"},
    MeasureText: lambda world: {
        "measure": world.measure.pk, "language": "fr", "status": "translation", "short": "Court", "text": "Long"
    },
    Milestone: lambda world: {
        "date": "2026-05", "title_en": "M", "title_es": "M", "title_pt": "M", "title_fr": "M"
    },
    ReportedFigure: lambda world: {
        "date": "2020-01-01", "figure": "survey_countries", "value": "12", "source": "A report"
    },
    Activity: lambda world: {
        "state": world.state.pk, "measure": world.measure.pk, "title": "Course", "language": "es",
        "date": "2026-03", "place": "Valparaíso", "partners": "One\nTwo",
    },
}  # fmt: skip

#: A field of each model that may be changed, and what an officer types there.
CHANGES: dict[type[models.Model], tuple[str, Any]] = {
    State: ("capital", "New capital"),
    Participation: ("note", "As notified"),
    Institution: ("name", "Renamed agency"),
    PointOfContact: ("position", "Deputy director"),
    PolicySubmission: ("title", "Ley corregida"),
    PolicyTranslation: ("title", "Corrected law"),
    GlossaryTerm: ("term_fr", "attribution (f.)"),
    Measure: ("proposing_body", "The Working Group"),
    MeasureText: ("short", "A shorter text"),
    Milestone: ("reference", "CICTE/doc.1"),
    ReportedFigure: ("source", "Another report"),
    Activity: ("title", "Corrected course"),
}
UNCHANGEABLE = {FormalAct, Invitation, StateGrant, DirectoryAccess, PolicyFile, ApiToken, Notice}


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def named(model: type[models.Model]) -> str:
    return model.__name__


EVERY_MODEL = pytest.mark.parametrize("model", list(EXAMPLES), ids=named)


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


def test_every_domain_model_is_on_the_desk() -> None:
    assert set(admin.site._registry) == set(EXAMPLES)


def test_every_model_that_is_not_only_read_has_an_entry_and_a_change() -> None:
    assert set(ENTRIES) == set(EXAMPLES) - {ApiToken, DirectoryRead, Notice}
    assert set(CHANGES) == {one for one in EXAMPLES if issubclass(one, Record)} - UNCHANGEABLE - {
        RepositorySettings
    }


# Who enters -------------------------------------------------------------------------------------------------


def every_address() -> list[str]:
    """Each address below /admin/, with a number or a word wherever it asks for one."""
    _prefix, resolver = get_resolver("cbmportal.urls").namespace_dict["admin"]
    names = [name for name in resolver.reverse_dict if isinstance(name, str)]
    addresses = []
    for name in names:
        for args in ([], ["1"], ["contacts"], ["1", "1"], ["1", "end"]):
            with suppress(NoReverseMatch):
                addresses.append(reverse(f"admin:{name}", args=args))
    assert len(addresses) > 5 * len(EXAMPLES)
    return addresses


def test_nobody_else_of_the_cast_posts(cast: Cast, browse: Callable[..., Client]) -> None:
    for who in sorted(set(CAST) - {"officer", "visitor", "inactive"}):
        client = browse(cast.people[who])
        for model in (PointOfContact, User, StateGrant):
            assert client.post(address(model, "add"), {"reason": "Forged"}).status_code == 403, who


def test_a_closed_account_does_not_enter(browse: Callable[..., Client], officer: User) -> None:
    client = browse(officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_visitors_are_sent_to_sign_in(client: Client, db: None) -> None:
    for one in every_address():
        response = client.get(one)
        assert response.status_code == 302, one
        assert "login" in response["Location"], one


def test_the_way_to_sign_in_is_the_portal_s_own(client: Client, db: None) -> None:
    response = client.get(reverse("admin:login"))
    assert response["Location"].split("?")[0] == reverse("account_login")


def test_an_administrator_who_is_no_officer_has_no_desk(
    browse: Callable[..., Client], make_user: Callable[..., User]
) -> None:
    client = browse(make_user("root", is_superuser=True))
    assert client.get("/admin/").status_code == 403


def test_passwords_do_not_change_at_the_desk(desk: Client) -> None:
    assert desk.get("/admin/password_change/").status_code == 404


@pytest.mark.parametrize("language", ["en", "es", "pt-br", "fr"])
def test_the_desk_speaks_the_officer_s_language(desk: Client, officer: User, language: str) -> None:
    User.objects.filter(pk=officer.pk).update(language=language)
    response = desk.get("/admin/", headers={"accept-language": "en"})
    assert f'<html lang="{language}"' in response.content.decode()


def test_the_first_page_lists_what_can_be_kept(desk: Client) -> None:
    response = desk.get("/admin/")
    assert response.status_code == 200
    assert {one["app_label"] for one in response.context["app_list"]} == {
        *("accounts", "contacts", "policies", "measures", "notices")
    }


# Every list and form ----------------------------------------------------------------------------------------


@EVERY_MODEL
def test_an_officer_opens_list_record_and_history(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    record = EXAMPLES[model](world, 0)
    assert desk.get(address(model, "changelist")).status_code == 200
    assert desk.get(address(model, "changelist"), {"q": "Éx' a"}).status_code == 200
    assert desk.get(address(model, "change", record.pk)).status_code == 200
    history = desk.get(address(model, "history", record.pk))
    assert history.status_code == (200 if isinstance(record, Record | User) else 404)


@EVERY_MODEL
def test_lists_ask_the_database_as_often_for_thirty_as_for_three(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert desk.get(address(model, "changelist")).status_code == 200
        return len(captured)

    for n in range(3):
        EXAMPLES[model](world, n)
    few = queries()
    for n in range(3, 30):
        EXAMPLES[model](world, n)
    assert queries() == few


@pytest.mark.parametrize("model", list(ENTRIES), ids=named)
def test_an_officer_enters_a_record(
    desk: Client, officer: User, world: World, model: type[models.Model]
) -> None:
    before = set(model._default_manager.values_list("pk", flat=True))
    typed = form_on(desk.get(address(model, "add"))) | ENTRIES[model](world) | {"reason": "Note verbale 12"}
    response = desk.post(address(model, "add"), typed)
    assert response.status_code == 302, errors_on(response)
    record = model._default_manager.exclude(pk__in=before).get()
    if isinstance(record, Record):
        assert last_change(record) == (officer.pk, "admin", "Note verbale 12")


@pytest.mark.parametrize("model", [one for one in ENTRIES if issubclass(one, Record)], ids=named)
def test_nothing_is_entered_without_a_reason(desk: Client, world: World, model: type[models.Model]) -> None:
    typed = form_on(desk.get(address(model, "add"))) | ENTRIES[model](world)
    before = model._default_manager.count()
    response = desk.post(address(model, "add"), typed | {"reason": "  "})
    assert list(errors_on(response)) == ["reason"]
    assert model._default_manager.count() == before


def last_change(record: Any) -> tuple[int | None, str, str]:
    metadata = record.events.order_by("-pgh_id")[0].pgh_context
    return metadata["user"], metadata["via"], metadata["reason"]


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_a_change_lands_in_the_record_and_its_history(
    desk: Client, officer: User, world: World, model: type[models.Model]
) -> None:
    record: Any = EXAMPLES[model](world, 0)
    name, value = CHANGES[model]
    page = address(model, "change", record.pk)
    response = desk.post(page, form_on(desk.get(page)) | {name: value, "reason": "Misspelt"})
    assert response.status_code == 302, errors_on(response)
    record.refresh_from_db()
    assert getattr(record, name) == value
    assert last_change(record) == (officer.pk, "admin", "Misspelt")
    assert "Misspelt" in desk.get(address(model, "history", record.pk)).content.decode()


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_a_change_without_a_reason_changes_nothing(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    record: Any = EXAMPLES[model](world, 0)
    before = vars(model._default_manager.get(pk=record.pk)) | {"_state": None}
    name, value = CHANGES[model]
    page = address(model, "change", record.pk)
    response = desk.post(page, form_on(desk.get(page)) | {name: value, "reason": ""})
    assert list(errors_on(response)) == ["reason"]
    assert vars(model._default_manager.get(pk=record.pk)) | {"_state": None} == before


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_what_the_form_shows_saved_as_it_stands_changes_nothing(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    record: Any = EXAMPLES[model](world, 0)
    page = address(model, "change", record.pk)
    response = desk.post(page, form_on(desk.get(page)) | {"reason": "Looked at it"})
    assert response.status_code == 302, errors_on(response)
    assert record.events.count() == 1 + (model is StateGrant)


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_a_change_never_overwrites_somebody_else_s(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    record: Any = EXAMPLES[model](world, 0)
    name, value = CHANGES[model]
    page = address(model, "change", record.pk)
    opened = form_on(desk.get(page))
    desk.post(page, opened | {name: value, "reason": "First"})
    response = desk.post(page, opened | {name: "Second", "reason": "Second"})
    assert list(errors_on(response)) == ["__all__"]
    assert getattr(model._default_manager.get(pk=record.pk), name) == value


@EVERY_MODEL
def test_nothing_is_deleted_at_the_desk(desk: Client, world: World, model: type[models.Model]) -> None:
    record = EXAMPLES[model](world, 0)
    assert desk.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403
    desk.post(
        address(model, "changelist"),
        {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"},
    )
    assert model._default_manager.filter(pk=record.pk).exists()


@pytest.mark.parametrize("model", sorted(UNCHANGEABLE, key=named), ids=named)
def test_what_is_only_read_cannot_be_posted(desk: Client, world: World, model: type[models.Model]) -> None:
    record = EXAMPLES[model](world, 0)
    before = vars(model._default_manager.get(pk=record.pk)) | {"_state": None}
    posted = {"name": "Forged", "scope": "write", "since_0": "2020-01-01", "since_1": "00:00", "until_0": "",
              "kind": "observer", "reason": "Forged"}  # fmt: skip
    assert desk.post(address(model, "change", record.pk), posted).status_code == 403
    assert vars(model._default_manager.get(pk=record.pk)) | {"_state": None} == before


RECORD_KEEPING = {"uuid": "6f1b0f3e-0000-4000-8000-000000000000", "version": "99", "created_at_0": "2001-01-01",
                  "created_at": "2001-01-01", "updated_at": "2001-01-01", "id": "99999"}  # fmt: skip


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_forged_fields_are_not_taken(desk: Client, world: World, model: type[models.Model]) -> None:
    record: Any = EXAMPLES[model](world, 0)
    other = make_state("COL")
    before = {one.attname: getattr(record, one.attname) for one in model._meta.concrete_fields}
    page = address(model, "change", record.pk)
    forged = RECORD_KEEPING | {
        "state": other.pk, "iso3": "ZZZ", "ref": "ZZZ-2000-001", "status_": "x", "provenance": "submitted",
        "submitted_at": "2001-01-01", "published_at": "2001-01-01", "ended_on": "2026-01-01", "end_reason": "Forged",
        "do_not_use": "on", "do_not_use_reason": "Forged", "confirmed_at": "2001-01-01", "check_result": "reached",
        "key": "forged", "edition": "9",
    }  # fmt: skip
    if model is PolicySubmission:
        forged["status"] = "withdrawn"
    response = desk.post(page, form_on(desk.get(page)) | forged | {"reason": "Forged"})
    assert response.status_code == 302, errors_on(response)
    after = model._default_manager.get(pk=record.pk)
    assert {one.attname: getattr(after, one.attname) for one in model._meta.concrete_fields} == before


BAD = {"long": "x" * 10_000, "nul": "a\x00b", "right-to-left": "a\u202eb", "empty": " "}


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_bad_text_is_an_error_at_its_field(desk: Client, world: World, model: type[models.Model]) -> None:
    record: Any = EXAMPLES[model](world, 0)
    name, _value = CHANGES[model]
    page = address(model, "change", record.pk)
    shown = form_on(desk.get(page))
    optional = model._meta.get_field(name).blank  # type: ignore[union-attr]
    for kind, value in BAD.items():
        response = desk.post(page, shown | {name: value, "reason": "Test"})
        if kind == "empty" and optional:
            assert response.status_code == 302
        else:
            assert list(errors_on(response)) == [name], kind


@pytest.mark.parametrize("value", ["x" * 501, "a\x00b", "a\u202eb"], ids=["long", "nul", "right-to-left"])
def test_a_bad_reason_is_an_error_at_the_reason(desk: Client, world: World, value: str) -> None:
    page = address(Institution, "change", world.ministry.pk)
    response = desk.post(page, form_on(desk.get(page)) | {"name": "New", "reason": value})
    assert list(errors_on(response)) == ["reason"]


STRANGE_KEYS = ("999999", "x", "6f1b0f3e-0000-4000-8000-000000000000", "%00", "9" * 50)


@EVERY_MODEL
def test_an_unknown_record_leads_back_to_the_first_page(
    desk: Client, db: None, model: type[models.Model]
) -> None:
    base = address(model, "changelist")
    for key in STRANGE_KEYS:
        assert desk.get(f"{base}{key}/change/").status_code == 302, key
        assert desk.get(f"{base}{key}/step/end/").status_code == 404, key
        assert desk.get(f"{base}{key}/history/").status_code == 404, key


MALFORMED = (
    *("bogus=1", "p=x", "o=9.x", "e=1", "q=%00", "office=%00", "state__id__exact=x", "state__id__exact=%00"),
    *(
        "category__exact=%00",
        "status__exact=%00",
        "kind__exact=%00",
        "figure__exact=%00",
        "kind__exact=bogus",
    ),
)


@EVERY_MODEL
def test_malformed_filters_lead_to_the_list_or_say_so(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    EXAMPLES[model](world, 0)
    base = address(model, "changelist")
    for query in MALFORMED:
        assert desk.get(f"{base}?{query}").status_code in (200, 302, 400), query
