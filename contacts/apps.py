from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("States and points of contact")

    def ready(self) -> None:
        for kinds in ("notices", "contact_mail", "access.people_mail", "access.invitation_mail"):
            import_module(f"contacts.{kinds}")
