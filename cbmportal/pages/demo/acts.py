"""Nominations, replacements and removals at each stage, with notes that the portal itself has written."""

import hashlib
from datetime import datetime, timedelta

from cbmportal.pages.demo.people import People
from cbmportal.pages.demo.words import LANGUAGE_OF, address, person
from contacts.models import ActKind, Category, FormalAct, PointOfContact, State
from contacts.notes_verbales import pdf_of
from contacts.scans import Scan
from contacts.services.acts import attach_note, draft_act, return_act, submit_act


def draft_acts(states: dict[str, State], people: People, now: datetime) -> None:
    """Chile has a draft, and a replacement that was returned; Colombia and Jamaica wait for the Secretariat."""
    _draft("CHL", Category.FOREIGN_AFFAIRS, states, people, now)
    returned = _submitted(
        _draft("CHL", Category.CYBER_POLICY, states, people, now, replacing=True), people, now
    )
    return_act(act=returned, comment="Falta sello oficial.", by=people.secretariat)
    _submitted(_draft("COL", Category.FOREIGN_AFFAIRS, states, people, now, replacing=True), people, now)
    _submitted(_draft("JAM", Category.CYBER_POLICY, states, people, now), people, now)


def _draft(
    iso3: str,
    category: Category,
    states: dict[str, State],
    people: People,
    now: datetime,
    replacing: bool = False,
) -> FormalAct:
    state, language = states[iso3], LANGUAGE_OF[iso3]
    contact = PointOfContact.objects.active().filter(state=state, category=category).order_by("pk")[0]
    name = person(iso3, 14 + list(Category).index(category))
    return draft_act(
        state=state,
        kind=ActKind.REPLACEMENT if replacing else ActKind.NOMINATION,
        outgoing=contact if replacing else None,
        category=category,
        by=people.delegates[iso3],
        full_name=name,
        position=contact.position,
        institution=contact.institution,
        email=address(name, iso3),
        note_language=language,
        note_place=state.capital,
        note_reference=f"NV {iso3}-{100 + contact.pk % 800}/{now.year}",
        note_date=(now - timedelta(days=3)).date(),
    )


def _submitted(act: FormalAct, people: People, now: datetime) -> FormalAct:
    """Where nobody designates for the state, the Secretariat submits the note that it was sent."""
    content = pdf_of(act, act.note_language)
    scan = Scan("note.pdf", "application/pdf", len(content), hashlib.sha256(content).hexdigest(), content)
    by = people.delegates[act.state.iso3]
    dated = (now - timedelta(days=3)).date()
    signed = attach_note(act=act, scan=scan, reference=act.note_reference, dated=dated, by=by)
    authority = people.authorities.get(act.state.iso3)
    if authority:
        return submit_act(act=signed, by=authority, at=now - timedelta(days=2))
    return submit_act(
        act=signed,
        by=people.secretariat,
        reason="Note verbale received by e-mail",
        received_how="by e-mail",
        at=now - timedelta(days=1),
    )
