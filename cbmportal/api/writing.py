"""Writing: what the caller has sent, which version they have read, and the record as it is afterwards.

What may be written, and by whom, is for the services to say, as it is for the pages.
"""

from collections.abc import Callable
from typing import Any, Generic, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.accounts.models import ApiToken, TokenScope
from cbmportal.api.inputs import (
    ActivityInput,
    Confirmation,
    ContactInput,
    Input,
    NewActivityInput,
    NewPolicyInput,
    PolicyInput,
    PolicyStep,
)
from cbmportal.api.preconditions import etag_of, version_read
from cbmportal.api.renderers import JSONRenderer
from cbmportal.api.views import AnyModel, Resource
from cbmportal.history.services import StaleRecord
from contacts.access import require
from contacts.api import ContactSerializer
from contacts.models import PointOfContact
from contacts.services import change_contact_details, confirm_contact
from measures.api import ActivitySerializer
from measures.models import Activity
from measures.services import change_activity, report_activity
from policies.api import PolicySerializer
from policies.models import PolicySubmission
from policies.services import draft_policy, edit_policy, submit_policy, withdraw_policy

WRITING = ("POST", "PATCH")


class Writing(Resource[AnyModel], Generic[AnyModel]):
    """A resource that is also written. Each answer shows the record as a GET would now, with its ETag."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        token = cast(ApiToken | None, request.auth)
        if request.method in WRITING and token and token.scope != TokenScope.WRITE:
            raise PermissionDenied(
                _("This token only reads. To change something, use one with the scope “write”.")
            )

    def may_change(self, record: Any) -> bool:
        return self.viewer.may_edit(record.state_id)

    def record(self) -> Any:
        """The record in sight (404), if the caller may change it (403)."""
        record = self.get_object()
        require(self.may_change(record))
        return record

    def sent(self, expected: type[Input]) -> dict[str, Any]:
        """What the body says, with names and types checked."""
        partial = self.request.method == "PATCH"
        body = expected(data=self.request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def shown(self, record: AnyModel) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=record.pk)).data)

    def made(self, record: AnyModel) -> Response:
        response = self.shown(record)
        response.status_code = 201
        response["Location"] = str(response.data["url"])
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Whoever comes too late is told the ETag of what is there now."""
        response = super().handle_exception(exc)
        if isinstance(exc, StaleRecord):
            current: Any = exc.current
            data = self.shown(current).data
            response["ETag"] = etag_of(JSONRenderer().render(data), data)
        return response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in WRITING and response.status_code < 300:
            response.add_post_render_callback(_tag)
        return response


def _tag(response: Response) -> None:
    response["ETag"] = etag_of(response.content, response.data)


class WrittenContacts(Writing[PointOfContact]):
    @extend_schema(request=ContactInput, responses=ContactSerializer)
    def partial_update(self, request: Request, uuid: str) -> Response:
        """Changes details, which need no nomination."""
        contact = self.record()
        version = version_read(request, contact)
        changes = self.sent(ContactInput)
        reason = changes.pop("reason", "")
        return self.shown(
            change_contact_details(
                contact=contact, changes=changes, by=self.viewer, reason=reason, version=version
            )
        )

    @extend_schema(request=Confirmation, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, uuid: str) -> Response:
        """Nothing changed: the entry is true as it stands."""
        contact = self.record()
        version = version_read(request, contact)
        reason = self.sent(Confirmation).get("reason", "")
        return self.shown(confirm_contact(contact=contact, by=self.viewer, reason=reason, version=version))


class WrittenPolicies(Writing[PolicySubmission]):
    """The Secretariat takes none of the steps that are a state's own."""

    def may_change(self, record: Any) -> bool:
        return super().may_change(record) and not self.viewer.secretariat

    @extend_schema(request=NewPolicyInput, responses={201: PolicySerializer})
    def create(self, request: Request) -> Response:
        """Begins a draft, which only its state and the Secretariat see. It is given its record number."""
        return self.made(draft_policy(by=self.viewer, **self.sent(NewPolicyInput)))

    @extend_schema(request=PolicyInput, responses=PolicySerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Changes a draft, or a submission that was returned or withdrawn."""
        policy = self.record()
        version = version_read(request, policy)
        changes = self.sent(PolicyInput)
        return self.shown(edit_policy(policy=policy, changes=changes, by=self.viewer, version=version))

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, ref: str) -> Response:
        """Hands a complete submission to the Secretariat for review of its form."""
        return self._step(submit_policy)

    @extend_schema(request=None, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, ref: str) -> Response:
        """Takes a submission back; it stays with its state and can be submitted again."""
        return self._step(withdraw_policy)

    def _step(self, take: Callable[..., PolicySubmission]) -> Response:
        policy = self.record()
        version = version_read(self.request, policy)
        self.sent(PolicyStep)
        return self.shown(take(policy=policy, by=self.viewer, version=version))


class WrittenActivities(Writing[Activity]):
    @extend_schema(request=NewActivityInput, responses={201: ActivitySerializer})
    def create(self, request: Request) -> Response:
        """Reports what a state has done under a measure that asks for activities."""
        return self.made(report_activity(by=self.viewer, **self.sent(NewActivityInput)))

    @extend_schema(request=ActivityInput, responses=ActivitySerializer)
    def partial_update(self, request: Request, uuid: str) -> Response:
        """Changes what was reported."""
        activity = self.record()
        version = version_read(request, activity)
        changes = self.sent(ActivityInput)
        reason = changes.pop("reason", "")
        return self.shown(
            change_activity(
                activity=activity, changes=changes, by=self.viewer, reason=reason, version=version
            )
        )
