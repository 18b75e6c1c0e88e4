"""My state's submissions: from draft to published, with their copies, translations and history."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.drafts.forms import let_go, typed_data
from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.history.changes import changes_in, merged
from cbmportal.history.models import events_of
from contacts.models import State
from contacts.my_views import (
    done,
    history_page,
    newest,
    record_of_mine,
    state_of_mine,
    state_represented,
    tell_refusal,
)
from contacts.previews import Preview, preview_page
from contacts.requests import ViewerRequest
from policies.forms import FileForm, PolicyForm, TranslationForm, say_language
from policies.lists import tags_of
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation, ReviewStatus
from policies.services import (
    EDITABLE,
    WITHDRAWABLE,
    add_file,
    adopt_policy,
    draft_policy,
    edit_policy,
    missing_before_submitting,
    set_translation,
    submit_policy,
    withdraw_policy,
)


def _policy_of_mine(request: ViewerRequest, iso3: str, ref: str) -> PolicySubmission:
    policies = PolicySubmission.objects.visible_to(request.viewer).prefetch_related("translations", "files")
    policy: PolicySubmission = record_of_mine(request, policies, iso3, ref=ref)
    return policy


#: What its state is told to expect, at each stage.
NEXT_STEPS = {
    ReviewStatus.DRAFT: gettext_lazy(
        "This is a draft: only your state and the Secretariat see it. When it is complete, submit it; the"
        " Secretariat reviews its form, never its content, and publishes it."
    ),
    ReviewStatus.SUBMITTED: gettext_lazy(
        "This is with the Secretariat, which reviews its form, never its content. It then publishes it, or returns"
        " it to you with a comment. To change something now, withdraw it first."
    ),
    ReviewStatus.RETURNED: gettext_lazy(
        "The Secretariat has returned this to you. Complete what the comment asks for, and submit it again."
    ),
    ReviewStatus.WITHDRAWN: gettext_lazy(
        "Your state has withdrawn this: others no longer see it. You can correct it and submit it again."
    ),
    ReviewStatus.PUBLISHED: gettext_lazy(
        "This is published, and everybody can read it. To correct it, withdraw it, change it and submit it again."
    ),
    ReviewStatus.COMPILED: gettext_lazy(
        "The Secretariat has compiled this record from public sources. It does not count as submitted by your state"
        " until you adopt it. If something is wrong, adopt it, withdraw it, and correct it before you submit it again."
    ),
}
#: What a new document does not share with the one that it is begun from.
NOT_COPIED = ("official_number", "date", "date_kind", "in_force_from", "legal_status", "superseded_by")


@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    source = _source(request, state)
    form = PolicyForm(typed_data(request), state=state, viewer=request.viewer, initial=copied_from(source))
    if form.is_valid():
        if "preview" in request.POST:
            return _preview(request, state, form)
        if saved := form.write(lambda: draft_policy(state=state, by=request.viewer, **form.typed)):
            text = _("The draft is saved. Its record number is %(ref)s.")
            return done(request, text % {"ref": saved.ref}, "my_policy_edit", iso3, saved.ref)
    context = {"form": form, "state": state, "source": source}
    return render(request, "my/policy_new.html", context)


def _source(request: ViewerRequest, state: State) -> PolicySubmission | None:
    """The state's own submission that a new one begins from, if the address names one."""
    if not (ref := request.GET.get("from")):
        return None
    own = PolicySubmission.objects.visible_to(request.viewer).filter(state=state)
    found: PolicySubmission = get_object_or_404(own, ref=ref.replace("\0", ""))
    return found


def copied_from(source: PolicySubmission | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {name: getattr(source, name) for name in PolicySubmission.CONTENT if name not in NOT_COPIED}


@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    form = PolicyForm(typed_data(request), instance=policy, state=policy.state, viewer=request.viewer)
    if form.is_valid():
        if "preview" in request.POST:
            return _preview(request, policy.state, form)
        saved = form.write(
            lambda: edit_policy(
                policy=policy, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved and ("submit" not in request.POST or _submit(request, form, saved)):
            return done(request, _saved(request, saved), "my_policy_edit", iso3, ref)
    return policy_page(request, policy, form, FileForm())


def _preview(request: ViewerRequest, state: State, form: PolicyForm) -> HttpResponse:
    """As readers will see it once it is published."""
    unsaved = copy(form.instance)
    unsaved.status = ReviewStatus.PUBLISHED
    # What hangs on a record can only be asked for by a key; nothing hangs on this one.
    unsaved.pk = unsaved.pk or 0
    seen = Preview(template="policies/_document.html", context={"policy": unsaved, "tags": tags_of(unsaved)})
    title = _("How everybody will see “%(title)s” once it is published") % {"title": unsaved.title}
    return preview_page(
        request,
        state,
        title,
        lambda viewer: seen,
        alike=True,
        submits=form.instance.pk is not None,
        language=unsaved.language,
    )


def _submit(request: ViewerRequest, form: PolicyForm, policy: PolicySubmission) -> bool:
    """Submit what has just been saved; if it is incomplete the form says where."""
    if form.write(lambda: submit_policy(policy=policy, by=request.viewer)):
        return True
    let_go(request)
    form.read_again(policy)
    form.add_error(None, _("Your draft is saved, but it cannot be submitted before this is complete."))
    return False


def _saved(request: ViewerRequest, policy: PolicySubmission) -> str:
    if "submit" in request.POST:
        text = _("%(ref)s is submitted. The Secretariat reviews its form and publishes it.")
    else:
        text = _("%(ref)s is saved. Nobody outside your state and the Secretariat sees it yet.")
    return text % {"ref": policy.ref}


def policy_page(
    request: ViewerRequest, policy: PolicySubmission, form: PolicyForm, file_form: FileForm
) -> HttpResponse:
    stage = PolicySubmission.objects.visible_to(request.viewer).get(pk=policy.pk)
    translated = {text.language: text for text in policy.translations.all()}
    context = {
        "policy": policy,
        "stage": stage,
        "state": policy.state,
        "form": form,
        "file_form": file_form,
        "editable": stage.status in EDITABLE,
        "withdrawable": stage.status in WITHDRAWABLE,
        "adoptable": stage.status == ReviewStatus.COMPILED,
        "next_step": NEXT_STEPS[stage.status],
        "missing": [policy._meta.get_field(name) for name in missing_before_submitting(stage)],
        "translations": [
            {"language": one, "text": translated.get(one.value)}
            for one in PORTAL_LANGUAGES
            if one.value != policy.language
        ],
    }
    return render(request, "my/policy.html", context)


@require_POST
def policy_withdraw(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    try:
        withdraw_policy(policy=policy, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        messages.success(
            request,
            _("%(ref)s is withdrawn. It stays with your state and can be submitted again.") % {"ref": ref},
        )
    return redirect("my_policy_edit", iso3, ref)


@require_POST
def policy_adopt(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    try:
        adopt_policy(policy=policy, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        messages.success(
            request,
            _(
                "%(ref)s is now your state's own submission. The Secretariat reviews its form and publishes it."
            )
            % {"ref": ref},
        )
    return redirect("my_state", iso3)


@require_POST
def policy_file_new(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    file_form = FileForm(request.POST, request.FILES)
    if file_form.is_valid():
        upload = file_form.cleaned_data["file"]
        try:
            copy = add_file(policy=policy, upload=upload, name=upload.name, by=request.viewer)
        except ValidationError as error:
            file_form.add_error("file", error.messages)
        else:
            messages.success(request, _("Version %(number)d of the copy is kept.") % {"number": copy.number})
            return redirect("my_policy_edit", iso3, ref)
    form = PolicyForm(instance=policy, state=policy.state, viewer=request.viewer)
    return policy_page(request, policy, form, file_form)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_translation(request: ViewerRequest, iso3: str, ref: str, language: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    chosen = next((one for one in PORTAL_LANGUAGES if one.value == language != policy.language), None)
    if chosen is None:
        raise Http404
    existing = next((text for text in policy.translations.all() if text.language == language), None)
    form = TranslationForm(typed_data(request), instance=existing)
    say_language(form, language)
    if form.is_valid():
        saved = form.write(
            lambda: set_translation(
                policy=policy, language=language, by=request.viewer, version=form.read_version, **form.typed
            )
        )
        if saved:
            return done(request, _("The translation is saved."), "my_policy_edit", iso3, ref)
    context = {"policy": policy, "state": policy.state, "form": form, "language": chosen}
    return render(request, "my/policy_translation.html", context)


@require_safe
def policy_history(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    """The submission, its translations and its copies in one history; the Secretariat's notes are its own."""
    state = state_represented(request, iso3)
    events = events_of(PolicySubmission).filter(state=state, ref=ref)
    name = newest(events, "title")
    ids = events.values("pgh_obj_id")
    parts = [
        changes_in(PolicySubmission, events, hidden=() if request.viewer.secretariat else ("notes",)),
        changes_in(PolicyTranslation, events_of(PolicyTranslation).filter(policy_id__in=ids)),
        changes_in(PolicyFile, events_of(PolicyFile).filter(policy_id__in=ids)),
    ]
    return history_page(request, state, name, merged(*parts))


@login_not_required
@require_safe
def policy_file(request: ViewerRequest, ref: str, number: int) -> HttpResponse | FileResponse:
    """A copy, to keep and not to run: never shown inside the portal's pages."""
    visible: Any = PolicyFile.objects.visible_to(request.viewer)
    copy: PolicyFile = get_object_or_404(visible, policy__ref=ref, number=number)
    if not copy.file.storage.exists(str(copy.file.name)):
        raise Http404
    response = FileResponse(
        copy.file.open(), as_attachment=True, filename=copy.name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private"
    return response
