"""What clients of the API follow: which record changed in which transaction."""

from django.db import models
from django.db.models import Func

LONGEST_KEY = 100


class TransactionId(models.BigIntegerField[int, int]):
    """PostgreSQL's xid8: it never wraps, and orders transactions by their beginning."""

    def db_type(self, connection: object) -> str:
        return "xid8"

    def rel_db_type(self, connection: object) -> str:
        return "xid8"


class ThisTransaction(Func):
    template = "pg_current_xact_id()"
    output_field = TransactionId()


class ThisMoment(Func):
    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class WidestAudience(models.IntegerChoices):
    """Who could see the record when it was noted; whoever could is told when it ends for them."""

    ITS_STATE = 0
    MEMBERS = 1
    PUBLIC = 2


class Change(models.Model):
    """One line for each change of what a record says in the API. Triggers write it, so that nothing is missed."""

    transaction = TransactionId(db_default=ThisTransaction())
    at = models.DateTimeField(db_default=ThisMoment())
    kind = models.CharField(max_length=20)
    record = models.BigIntegerField()
    #: What the record is called in its address.
    key = models.CharField(max_length=LONGEST_KEY)
    state = models.BigIntegerField(null=True)
    audience = models.PositiveSmallIntegerField(choices=WidestAudience.choices)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["transaction", "id"], name="api_changes_in_order"),
            models.Index(fields=["kind", "record", "transaction", "id"], name="api_changes_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class Epoch(models.Model):
    """In which life of the database the changes are counted: a restored one begins another. One row."""

    number = models.UUIDField()
    #: What tells this database from a copy of it.
    database = models.CharField(max_length=200)
    #: Up to this transaction, changes that later ones replaced are forgotten.
    forgotten = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="api_epoch_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)
