"""My state's submissions: from draft to published, with their copies, translations and history."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.history.changes import changes_in, merged
from cbmportal.history.models import events_of
from contacts.my_views import (
    form_page,
    history_page,
    newest,
    record_of_mine,
    state_of_mine,
    state_represented,
    tell_refusal,
    typed_data,
)
from contacts.requests import ViewerRequest
from policies.forms import FileForm, PolicyForm, TranslationForm
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation, ReviewStatus
from policies.services import (
    EDITABLE,
    WITHDRAWABLE,
    add_file,
    adopt_policy,
    draft_policy,
    edit_policy,
    set_translation,
    submit_policy,
    withdraw_policy,
)


def _policy_of_mine(request: ViewerRequest, iso3: str, ref: str) -> PolicySubmission:
    policies = PolicySubmission.objects.visible_to(request.viewer).prefetch_related("translations", "files")
    policy: PolicySubmission = record_of_mine(request, policies, iso3, ref=ref)
    return policy


@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    form = PolicyForm(typed_data(request), state=state, viewer=request.viewer)
    if form.is_bound and form.is_valid():
        saved = form.write(lambda: draft_policy(state=state, by=request.viewer, **form.typed))
        if saved:
            messages.success(
                request, _("The draft is saved. Its record number is %(ref)s.") % {"ref": saved.ref}
            )
            return redirect("my_policy_edit", iso3, saved.ref)
    return form_page(request, form, state=state, title=_("Share a policy or law"))


@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: ViewerRequest, iso3: str, ref: str) -> HttpResponse:
    policy = _policy_of_mine(request, iso3, ref)
    form = PolicyForm(typed_data(request), instance=policy, state=policy.state, viewer=request.viewer)
    if form.is_bound and form.is_valid():
        saved = form.write(
            lambda: edit_policy(
                policy=policy, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved and ("submit" not in request.POST or _submit(request, form, saved)):
            _tell_saved(request, saved)
            return redirect("my_policy_edit", iso3, ref)
    return policy_page(request, policy, form, FileForm())


def _submit(request: ViewerRequest, form: PolicyForm, policy: PolicySubmission) -> bool:
    """Submit what has just been saved; if it is incomplete the form says where."""
    if form.write(lambda: submit_policy(policy=policy, by=request.viewer)):
        return True
    form.read_again(policy)
    form.add_error(None, _("Your draft is saved, but it cannot be submitted before this is complete."))
    return False


def _tell_saved(request: ViewerRequest, policy: PolicySubmission) -> None:
    if "submit" in request.POST:
        text = _("%(ref)s is submitted. The Secretariat reviews its form and publishes it.")
    else:
        text = _("%(ref)s is saved. Nobody outside your state and the Secretariat sees it yet.")
    messages.success(request, text % {"ref": policy.ref})


def policy_page(
    request: ViewerRequest, policy: PolicySubmission, form: PolicyForm, file_form: FileForm
) -> HttpResponse:
    stage = (
        PolicySubmission.objects.visible_to(request.viewer)
        .only("status", "review_comment", "title")
        .get(pk=policy.pk)
    )
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
    if form.is_bound and form.is_valid():
        saved = form.write(
            lambda: set_translation(
                policy=policy, language=language, by=request.viewer, version=form.read_version, **form.typed
            )
        )
        if saved:
            messages.success(request, _("The translation is saved."))
            return redirect("my_policy_edit", iso3, ref)
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
