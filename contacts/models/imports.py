import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.querysets import DirectoryImportQuerySet


class DirectoryImport(models.Model):
    """A list of contacts that an officer has handed in and not confirmed yet. It holds personal data, and is
    forgotten once it is brought in, or after a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("account")
    )
    file_name = models.CharField(_("file"), max_length=100)
    content = models.BinaryField()
    kept_at = models.DateTimeField(_("kept on"))

    objects = DirectoryImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list handed in")
        verbose_name_plural = _("lists handed in")
        ordering = ["-kept_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.file_name
