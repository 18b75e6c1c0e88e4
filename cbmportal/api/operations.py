"""What each operation is called in generated clients, and what people read about it and its parameters."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Operation(NamedTuple):
    #: Never changed: generated clients have it as the name of a function.
    id: str
    summary: Text
    #: Left out, it is what the view says of itself.
    description: Text = ""


ONE = _("One record, as the list shows it. What you may not see is not there: 404.")
FILE = _("Everything that you may see of the directory, in one answer. The same contacts in every format.")

#: By method and address under /api/v1/.
OPERATIONS = {
    "GET ": Operation("list_resources", _("Where everything is"), _("The resources and their addresses.")),
    "GET labels/": Operation(
        "get_labels",
        _("What to call each code"),
        _("Records are written in codes. These are their names in the four languages, by list."),
    ),
    "GET states/": Operation(
        "list_states",
        _("List the states"),
        _("The member states of the Organization, with their participation as dated spans."),
    ),
    "GET states/{iso3}/": Operation("get_state", _("Read one state"), ONE),
    "GET measures/": Operation(
        "list_measures",
        _("List the measures"),
        _("The voluntary measures, with their wording in four languages, official or translated."),
    ),
    "GET measures/{number}/": Operation("get_measure", _("Read one measure"), ONE),
    "GET contacts/": Operation(
        "list_contacts",
        _("List the points of contact"),
        _("The directory. Members read it. A detail that its state keeps from you is absent, not blank."),
    ),
    "GET contacts/{uuid}/": Operation("get_contact", _("Read one point of contact"), ONE),
    "PATCH contacts/{uuid}/": Operation(
        "update_contact",
        _("Change details of a point of contact"),
        _("Only what is sent changes. Delegates change the contacts of their own state."),
    ),
    "POST contacts/{uuid}/confirm/": Operation(
        "confirm_contact",
        _("Confirm a point of contact"),
        _("Says that nothing has changed: the entry is still right today."),
    ),
    "GET policies/": Operation(
        "list_policies",
        _("List the policies"),
        _("The repository: what is published and, for delegates, what their own state prepares."),
    ),
    "GET policies/{ref}/": Operation("get_policy", _("Read one policy"), ONE),
    "POST policies/": Operation(
        "create_policy",
        _("Draft a policy submission"),
        _("Only your state sees a draft, until you submit it and the Secretariat publishes it."),
    ),
    "PATCH policies/{ref}/": Operation(
        "update_policy",
        _("Change a policy submission"),
        _("Only what is sent changes. A submission is changed as a draft, or when it came back."),
    ),
    "POST policies/{ref}/submit/": Operation(
        "submit_policy",
        _("Submit a policy"),
        _("Hands a complete submission to the Secretariat, which reviews its form."),
    ),
    "POST policies/{ref}/withdraw/": Operation(
        "withdraw_policy",
        _("Withdraw a policy"),
        _("Takes a submission back. It stays with your state and can be submitted again."),
    ),
    "GET institutions/": Operation(
        "list_institutions",
        _("List the institutions"),
        _("Ministries, agencies and missions. Visitors read public fields of those that are public."),
    ),
    "GET institutions/{uuid}/": Operation("get_institution", _("Read one institution"), ONE),
    "GET activities/": Operation(
        "list_activities",
        _("List the activities"),
        _("What states report under measures 4, 5 and 6. Visitors read those that are public."),
    ),
    "GET activities/{uuid}/": Operation("get_activity", _("Read one activity"), ONE),
    "POST activities/": Operation(
        "create_activity", _("Report an activity"), _("What a state has done under a measure.")
    ),
    "PATCH activities/{uuid}/": Operation(
        "update_activity", _("Change an activity"), _("Only what is sent changes.")
    ),
    "GET milestones/": Operation(
        "list_milestones", _("List the milestones"), _("The history of the Working Group.")
    ),
    "GET glossary/": Operation(
        "list_terms", _("List the terms of the glossary"), _("The regional lexicon, in the four languages.")
    ),
    "GET glossary/{key}/": Operation("get_term", _("Read one term of the glossary"), ONE),
    "GET implementation/": Operation(
        "get_implementation",
        _("What is implemented"),
        _("How many participating states implement each measure, and for members which."),
    ),
    "GET changes/": Operation(
        "list_changes",
        _("What has changed since"),
        _(
            "Keeps a copy up to date: begin without a cursor, then send back what came as “next”. What you may not"
            " see, or no longer, comes as “end”. A cursor that is too old is 410: forget the copy and begin anew."
        ),
    ),
    "GET directory.json": Operation("get_directory_json", _("The whole directory as JSON"), FILE),
    "GET directory.csv": Operation("get_directory_csv", _("The whole directory as CSV"), FILE),
    "GET directory.xlsx": Operation("get_directory_xlsx", _("The whole directory as a spreadsheet"), FILE),
    "GET directory.vcf": Operation("get_directory_vcf", _("The whole directory as vCards"), FILE),
    "GET directory.pdf": Operation("get_directory_pdf", _("The whole directory, ready to print"), FILE),
}

TAGS = {
    "contacts": _("Whom to call: the directory of points of contact."),
    "policies": _("The repository of national cyber policies."),
    "states": _("The member states of the Organization."),
    "measures": _("The confidence-building measures."),
    "implementation": _("Which measures are implemented."),
    "institutions": _("Ministries, agencies and missions."),
    "activities": _("What states have done under the measures."),
    "milestones": _("How the measures came about."),
    "glossary": _("What words mean, in four languages."),
    "changes": _("A copy that stays true."),
    "directory": _("The whole directory in one answer."),
    "labels": _("Names of codes."),
    "index": _("Where everything is."),
}

#: Of those whose filter or field says too little. An example that is None is left out.
PARAMETERS: dict[str, tuple[Text, Any]] = {
    "state": (_("A state, by its ISO 3166-1 alpha-3 code"), "CHL"),
    "iso3": (_("ISO 3166-1 alpha-3 code of the state"), "CHL"),
    "number": (_("Number of the measure"), "4"),
    "uuid": (_("Identifier of the record"), "7f1f3c0a-58a4-4c62-9d2e-1c4a4be0d001"),
    "ref": (_("Reference of the submission"), "CHL-2026-001"),
    "key": (_("Key of the term"), "cyber-incident"),
    "page": (_("Which page, from 1"), 1),
    "page_size": (_("How many records a page has, at most 200"), 100),
    "q": (_("Words to search for"), "ciberseguridad"),
    "open_now": (_("Only contacts on duty now, by their hours and time zone"), True),
    "confirmed_before": (_("Only contacts last confirmed before this time"), "2026-01-01T00:00:00Z"),
    "published_since": (_("Only submissions published at this time or later"), "2026-01-01T00:00:00Z"),
    "as_of": ("", "2026-01-31"),
    "category": ("", "cyber_policy"),
    "language": ("", "es"),
    "kind": ("", "national_strategy"),
    "status": ("", "in_force"),
    "year_from": (_("Only documents dated in this year or later"), 2015),
    "year_to": (_("Only documents dated in this year or earlier"), 2026),
    "topic": ("", "threats"),
    "participation": ("", "participating"),
    "measure": (_("A measure, by its number"), 4),
    "since": (_("The “next” of the answer before; without it everything from the beginning"), None),
    "limit": (_("How many changes to answer with at most"), 500),
    "If-Match": ("", '"3-8f14e45fceea167a5a36dedd4bea2543"'),
    "If-None-Match": (
        _("The ETag of the answer that you have; while it is still true the answer is 304, without a body"),
        '"8f14e45fceea167a5a36dedd4bea2543"',
    ),
}

HEADERS: dict[str, tuple[Text, str]] = {
    "ETag": (
        _("Marks this version of the answer. Send it back in If-None-Match."),
        '"8f14e45fceea167a5a36dedd4bea2543"',
    ),
    "Cache-Control": (
        _("Who may keep the answer: what depends on who asks is private, and asked for anew each time."),
        "private, no-cache",
    ),
    "Vary": (
        _("Which headers of the request the answer depends on."),
        "Accept-Language, Authorization, Cookie",
    ),
    "Location": (
        _("Address of the record."),
        "https://portal.example.org/api/v1/policies/CHL-2026-001/",
    ),
    "WWW-Authenticate": (_("How to say who you are."), "Token"),
    "Retry-After": (_("After how many seconds to try again."), "12"),
}
