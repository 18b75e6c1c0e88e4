from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the Secretariat or a designating authority, never by signing up."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"[{_('CBM portal')}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person's account; to an address without one, in that of the page."""
        person = context.get("user")
        with override(person.language if person else get_language()):
            super().send_mail(template_prefix, email, context)
