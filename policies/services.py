"""What is written in the repository, and the way of a submission from draft to published."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.history.services import change, only, recorded, store
from contacts.access import Viewer, require, require_reason
from contacts.models import State
from contacts.news import News, told
from policies.models import (
    PolicyFile,
    PolicySubmission,
    PolicyTranslation,
    Provenance,
    ReviewStatus,
)
from policies.notices import (
    ADOPTED,
    COMPILED,
    COPY_ADDED,
    CORRECTED,
    DRAFTED,
    EDITED,
    PUBLISHED,
    RECEIVED,
    RETURNED,
    SUBMITTED,
    TRANSLATED,
    WITHDRAWN,
)

LARGEST_FILE = 20 * 1024 * 1024
#: The stages in which its state still works on a submission, and those from which it can take it back.
EDITABLE = (ReviewStatus.DRAFT, ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)
WITHDRAWABLE = (ReviewStatus.SUBMITTED, ReviewStatus.RETURNED, ReviewStatus.PUBLISHED)
#: What the Secretariat corrects beside the content.
CORRECTED_TOO = ("legal_status_inferred", "received_how", "received_on", "source_grade", "notes")


def next_ref(state: State, year: int) -> str:
    """The next record number of a state and year, such as COL-2020-003; call it inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO policies_refserial AS serial (state_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (state_id, year) DO UPDATE SET last = serial.last + 1 RETURNING last",
            [state.pk, year],
        )
        (serial,) = cursor.fetchone()
    return f"{state.iso3}-{year:04}-{serial:03}"


def _create(
    policy: PolicySubmission, news: News, *, by: Viewer, reason: str, today: date | None
) -> PolicySubmission:
    with recorded(by=by, reason=reason):
        policy.ref = "AAA-0000-000"
        policy.full_clean()
        policy.ref = next_ref(policy.state, policy.year or (today or timezone.now().date()).year)
        return told(news, store(policy, by=by, reason=reason), by=by)


# The state's own submissions ------------------------------------------------------------------------------


def draft_policy(*, state: State, by: Viewer, today: date | None = None, **fields: Any) -> PolicySubmission:
    """Begin a submission; its record number is given now and never changes."""
    require(by.may_edit(state) and not by.secretariat)
    only(fields, PolicySubmission.CONTENT)
    return _create(PolicySubmission(state=state, **fields), DRAFTED, by=by, reason="", today=today)


def edit_policy(
    *, policy: PolicySubmission, changes: Mapping[str, Any], by: Viewer, version: int | None = None
) -> PolicySubmission:
    """Change a draft, or a submission that was returned or withdrawn."""
    require(by.may_edit(policy.state_id) and not by.secretariat)
    only(changes, PolicySubmission.CONTENT)
    with recorded(by=by):
        _locked(policy, *EDITABLE)
        return told(EDITED, change(policy, changes, by=by, version=version), by=by)


def submit_policy(
    *, policy: PolicySubmission, by: Viewer, at: datetime | None = None, version: int | None = None
) -> PolicySubmission:
    """Hand a complete submission to the Secretariat for review of its form."""
    require(by.may_edit(policy.state_id) and not by.secretariat)
    with recorded(by=by):
        current = _locked(policy, *EDITABLE)
        _require_complete(current)
        changes = {
            "status": ReviewStatus.SUBMITTED,
            "submitted_at": at or timezone.now(),
            "submitted_by_id": by.user_id,
            "review_comment": "",
        }
        return told(SUBMITTED, change(policy, changes, by=by, version=version), by=by)


def _require_complete(policy: PolicySubmission) -> None:
    if missing := missing_before_submitting(policy):
        raise ValidationError(missing)


def missing_before_submitting(policy: PolicySubmission) -> dict[str, str]:
    """What a submission still needs, field by field; the form names it before anybody tries."""
    missing = {
        name: _("Fill this in before submitting.")
        for name in ("title", "description", "responsible_institutions")
        if not getattr(policy, name)
    }
    if not policy.link and not policy.citation:
        missing["citation"] = _("Where there is no link, a citation is required.")
    return missing


def withdraw_policy(*, policy: PolicySubmission, by: Viewer, version: int | None = None) -> PolicySubmission:
    """Take a submission back; it stays with the state and can be submitted again."""
    require(by.may_edit(policy.state_id) and not by.secretariat)
    with recorded(by=by):
        _locked(policy, *WITHDRAWABLE)
        changes = {"status": ReviewStatus.WITHDRAWN}
        return told(WITHDRAWN, change(policy, changes, by=by, version=version), by=by)


def adopt_policy(*, policy: PolicySubmission, by: Viewer, at: datetime | None = None) -> PolicySubmission:
    """Make a compiled record the state's own; it goes to review like any other submission."""
    require(by.may_edit(policy.state_id) and not by.secretariat)
    with recorded(by=by):
        _locked(policy, ReviewStatus.COMPILED)
        changes = {
            "provenance": Provenance.SUBMITTED,
            "status": ReviewStatus.SUBMITTED,
            "submitted_at": at or timezone.now(),
            "submitted_by_id": by.user_id,
            "legal_status_inferred": False,
        }
        return told(ADOPTED, change(policy, changes, by=by), by=by)


def add_file(
    *, policy: PolicySubmission, upload: File[bytes], name: str, by: Viewer, reason: str = ""
) -> PolicyFile:
    """Keep a copy of the document as the next version; earlier ones stay."""
    require(by.may_edit(policy.state_id))
    require_reason(by, reason)
    if upload.size > LARGEST_FILE:
        raise ValidationError({"file": _("The file is larger than 20 MB.")})
    if b"%PDF-" not in upload.read(1024):
        raise ValidationError({"file": _("Hand in the document as a PDF.")})
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    with recorded(by=by, reason=reason):
        PolicySubmission.objects.select_for_update(of=("self",)).get(pk=policy.pk)
        newest: PolicyFile | None = PolicyFile.objects.filter(policy=policy).order_by("-number").first()
        if newest and newest.sha256 == digest:
            return newest
        number = newest.number + 1 if newest else 1
        copy = PolicyFile(
            policy=policy,
            number=number,
            # On the disk the copy has a name of ours: a sender's may be longer than names on a disk can be.
            file=File(upload.file, name=f"{policy.ref}-{number}.pdf"),
            name=name,
            size=upload.size,
            sha256=digest,
        )
        kept = store(copy, by=by, reason=reason)
        told(COPY_ADDED, policy, by=by)
        return kept


def set_translation(
    *,
    policy: PolicySubmission,
    language: str,
    by: Viewer,
    reason: str = "",
    version: int | None = None,
    **fields: Any,
) -> PolicyTranslation:
    """Enter or replace the translation of a document in one language.

    `version` is the one that the writer has read, 0 if there was no translation yet.
    """
    require(by.may_edit(policy.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        PolicySubmission.objects.select_for_update(of=("self",)).get(pk=policy.pk)
        existing: PolicyTranslation | None = PolicyTranslation.objects.filter(
            policy=policy, language=language
        ).first()
        saved: PolicyTranslation = (
            change(existing, fields, by=by, reason=reason, version=version)
            if existing
            else store(PolicyTranslation(policy=policy, language=language, **fields), by=by, reason=reason)
        )
        told(TRANSLATED, policy, by=by)
        return saved


# The Secretariat's part -----------------------------------------------------------------------------------


def publish_policy(
    *, policy: PolicySubmission, by: Viewer, at: datetime | None = None, version: int | None = None
) -> PolicySubmission:
    """Publish a submission whose form is in order."""
    require(by.secretariat and by.may_write)
    with recorded(by=by):
        _locked(policy, ReviewStatus.SUBMITTED)
        changes = {
            "status": ReviewStatus.PUBLISHED,
            "published_at": at or timezone.now(),
            "review_comment": "",
        }
        return told(PUBLISHED, change(policy, changes, by=by, version=version), by=by)


def return_policy(
    *, policy: PolicySubmission, comment: str, by: Viewer, version: int | None = None
) -> PolicySubmission:
    """Give a submission back to its state, saying what is missing in its form."""
    require(by.secretariat and by.may_write)
    if not comment.strip():
        raise ValidationError({"review_comment": _("Say what the state should complete.")})
    with recorded(by=by, reason=comment):
        _locked(policy, ReviewStatus.SUBMITTED)
        changes = {"status": ReviewStatus.RETURNED, "review_comment": comment}
        return told(RETURNED, change(policy, changes, by=by, reason=comment, version=version), by=by)


def enter_received_policy(
    *,
    state: State,
    by: Viewer,
    reason: str,
    today: date | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> PolicySubmission:
    """Enter and publish a document that the state has sent, with how and when it came."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    now = at or timezone.now()
    policy = PolicySubmission(
        state=state,
        provenance=Provenance.RECEIVED,
        status=ReviewStatus.PUBLISHED,
        submitted_at=now,
        submitted_by_id=by.user_id,
        published_at=now,
        **fields,
    )
    return _create(policy, RECEIVED, by=by, reason=reason, today=today)


def compile_policy(
    *, state: State, by: Viewer, reason: str, today: date | None = None, **fields: Any
) -> PolicySubmission:
    """Enter a record from public sources, for its state to confirm."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    policy = PolicySubmission(
        state=state, provenance=Provenance.COMPILED, status=ReviewStatus.COMPILED, **fields
    )
    return _create(policy, COMPILED, by=by, reason=reason, today=today)


def correct_policy(
    *, policy: PolicySubmission, changes: Mapping[str, Any], by: Viewer, reason: str
) -> PolicySubmission:
    """Correct a record on the state's behalf, for a reason that the state will read."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    only(changes, (*PolicySubmission.CONTENT, *CORRECTED_TOO))
    with recorded(by=by, reason=reason):
        return told(CORRECTED, change(policy, changes, by=by, reason=reason), by=by)


def _locked(policy: PolicySubmission, *stages: ReviewStatus) -> PolicySubmission:
    """The row as it is now, under its lock; ValidationError if it is in none of these stages."""
    current: PolicySubmission = PolicySubmission.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if current.status not in stages:
        raise ValidationError(
            _("This submission is now “%(stage)s”: this step is no longer possible."),
            code="stage",
            params={"stage": current.get_status_display()},
        )
    return current
