from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "cbmportal.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        import_module("cbmportal.notices.account_mail")
        import_module("cbmportal.notices.token_mail")
