"""My state's nominations, replacements and removals: drafting, the note verbale, submitting."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.drafts.forms import typed_data
from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.forms import add_refusal
from contacts.access import people_acting_for
from contacts.act_forms import ACT_WORDS, ActForm, NoteTextForm, SignedNoteForm, begun
from contacts.models import ActKind, ActStage, Category, FormalAct, PointOfContact, SignedNote, State
from contacts.my_views import (
    done,
    record_history,
    record_of_mine,
    state_of_mine,
    state_represented,
    tell_refusal,
)
from contacts.notes_verbales import pdf_of, text_of
from contacts.requests import ViewerRequest
from contacts.scans import read_scan
from contacts.services.acts import (
    attach_note,
    draft_act,
    edit_act,
    removes_the_last,
    submit_act,
    withdraw_act,
)

TITLES = {
    ActKind.NOMINATION: gettext_lazy("Nominate a point of contact"),
    ActKind.REPLACEMENT: gettext_lazy("Replace %(name)s"),
    ActKind.REMOVAL: gettext_lazy("Remove %(name)s"),
}
#: What its state is told to expect, at each stage.
NEXT_STEPS = {
    ActStage.DRAFT: gettext_lazy(
        "Print the note, have it signed and sealed, and attach a scan of it. Nothing changes in the directory yet."
    ),
    ActStage.NOTE_ATTACHED: gettext_lazy(
        "The signed note is attached. A designating authority of your state now submits it to the Secretariat."
    ),
    ActStage.SUBMITTED: gettext_lazy(
        "This is with the Secretariat, which accepts it or returns it to you with a comment. The directory stays as"
        " it is until then."
    ),
    ActStage.RETURNED: gettext_lazy(
        "The Secretariat has returned this to you. Correct what the comment asks for, attach the signed note anew and"
        " submit it again. The directory stays as it is until then."
    ),
    ActStage.ACCEPTED: gettext_lazy("The Secretariat has accepted this, and the directory shows it."),
    ActStage.WITHDRAWN: gettext_lazy("Your state has withdrawn this. Nothing has changed in the directory."),
}
WAY = (ActStage.DRAFT, ActStage.NOTE_ATTACHED, ActStage.SUBMITTED, ActStage.ACCEPTED)


def _act_in_sight(request: ViewerRequest, iso3: str, uuid: UUID) -> FormalAct:
    state = state_represented(request, iso3)
    acts = FormalAct.objects.visible_to(request.viewer).filter(state=state)
    act: FormalAct = get_object_or_404(acts.with_all_it_names(), uuid=uuid)
    return act


def _act_of_mine(request: ViewerRequest, iso3: str, uuid: UUID) -> FormalAct:
    acts = FormalAct.objects.visible_to(request.viewer).with_all_it_names()
    act: FormalAct = record_of_mine(request, acts, iso3, uuid=uuid)
    return act


def title_of(act: FormalAct) -> str:
    return str(TITLES[ActKind(act.kind)]) % {"name": act.outgoing or act.full_name}


# Drafting -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def act_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    """The address says what is begun: `kind`, and of whom: `contact`."""
    state = state_of_mine(request, iso3)
    begins = _begun(request, state)
    last = removes_the_last(begins)
    form = ActForm(typed_data(request), instance=begins, state=state, viewer=request.viewer, last=last)
    if form.is_valid():
        saved = form.write(
            lambda: draft_act(
                state=state,
                kind=ActKind(begins.kind),
                outgoing=begins.outgoing,
                by=request.viewer,
                **form.typed,
            )
        )
        if saved:
            return done(request, _("The draft is saved. Next comes the note verbale."), saved)
    context = {"form": form, "state": state, "act": begins, "title": title_of(begins), "last": last}
    return render(request, "my/act_form.html", context)


def _begun(request: ViewerRequest, state: State) -> FormalAct:
    kind = request.GET.get("kind", ActKind.NOMINATION)
    if kind not in ActKind.values:
        raise Http404
    if kind == ActKind.NOMINATION:
        act = begun(state, ActKind(kind), None)
        asked = request.GET.get("category")
        act.category = asked if asked in Category.values else ""
        return act
    contacts = PointOfContact.objects.visible_to(request.viewer).active().filter(state=state)
    try:
        outgoing = get_object_or_404(
            contacts.select_related("institution"), uuid=UUID(request.GET.get("contact", ""))
        )
    except ValueError as error:
        raise Http404 from error
    return begun(state, ActKind(kind), outgoing)


@require_http_methods(["GET", "HEAD", "POST"])
def act_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    act = _act_of_mine(request, iso3, uuid)
    form = ActForm(typed_data(request), instance=act, state=act.state, viewer=request.viewer)
    if form.is_valid() and (saved := _save(request, act, form)):
        return done(request, _("The draft is saved."), saved)
    context = {"form": form, "state": act.state, "act": act, "title": title_of(act)}
    return render(request, "my/act_form.html", context)


def _save(request: ViewerRequest, act: FormalAct, form: ActForm | NoteTextForm) -> FormalAct | None:
    return form.write(
        lambda: edit_act(act=act, changes=form.typed, by=request.viewer, version=form.read_version)
    )


# One act --------------------------------------------------------------------------------------------------


@require_safe
def act(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    found = _act_in_sight(request, iso3, uuid)
    return _act_page(request, found, SignedNoteForm(act=found))


def _act_page(
    request: ViewerRequest, act: FormalAct, form: SignedNoteForm, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    may_edit = viewer.may_edit(act.state_id) and not viewer.secretariat
    context = {
        "act": act,
        "state": act.state,
        "title": title_of(act),
        "form": form,
        "may_edit": may_edit,
        "may_designate": may_edit and viewer.may_designate(act.state_id),
        "authorities": [one.person for one in people_acting_for(act.state, viewer) if one.designates],
        "notes": act.signed_notes.visible_to(viewer).without_content(),
        "next_step": NEXT_STEPS[ActStage(act.stage)],
        "way": _way(act),
        "languages": PORTAL_LANGUAGES,
        "text": text_of(act, act.note_language),
        "last": act.is_open and removes_the_last(act),
    }
    return render(request, "my/act.html", context, status=status)


def _way(act: FormalAct) -> list[dict[str, Any]]:
    """The four stages on the straight way, and which of them are behind."""
    reached = WAY.index(ActStage(act.stage)) if act.stage in WAY else 0
    return [
        {"label": stage.label, "is_done": place < reached, "is_here": stage == act.stage}
        for place, stage in enumerate(WAY)
    ]


@require_POST
def act_attach(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    act = _act_of_mine(request, iso3, uuid)
    form = SignedNoteForm(request.POST, request.FILES, act=act)
    if form.is_valid():
        try:
            _attach(request, act, form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            return done(request, _("The signed note is attached."), act)
    return _act_page(request, act, form)


def _attach(request: ViewerRequest, act: FormalAct, typed: dict[str, Any]) -> None:
    attach_note(
        act=act,
        scan=read_scan(typed["scan"]),
        reference=typed["note_reference"],
        dated=typed["note_date"],
        by=request.viewer,
    )


@require_POST
def act_submit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    act = _act_of_mine(request, iso3, uuid)
    try:
        submit_act(act=act, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect(act)
    return done(request, _("Submitted. The Secretariat has been told."), act)


@require_POST
def act_withdraw(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    act = _act_of_mine(request, iso3, uuid)
    try:
        withdraw_act(act=act, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect(act)
    return done(request, _("Withdrawn. Nothing has changed in the directory."), act)


@require_safe
def act_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    _act_in_sight(request, iso3, uuid)
    return record_history(request, iso3, FormalAct, "kind", ACT_WORDS, uuid=uuid)


# The note verbale -----------------------------------------------------------------------------------------


@require_safe
def note_pdf(request: ViewerRequest, iso3: str, uuid: UUID, language: str) -> HttpResponse:
    """As its state has worded it in the language of the note; in the others as the portal words it."""
    act = _act_in_sight(request, iso3, uuid)
    text = act.note_text if language == act.note_language else ""
    content = pdf_of(act, language, text)
    return download(content, "application/pdf", f"note-verbale-{act.state.iso3}-{language}.pdf")


@require_safe
def note_txt(request: ViewerRequest, iso3: str, uuid: UUID, language: str) -> HttpResponse:
    act = _act_in_sight(request, iso3, uuid)
    text = act.note_text if language == act.note_language else ""
    content = (text or text_of(act, language)).encode()
    name = f"note-verbale-{act.state.iso3}-{language}.txt"
    return download(content, "text/plain; charset=utf-8", name)


@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    act = _act_of_mine(request, iso3, uuid)
    written = text_of(act, act.note_language)
    form = NoteTextForm(typed_data(request), instance=act, state=act.state, written=written)
    if form.is_valid() and (saved := _save(request, act, form)):
        return done(request, _("The text of the note is saved."), saved)
    return render(request, "my/note_text.html", {"form": form, "state": act.state, "act": act})


@require_safe
def signed_note(request: ViewerRequest, iso3: str, uuid: UUID, number: int) -> HttpResponse:
    """To whoever may see the act; never shown within a page, and never guessed at by a browser."""
    state = state_represented(request, iso3)
    notes = SignedNote.objects.visible_to(request.viewer).filter(state=state, content__isnull=False)
    note: SignedNote = get_object_or_404(notes, act__uuid=uuid, number=number)
    name = f"{state.iso3}-signed-note-{number}.{SignedNote.ENDINGS[note.media_type]}"
    return download(bytes(note.content or b""), note.media_type, name)


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or ""
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
