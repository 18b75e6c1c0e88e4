"""What somebody has typed into a form and not saved yet. Only its writer ever sees it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cbmportal.forms import UnsentText


class Draft(models.Model):
    """The fields of one form as one person left them, by the form's address without its language."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("account")
    )
    address = models.CharField(_("address of the form"), max_length=300)
    typed = models.JSONField(_("what was typed"))
    interrupted = models.BooleanField(_("was sent after the session had ended"), default=False)
    saved_at = models.DateTimeField(_("kept on"))

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        default_permissions = ()
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="drafts_one_a_form")]

    def __str__(self) -> str:
        return self.address

    @property
    def text(self) -> UnsentText:
        """As the form takes what a browser sends."""
        return UnsentText.of(self.typed)
