"""What each resource says, field by field. A field more or less breaks clients, so the answers are compared whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cbmportal.accounts.models import User
from cbmportal.api.directory import FORMATS
from contacts.access import portal
from contacts.models import Institution, PointOfContact, State
from contacts.services import confirm_contact
from measures.models import Activity, Milestone
from policies.models import GlossaryTerm, PolicySubmission
from policies.services import set_translation

HOST = "http://testserver/api/v1"


def moment(value: datetime | None) -> str | None:
    return value and value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def four(word: str) -> dict[str, str]:
    return {code: f"{word} {code}" for code in ("en", "es", "pt", "fr")}


def only(answer: Any) -> Any:
    body = answer.json()
    assert list(body) == ["count", "next", "previous", "results"]
    assert (body["count"], body["next"], body["previous"], len(body["results"])) == (1, None, None, 1)
    return body["results"][0]


def test_the_root_lists_the_resources(api, db):
    names = [
        *(
            "states",
            "measures",
            "contacts",
            "policies",
            "institutions",
            "activities",
            "milestones",
            "glossary",
        ),
        *("changes", "implementation", "labels", "schema", "docs"),
    ]
    files = {f"directory.{ending}": f"{HOST}/directory.{ending}" for ending in FORMATS}
    assert api().get("/api/v1/").json() == {name: f"{HOST}/{name}/" for name in names} | files


def test_a_state(api, chile: State, participation):
    expected = {
        "url": f"{HOST}/states/CHL/",
        "iso3": "CHL",
        "iso2": "CL",
        "name": {"en": "Chile", "es": "Chile", "pt": "Chile", "fr": "Chili"},
        "formal_name": {"en": "", "es": "", "pt": "", "fr": ""},
        "official_languages": ["es"],
        "capital": "Chile",
        "time_zone": "America/Santiago",
        "joined_year": 1948,
        "foreign_ministry": "",
        "foreign_ministry_website": "",
        "participation": [
            {"status": "participating", "from_date": "2019-01-01", "until_date": None, "note": "By letter"}
        ],
        "updated_at": moment(chile.updated_at),
    }
    assert only(api().get("/api/v1/states/")) == expected
    assert api().get("/api/v1/states/CHL/").json() == expected


def test_a_measure_with_its_texts_in_four_languages(api, measure):
    expected = {
        "url": f"{HOST}/measures/4/",
        "number": 4,
        "evidence": "activities",
        "adopted_on": "2019-04-24",
        "adopting_resolution": "CICTE/RES.1",
        "cicte_resolution": "",
        "proposing_body": "",
        "texts": [
            {
                "language": language,
                "edition": 1,
                "status": status,
                "short": f"Short {language}",
                "text": f"Text {language}",
                "explanation": "",
            }
            for language, status in (
                *(("en", "official"), ("es", "official")),
                *(("fr", "translation"), ("pt", "translation")),
            )
        ],
    }
    assert only(api().get("/api/v1/measures/")) == expected
    assert api().get("/api/v1/measures/4/").json() == expected


FORMAL = {
    "category": "cyber_policy",
    "full_name": "Ana Ejemplo",
    "note_reference": "NV 1/2026",
    "note_date": None,
    "designated_on": "2026-01-15",
    "ended_on": None,
    "end_reason": "",
    "do_not_use": False,
    "do_not_use_reason": "",
    "confirmed_by": "Delegate Chl",
    "checked_at": None,
    "check_result": "",
}
SEEN_BY_MEMBERS = {
    "position": "Head of unit",
    "email": "ana.ejemplo@example.org",
    "phone": "+56221230001",
    "mailbox": "cyber.contact@example.org",
    "duty_hours": dict.fromkeys("12345", "09:00-17:00"),
    "time_zone": "America/Santiago",
    "languages": ["es", "en"],
    "competences": ["policy"],
    "pgp_key": "",
    "pgp_fingerprint": "",
    "pgp_expires_on": None,
}
KEPT_TO_THE_STATE = {
    "mobile": "+56900000001",
    "deputy_name": "Beto Suplente",
    "deputy_email": "beto@example.org",
    "deputy_phone": "",
    "email_audience": "members",
    "phone_audience": "members",
    "mobile_audience": "secretariat",
    "mailbox_audience": "members",
    "deputy_audience": "secretariat",
    "duty_audience": "members",
    "languages_audience": "members",
    "pgp_audience": "members",
}


def contact_seen_by_members(ana: PointOfContact) -> dict[str, Any]:
    ana.refresh_from_db()
    return {
        "url": f"{HOST}/contacts/{ana.uuid}/",
        "uuid": str(ana.uuid),
        "state": "CHL",
        "institution": {"uuid": str(ana.institution.uuid), "name": "Ministry of Tests"},
        **FORMAL,
        **SEEN_BY_MEMBERS,
        "confirmed_at": moment(ana.confirmed_at),
        "version": ana.version,
        "updated_at": moment(ana.updated_at),
    }


@pytest.mark.parametrize(
    ("who", "extra"),
    [
        ("neighbour", {}),
        ("observer", {}),
        ("duty_desk", {}),
        ("member", {}),
        ("delegate", KEPT_TO_THE_STATE),
        ("designator", KEPT_TO_THE_STATE),
        ("officer", KEPT_TO_THE_STATE),
    ],
)
def test_a_contact_as_each_of_the_cast_sees_it(api, cast, ana: PointOfContact, delegate: User, who, extra):
    confirm_contact(contact=ana, by=cast.viewer("delegate"), at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    expected = contact_seen_by_members(ana) | extra
    client = api(cast.people[who])
    assert only(client.get("/api/v1/contacts/")) == expected
    assert client.get(f"/api/v1/contacts/{ana.uuid}/").json() == expected


def test_times_are_utc_even_for_a_session_in_another_zone(browse, ana: PointOfContact, delegate: User):
    delegate.time_zone = "America/Santiago"
    delegate.save()
    confirm_contact(contact=ana, by=portal(), reason="test", at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    answer = browse(delegate).get(f"/api/v1/contacts/{ana.uuid}/")
    assert answer.json()["confirmed_at"] == "2026-05-01T12:00:00.000000Z"


def test_a_policy_submission(api, strategy: PolicySubmission, officer: User, delegate: User):
    set_translation(
        policy=strategy,
        language="en",
        by=portal(),
        reason="test",
        title="National Policy",
        standing="courtesy",
    )
    public = {
        "url": f"{HOST}/policies/CHL-2017-001/",
        "uuid": str(strategy.uuid),
        "ref": "CHL-2017-001",
        "state": "CHL",
        "title": "Política Nacional de Ciberseguridad",
        "language": "es",
        "description": "Cinco objetivos",
        "kind": "national_strategy",
        "official_number": "",
        "responsible_institutions": ["Ministerio de Pruebas"],
        "date": "2017-04",
        "date_kind": "adoption",
        "in_force_from": "",
        "legal_status": "in_force",
        "legal_status_inferred": False,
        "superseded_by": None,
        "link": "",
        "citation": "Gaceta 1",
        "provenance": "received",
        "received_how": "Note verbale",
        "received_on": "2026-01-20",
        "source_grade": "",
        "translations": [
            {"language": "en", "standing": "courtesy", "title": "National Policy", "description": ""}
        ],
        "files": [],
        "stage": "published",
        "published_at": "2026-02-01T00:00:00.000000Z",
        "version": strategy.version,
        "updated_at": moment(strategy.updated_at),
    }
    own = {"submitted_at": "2026-02-01T00:00:00.000000Z", "submitted_by": None, "review_comment": ""}
    assert only(api().get("/api/v1/policies/")) == public
    assert api().get("/api/v1/policies/CHL-2017-001/").json() == public
    assert only(api(delegate).get("/api/v1/policies/")) == public | own
    assert only(api(officer).get("/api/v1/policies/")) == public | own | {"notes": "Ask for the annex"}


def test_a_public_institution(api, public_office: Institution, neighbour: User, delegate: User):
    public = {
        "url": f"{HOST}/institutions/{public_office.uuid}/",
        "uuid": str(public_office.uuid),
        "state": "CHL",
        "name": "Agency",
        "website": "https://agency.example.org/",
        "mailbox": "office@agency.example.org",
        "version": 1,
        "updated_at": moment(public_office.updated_at),
    }
    members = public | {"phone": "+56221230000", "address": "Street 1"}
    address = f"/api/v1/institutions/{public_office.uuid}/"
    assert only(api().get("/api/v1/institutions/")) == public
    assert api(neighbour).get(address).json() == members
    assert api(delegate).get(address).json() == members | {"audience": "public", "mailbox_audience": "public"}


def test_an_activity(api, seminar: Activity, neighbour: User):
    public = {
        "url": f"{HOST}/activities/{seminar.uuid}/",
        "uuid": str(seminar.uuid),
        "state": "CHL",
        "measure": 4,
        "title": "Seminar",
        "language": "en",
        "description": "",
        "date": "2026-03",
        "end_date": "",
        "online": True,
        "place": "",
        "partners": [],
        "link": "",
        "version": 1,
        "updated_at": moment(seminar.updated_at),
    }
    assert only(api().get("/api/v1/activities/")) == public
    assert api(neighbour).get(f"/api/v1/activities/{seminar.uuid}/").json() == public | {"audience": "public"}


def test_a_milestone(api, milestone: Milestone):
    assert only(api().get("/api/v1/milestones/")) == {
        "uuid": str(milestone.uuid),
        "date": "2017-04",
        "end_date": "",
        "title": four("Title"),
        "reference": "CICTE/RES.1/17",
        "note": {"en": "", "es": "", "pt": "", "fr": ""},
    }


def test_a_glossary_term(api, term: GlossaryTerm):
    expected = {
        "url": f"{HOST}/glossary/cyber-incident/",
        "key": "cyber-incident",
        "topic": "threats",
        "term": four("Term"),
        "synonyms": {"en": [], "es": ["incidente"], "pt": [], "fr": []},
        "definition": four("Definition"),
        "updated_at": moment(term.updated_at),
    }
    assert only(api().get("/api/v1/glossary/")) == expected
    assert api().get("/api/v1/glossary/cyber-incident/").json() == expected


def test_labels_say_what_to_call_each_code_in_four_languages(api, db):
    labels = api().get("/api/v1/labels/").json()
    assert labels["category"]["cyber_policy"].keys() == {"en", "es", "pt", "fr"}
    assert labels["category"]["cyber_policy"]["en"] == "Cyber policy"
