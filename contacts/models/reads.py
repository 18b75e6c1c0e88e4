from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from contacts.models.states import State
from contacts.models.words import ReadVia
from contacts.querysets import DirectoryReadQuerySet


class DirectoryRead(models.Model):
    """That somebody read entries of a state on a day, and for whom. Kept for a while, then forgotten.

    For whom is written down as it was then; neither states nor an organisation is the Secretariat.
    """

    day = models.DateField(_("day"))
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", verbose_name=_("entries of"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("account")
    )
    via = models.CharField(_("how"), max_length=4, choices=ReadVia.choices)
    reader_states = ArrayField(models.CharField(max_length=3), verbose_name=_("for the states"), default=list)
    organisation = models.TextField(_("for the organisation"), blank=True)
    first_at = models.DateTimeField(_("first at"))

    objects = DirectoryReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of the directory")
        verbose_name_plural = _("readings of the directory")
        ordering = ["-day", "-pk"]
        default_permissions = ()
        constraints = [
            fields.one_of("via", ReadVia),
            models.UniqueConstraint(
                fields=["day", "state", "user", "via"], name="contacts_directoryread_is_noted_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["state", "-day"], name="contacts_reads_of_a_state")]

    def __str__(self) -> str:
        return f"{self.day} · {self.state}"
