"""Who may open what: one row an address, one answer for each of the cast. docs/permissions.md says it in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MEMBERS = ("delegate", "neighbour", "designator", "member", "observer", "duty_desk", "officer")
OWN = ("delegate", "designator")
SIGNED_OUT = ("visitor", "inactive")

NOT_OWN = ("neighbour", "member", "observer", "duty_desk")

Scene = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """`answers` maps persons to a status; whoever is not in it gets `otherwise`."""

    answers: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 200
    about: Callable[[Scene], dict[str, Any]] = lambda scene: {}
    method: str = "GET"

    def expected(self, person: str) -> int:
        return self.answers.get(person, self.otherwise)

    def arguments(self, scene: Scene) -> dict[str, Any]:
        return self.about(scene)


def every(people: tuple[str, ...], status: int) -> dict[str, int]:
    return dict.fromkeys(people, status)


def of_state(scene: Scene) -> dict[str, Any]:
    return {"iso3": scene["state"].iso3}


def entry(name: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"iso3": scene["state"].iso3, "uuid": scene[name].uuid}


def draft(scene: Scene) -> dict[str, Any]:
    return {"iso3": scene["state"].iso3, "ref": scene["draft"].ref}


def by_ref(scene: Scene) -> dict[str, Any]:
    return {"ref": scene["draft"].ref}


def token(scene: Scene) -> dict[str, Any]:
    """A token of the delegate."""
    return {"digest": scene["token"].digest}


def known(name: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"uuid": scene[name].uuid}


# To sign in comes first; whoever has lost access learns no more than a stranger.
SIGN_IN = every(SIGNED_OUT, 302)
LOST = {"former": 404}
EVERYONE: dict[str, int] = {}
ONCE_SIGNED_OUT = every((*MEMBERS, "former"), 302)
MEMBER_PAGE = SIGN_IN | {"former": 403}
MEMBER_ENTRY = SIGN_IN | LOST
# What is for one person is not for whoever sits at a duty desk.
SHARED = {"duty_desk": 403}
PERSONAL = SIGN_IN | SHARED
# Whoever has a second factor uses it once more before a step that matters.
HAS_FACTOR = {"officer": 302, "designator": 302}
# The state's own people work; the Secretariat looks on (it writes in admin).
UNSEEN = every(NOT_OWN, 404)
SEEN = every(NOT_OWN, 403)
READ_BY_OWN = SIGN_IN | LOST | UNSEEN
WRITTEN_BY_OWN = READ_BY_OWN | {"officer": 403}
WRITTEN_BY_OWN_SEEN_BY_MEMBERS = WRITTEN_BY_OWN | SEEN
DONE_BY_OWN = every(OWN, 302)
# What only the designating authority looks after; the other delegates are told that it is there.
BY_AUTHORITY = READ_BY_OWN | {"delegate": 403}
# A draft and what hangs on it: its state and the Secretariat; no other address says that it exists.
DRAFT = every((*SIGNED_OUT, *NOT_OWN, "former"), 404)
API_MEMBERS = every(SIGNED_OUT, 401) | {"former": 403}
API_STEP = every(SIGNED_OUT, 401) | every((*NOT_OWN, "former"), 404) | {"officer": 403}
API_ENTRY = every((*SIGNED_OUT, "former"), 404)

PUBLIC = (
    "api-guide",
    *("home", "states", "policies", "measures", "implementation", "timeline"),
    *("glossary", "policies_feed", "about", "privacy", "accessibility", "sitemap"),
    *("health_live", "health_ready", "robots", "security"),
    *("account_inactive", "account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key_done", "api-root", "api-schema", "api-docs", "api-labels"),
    "api-implementation",
    *("api-states-list", "api-measures-list", "api-policies-list", "api-institutions-list"),
    *("api-activities-list", "api-milestones-list", "api-glossary-list"),
)

TABLE: dict[str, Row] = {
    **{name: Row(EVERYONE) for name in PUBLIC},
    # Outside the demonstration there are no such pages.
    "demo_outbox": Row(otherwise=404),
    "demo_letter": Row(otherwise=404, about=lambda scene: {"name": "any"}),
    "demo_letter_html": Row(otherwise=404, about=lambda scene: {"name": "any"}),
    "choose_language": Row(otherwise=302),
    "favicon": Row(otherwise=302),
    "state": Row(about=of_state),
    "measure": Row(about=lambda scene: {"number": 4}),
    "policy": Row(DRAFT, about=by_ref),
    "policy_file": Row(DRAFT, about=lambda scene: {"ref": scene["draft"].ref, "number": 1}),
    "directory": Row(MEMBER_PAGE),
    "contact": Row(MEMBER_ENTRY, about=known("contact")),
    "contact_vcard": Row(MEMBER_ENTRY, about=known("contact")),
    # This contact has no key; tests/contacts/test_exports.py has one.
    "contact_key": Row(SIGN_IN, otherwise=404, about=known("contact")),
    "my": Row(SIGN_IN | every((*OWN, "neighbour"), 302)),
    "my_state": Row(READ_BY_OWN, about=of_state),
    "my_tokens": Row(BY_AUTHORITY, about=of_state),
    "my_token_revoke": Row(
        BY_AUTHORITY | {"officer": 403}, about=lambda scene: {**of_state(scene), **token(scene)}
    ),
    "draft_keep": Row(SIGN_IN, otherwise=400, method="POST"),
    "draft_discard": Row(SIGN_IN, otherwise=400, method="POST"),
    "my_contact_edit": Row(WRITTEN_BY_OWN_SEEN_BY_MEMBERS, about=entry("contact")),
    "my_contacts_confirm": Row(WRITTEN_BY_OWN | DONE_BY_OWN, about=of_state, method="POST"),
    "my_contact_undo": Row(
        WRITTEN_BY_OWN_SEEN_BY_MEMBERS | DONE_BY_OWN, about=entry("contact"), method="POST"
    ),
    "my_contact_mark": Row(WRITTEN_BY_OWN_SEEN_BY_MEMBERS, about=entry("contact")),
    "my_contact_confirm": Row(
        WRITTEN_BY_OWN_SEEN_BY_MEMBERS | DONE_BY_OWN, about=entry("contact"), method="POST"
    ),
    "my_contact_lift": Row(
        WRITTEN_BY_OWN_SEEN_BY_MEMBERS | DONE_BY_OWN, about=entry("contact"), method="POST"
    ),
    "my_contact_history": Row(READ_BY_OWN, about=entry("contact")),
    "my_act_new": Row(WRITTEN_BY_OWN, about=of_state),
    "my_act": Row(READ_BY_OWN, about=entry("act")),
    "my_act_edit": Row(WRITTEN_BY_OWN, about=entry("act")),
    "my_act_note": Row(WRITTEN_BY_OWN, about=entry("act")),
    "my_act_note_pdf": Row(READ_BY_OWN, about=lambda scene: {**entry("act")(scene), "language": "en"}),
    "my_act_note_txt": Row(READ_BY_OWN, about=lambda scene: {**entry("act")(scene), "language": "en"}),
    "my_act_attach": Row(WRITTEN_BY_OWN, about=entry("act"), method="POST"),
    "my_act_signed_note": Row(READ_BY_OWN, about=lambda scene: {**entry("act")(scene), "number": 1}),
    "my_act_submit": Row(
        WRITTEN_BY_OWN | {"delegate": 403, "designator": 302}, about=entry("act"), method="POST"
    ),
    "my_act_withdraw": Row(WRITTEN_BY_OWN | DONE_BY_OWN, about=entry("act"), method="POST"),
    "my_act_history": Row(READ_BY_OWN, about=entry("act")),
    # This contact is in office: there is nothing to delete, and only who may would be told so.
    "my_contact_purge": Row(BY_AUTHORITY, otherwise=404, about=entry("contact")),
    "my_people": Row(READ_BY_OWN, about=of_state),
    # Nobody but the authority learns which grant or invitation there is.
    "my_person_retire": Row(BY_AUTHORITY | {"officer": 403}, about=lambda scene: scene["retiring"]),
    "my_invitation_resend": Row(
        BY_AUTHORITY | {"officer": 403, "designator": 302}, about=entry("invitation"), method="POST"
    ),
    "my_invitation_revoke": Row(
        BY_AUTHORITY | {"officer": 403, "designator": 302}, about=entry("invitation"), method="POST"
    ),
    # Open to whoever has the link; whoever is signed in with another address is told so.
    "invitation": Row(
        every((*MEMBERS, "former"), 403), about=lambda scene: {"signed": scene["invitation"].signed}
    ),
    "my_reads": Row(READ_BY_OWN, about=of_state),
    "my_institution_new": Row(WRITTEN_BY_OWN, about=of_state),
    "my_institution_edit": Row(WRITTEN_BY_OWN_SEEN_BY_MEMBERS, about=entry("institution")),
    "my_institution_history": Row(READ_BY_OWN, about=entry("institution")),
    "my_activity_new": Row(WRITTEN_BY_OWN, about=of_state),
    "my_activity_edit": Row(WRITTEN_BY_OWN_SEEN_BY_MEMBERS, about=entry("activity")),
    "my_activity_take_back": Row(
        WRITTEN_BY_OWN_SEEN_BY_MEMBERS | DONE_BY_OWN, about=entry("activity"), method="POST"
    ),
    "my_activity_history": Row(READ_BY_OWN, about=entry("activity")),
    "my_policy_new": Row(WRITTEN_BY_OWN, about=of_state),
    "my_policy_edit": Row(WRITTEN_BY_OWN, about=draft),
    "my_policy_translation": Row(WRITTEN_BY_OWN, about=lambda scene: {**draft(scene), "language": "en"}),
    "my_policy_file_new": Row(WRITTEN_BY_OWN, about=draft, method="POST"),
    "my_policy_adopt": Row(WRITTEN_BY_OWN | DONE_BY_OWN, about=draft, method="POST"),
    "my_policy_withdraw": Row(WRITTEN_BY_OWN | DONE_BY_OWN, about=draft, method="POST"),
    "my_policy_history": Row(READ_BY_OWN, about=draft),
    "account_login": Row(ONCE_SIGNED_OUT),
    "account_request_login_code": Row(ONCE_SIGNED_OUT),
    # Steps of signing in: without the step before, back to the beginning.
    "account_confirm_login_code": Row(otherwise=302),
    "mfa_authenticate": Row(otherwise=302),
    "mfa_login_webauthn": Row(otherwise=302),
    "account_signup": Row(ONCE_SIGNED_OUT),
    "account_logout": Row(SIGN_IN),
    "account_settings": Row(SIGN_IN),
    "account_set_password": Row(PERSONAL),
    "account_change_password": Row(SHARED, otherwise=302),
    "mfa_index": Row(PERSONAL),
    "mfa_activate_totp": Row(PERSONAL | HAS_FACTOR),
    "mfa_deactivate_totp": Row(PERSONAL | HAS_FACTOR, otherwise=404),
    "mfa_add_webauthn": Row(PERSONAL | HAS_FACTOR),
    "mfa_edit_webauthn": Row(PERSONAL | HAS_FACTOR, otherwise=404, about=lambda scene: {"pk": 0}),
    "mfa_remove_webauthn": Row(PERSONAL | HAS_FACTOR, otherwise=404, about=lambda scene: {"pk": 0}),
    "mfa_view_recovery_codes": Row(PERSONAL, otherwise=404),
    "mfa_generate_recovery_codes": Row(PERSONAL | HAS_FACTOR),
    "mfa_download_recovery_codes": Row(PERSONAL, otherwise=404),
    "mfa_reauthenticate": Row(SIGN_IN | {"officer": 200, "designator": 200}, otherwise=403),
    "mfa_reauthenticate_webauthn": Row(SIGN_IN | HAS_FACTOR, otherwise=403),
    "usersessions_list": Row(SIGN_IN),
    "session_end": Row(SIGN_IN, otherwise=404, about=lambda scene: {"pk": 0}, method="POST"),
    # Nobody in the cast has a password; officer and designating authority have an authenticator app.
    "account_reauthenticate": Row(SIGN_IN | HAS_FACTOR, otherwise=403),
    "account_reset_password_from_key": Row(about=lambda scene: {"uidb36": "1", "key": "x-y"}),
    "api-changes": Row(EVERYONE),
    "tokens": Row(MEMBER_PAGE | SHARED),
    "token_revoke": Row(MEMBER_PAGE | SHARED | {"delegate": 200}, otherwise=404, about=token),
    "api-contacts-list": Row(API_MEMBERS),
    **{f"api-directory-{ending}": Row(API_MEMBERS) for ending in ("json", "csv", "xlsx", "vcf", "pdf")},
    "api-contacts-detail": Row(API_MEMBERS, about=known("contact")),
    "api-institutions-detail": Row(API_ENTRY, about=known("institution")),
    "api-activities-detail": Row(API_ENTRY, about=known("activity")),
    "api-policies-detail": Row(DRAFT, about=by_ref),
    # Whoever writes is known first. The officer would have to say why, and takes no step that is a state's own.
    "api-contacts-confirm": Row(API_MEMBERS | SEEN | {"officer": 400}, about=known("contact"), method="POST"),
    "api-policies-submit": Row(API_STEP, about=by_ref, method="POST"),
    # What was never submitted cannot be withdrawn.
    "api-policies-withdraw": Row(API_STEP | every(OWN, 409), about=by_ref, method="POST"),
    "api-states-detail": Row(about=of_state),
    "api-measures-detail": Row(about=lambda scene: {"number": 4}),
    "api-glossary-detail": Row(about=lambda scene: {"key": scene["term"].key}),
}
