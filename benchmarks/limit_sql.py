"""The statements of the limit, and the names of what they give."""


def moment(column: str) -> str:
    """As the API writes it; text from the database is quicker than a datetime in between."""
    return f'to_char({column}, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'


#: The states of a token's owner, and whether the owner reads the directory without any.
VIEWER = """
SELECT
    ARRAY(
        SELECT DISTINCT g.content_object_id
        FROM contacts_stategrant g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.user_id = u.id AND p.codename IN ('edit_entries', 'designate')
        AND g.since <= now() AND (g.until IS NULL OR g.until > now())
    ),
    EXISTS (
        SELECT FROM contacts_directoryaccess a LEFT JOIN contacts_pointofcontact c ON c.id = a.contact_id
        WHERE a.user_id = u.id AND c.ended_on IS NULL
        AND a.since <= now() AND (a.until IS NULL OR a.until > now())
    )
FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
WHERE t.digest = %(digest)s AND t.expiry > now() AND u.is_active AND NOT u.is_staff
"""
PAGE = " LIMIT %(limit)s OFFSET %(offset)s"

# Contacts --------------------------------------------------------------------------------------------------

AUDIENCES = {
    "email_audience": ("email",),
    "phone_audience": ("phone",),
    "mobile_audience": ("mobile",),
    "mailbox_audience": ("mailbox",),
    "deputy_audience": ("deputy_name", "deputy_email", "deputy_phone"),
    "duty_audience": ("duty_hours", "time_zone"),
    "languages_audience": ("languages",),
    "pgp_audience": ("pgp_key", "pgp_fingerprint", "pgp_expires_on"),
}
_CONTACT = {
    "uuid": "c.uuid::text",
    "state": "s.iso3",
    "note_date": "c.note_date::text",
    "designated_on": "c.designated_on::text",
    "ended_on": "c.ended_on::text",
    "pgp_expires_on": "c.pgp_expires_on::text",
    "confirmed_at": moment("c.confirmed_at"),
    "confirmed_by": "u.full_name",
    "checked_at": moment("c.checked_at"),
    "updated_at": moment("c.updated_at"),
}
CONTACT_FIELDS = (
    *("uuid", "state", "category", "full_name", "note_reference", "note_date", "designated_on", "ended_on"),
    *("end_reason", "do_not_use", "do_not_use_reason", "position", "email", "phone", "mobile", "mailbox"),
    *("deputy_name", "deputy_email", "deputy_phone", "duty_hours", "time_zone", "languages", "competences"),
    *("pgp_key", *AUDIENCES, "pgp_fingerprint", "pgp_expires_on", "confirmed_at", "confirmed_by"),
    *("checked_at", "check_result", "version", "updated_at"),
)
_CONTACTS_SEEN = " WHERE (c.ended_on IS NULL OR c.state_id = ANY(%(own)s))"
CONTACTS_COUNT = f"SELECT count(*) FROM contacts_pointofcontact c {_CONTACTS_SEEN}"
CONTACTS = f"""
SELECT c.state_id, i.audience, i.uuid::text, i.name,
    {", ".join(_CONTACT.get(name, f"c.{name}") for name in CONTACT_FIELDS)}
FROM contacts_pointofcontact c
    JOIN contacts_state s ON s.id = c.state_id
    JOIN contacts_institution i ON i.id = c.institution_id
    LEFT JOIN accounts_user u ON u.id = c.confirmed_by_id
{_CONTACTS_SEEN}
ORDER BY s.iso3, c.category, c.full_name, c.id
"""

# Policies --------------------------------------------------------------------------------------------------


def _seen(table: str) -> str:
    return f"""({table}.status = 'published' OR {table}.state_id = ANY(%(own)s) OR {table}.status = 'compiled'
        AND EXISTS (SELECT FROM policies_repositorysettings WHERE show_compiled))"""


#: Shown to the state's own only; notes of the Secretariat to nobody here.
POLICY_DETAILS = ("submitted_at", "submitted_by", "review_comment")
_POLICY = {
    "uuid": "p.uuid::text",
    "state": "s.iso3",
    "received_on": "p.received_on::text",
    "superseded_by": "n.ref",
    "stage": "p.status",
    "submitted_at": moment("p.submitted_at"),
    "submitted_by": "u.full_name",
    "published_at": moment("p.published_at"),
    "updated_at": moment("p.updated_at"),
}
POLICY_FIELDS = (
    *("uuid", "ref", "state", "title", "language", "description", "kind", "official_number"),
    *("responsible_institutions", "date", "date_kind", "in_force_from", "legal_status"),
    *("legal_status_inferred", "superseded_by", "link", "citation", "provenance", "received_how"),
    *("received_on", "source_grade", "stage", *POLICY_DETAILS, "published_at", "version", "updated_at"),
)
POLICIES_SEEN = f" WHERE {_seen('p')}"
POLICIES_OF_STATE = " AND p.state_id = (SELECT id FROM contacts_state WHERE iso3 = %(state)s)"
#: The only place that knows how the portal searches (PolicySubmissionQuerySet.about).
POLICIES_ABOUT = """
AND p.id = ANY(ARRAY(SELECT policy_id FROM policies_policysearch WHERE lexemes @@ portal_query(%(q)s)))
"""
POLICIES_ORDER = " ORDER BY p.date DESC, p.ref, p.id"
POLICIES_COUNT = "SELECT count(*) FROM policies_policysubmission p"
POLICIES = f"""
SELECT p.id, p.state_id, {", ".join(_POLICY.get(name, f"p.{name}") for name in POLICY_FIELDS)}
FROM policies_policysubmission p
    JOIN contacts_state s ON s.id = p.state_id
    LEFT JOIN accounts_user u ON u.id = p.submitted_by_id
    LEFT JOIN policies_policysubmission n ON n.id = p.superseded_by_id AND {_seen("n")}
"""
TRANSLATION_FIELDS = ("language", "standing", "title", "description")
TRANSLATIONS = f"""
SELECT policy_id, {", ".join(TRANSLATION_FIELDS)} FROM policies_policytranslation
WHERE policy_id = ANY(%(keys)s) ORDER BY language
"""
FILE_FIELDS = ("number", "name", "size", "sha256", "created_at")
FILES = f"""
SELECT policy_id, number, name, size, sha256, {moment("created_at")} FROM policies_policyfile
WHERE policy_id = ANY(%(keys)s) ORDER BY number DESC
"""
