"""Nominations, replacements and removals, and the signed notes that carry them."""

import cbmportal.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


def same_state(table, column, target):
    """`column` of `table` may only name a row of `target` that belongs to the same state."""
    name = f"{table}_{column}_same_state"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, state_id)"
        f" REFERENCES {target} (id, state_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


ID_STATE = migrations.RunSQL(
    "ALTER TABLE contacts_formalact ADD CONSTRAINT contacts_formalact_id_state UNIQUE (id, state_id)",
    "ALTER TABLE contacts_formalact DROP CONSTRAINT contacts_formalact_id_state",
)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0004_directory_reads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormalAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered on')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed on')),
                ('kind', models.CharField(choices=[('nomination', 'Nomination'), ('replacement', 'Replacement'), ('removal', 'Removal')], max_length=11, verbose_name='formal act')),
                ('stage', models.CharField(choices=[('draft', 'Draft'), ('note_attached', 'Signed note attached'), ('submitted', 'Submitted'), ('accepted', 'Accepted'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='draft', max_length=13, verbose_name='stage')),
                ('category', models.CharField(choices=[('cyber_policy', 'Cyber policy'), ('foreign_affairs', 'Foreign affairs')], max_length=20, verbose_name='category')),
                ('full_name', cbmportal.fields.LineField(blank=True, max_length=200, verbose_name='full name')),
                ('position', cbmportal.fields.LineField(blank=True, max_length=200, verbose_name='official position')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', cbmportal.fields.TelephoneField(blank=True, max_length=30, verbose_name='telephone')),
                ('stated_reason', cbmportal.fields.LineField(blank=True, max_length=500, verbose_name='reason, if the note gives one')),
                ('issuer', models.CharField(choices=[('foreign_ministry', 'Ministry of foreign affairs'), ('permanent_mission', 'Permanent mission to the Organization of American States')], default='foreign_ministry', max_length=17, verbose_name='who writes the note')),
                ('note_language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('fr', 'French')], default='en', max_length=2, verbose_name='language of the note')),
                ('note_reference', cbmportal.fields.LineField(blank=True, max_length=100, verbose_name='reference of the note verbale')),
                ('note_place', cbmportal.fields.LineField(blank=True, max_length=100, verbose_name='place')),
                ('note_date', models.DateField(blank=True, null=True, verbose_name='date of the note verbale')),
                ('note_text', cbmportal.fields.ProseField(blank=True, max_length=6000, verbose_name='text of the note, as your state words it')),
                ('on_behalf', models.BooleanField(default=False, verbose_name="submitted by the Secretariat on the state's behalf")),
                ('received_how', cbmportal.fields.LineField(blank=True, max_length=300, verbose_name='how the note was received')),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted on')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided on')),
                ('comment', cbmportal.fields.ProseField(blank=True, max_length=2000, verbose_name='comment of the Secretariat')),
                ('contact', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='act', to='contacts.pointofcontact', verbose_name='incoming point of contact')),
                ('decided_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.institution', verbose_name='institution')),
                ('outgoing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='contacts.pointofcontact', verbose_name='outgoing point of contact')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='contacts.state', verbose_name='state')),
                ('submitted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
            ],
            options={
                'verbose_name': 'nomination or removal',
                'verbose_name_plural': 'nominations and removals',
                'ordering': ['-created_at', '-pk'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SignedNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered on')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed on')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', cbmportal.fields.LineField(max_length=200, verbose_name='name of the file')),
                ('media_type', models.CharField(max_length=20, verbose_name='kind of file')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('content', models.BinaryField(null=True, verbose_name='content')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_notes', to='contacts.formalact', verbose_name='formal act')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.state', verbose_name='state')),
            ],
            options={
                'verbose_name': 'signed note',
                'verbose_name_plural': 'signed notes',
                'ordering': ['act', '-number'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FormalActEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered on')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed on')),
                ('kind', models.CharField(choices=[('nomination', 'Nomination'), ('replacement', 'Replacement'), ('removal', 'Removal')], max_length=11, verbose_name='formal act')),
                ('stage', models.CharField(choices=[('draft', 'Draft'), ('note_attached', 'Signed note attached'), ('submitted', 'Submitted'), ('accepted', 'Accepted'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='draft', max_length=13, verbose_name='stage')),
                ('category', models.CharField(choices=[('cyber_policy', 'Cyber policy'), ('foreign_affairs', 'Foreign affairs')], max_length=20, verbose_name='category')),
                ('full_name', cbmportal.fields.LineField(blank=True, max_length=200, verbose_name='full name')),
                ('position', cbmportal.fields.LineField(blank=True, max_length=200, verbose_name='official position')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', cbmportal.fields.TelephoneField(blank=True, max_length=30, verbose_name='telephone')),
                ('stated_reason', cbmportal.fields.LineField(blank=True, max_length=500, verbose_name='reason, if the note gives one')),
                ('issuer', models.CharField(choices=[('foreign_ministry', 'Ministry of foreign affairs'), ('permanent_mission', 'Permanent mission to the Organization of American States')], default='foreign_ministry', max_length=17, verbose_name='who writes the note')),
                ('note_language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('fr', 'French')], default='en', max_length=2, verbose_name='language of the note')),
                ('note_reference', cbmportal.fields.LineField(blank=True, max_length=100, verbose_name='reference of the note verbale')),
                ('note_place', cbmportal.fields.LineField(blank=True, max_length=100, verbose_name='place')),
                ('note_date', models.DateField(blank=True, null=True, verbose_name='date of the note verbale')),
                ('note_text', cbmportal.fields.ProseField(blank=True, max_length=6000, verbose_name='text of the note, as your state words it')),
                ('on_behalf', models.BooleanField(default=False, verbose_name="submitted by the Secretariat on the state's behalf")),
                ('received_how', cbmportal.fields.LineField(blank=True, max_length=300, verbose_name='how the note was received')),
                ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted on')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided on')),
                ('comment', cbmportal.fields.ProseField(blank=True, max_length=2000, verbose_name='comment of the Secretariat')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.pointofcontact', verbose_name='incoming point of contact')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.institution', verbose_name='institution')),
                ('outgoing', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.pointofcontact', verbose_name='outgoing point of contact')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='contacts.formalact')),
                ('state', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.state', verbose_name='state')),
                ('submitted_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
                ('note', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.signednote', verbose_name='signed note')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='formalact',
            name='note',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.signednote', verbose_name='signed note'),
        ),
        migrations.CreateModel(
            name='SignedNoteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered on')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed on')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', cbmportal.fields.LineField(max_length=200, verbose_name='name of the file')),
                ('media_type', models.CharField(max_length=20, verbose_name='kind of file')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('act', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.formalact', verbose_name='formal act')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='contacts.signednote')),
                ('state', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.state', verbose_name='state')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='signednote',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='contacts_signednote_sha256_is_well_formed'),
        ),
        migrations.AddConstraint(
            model_name='signednote',
            constraint=models.CheckConstraint(condition=models.Q(('media_type__regex', '^(application/pdf|image/jpeg|image/png)$')), name='contacts_signednote_media_type_is_well_formed'),
        ),
        migrations.AddConstraint(
            model_name='signednote',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='contacts_signednote_begins_at_one'),
        ),
        migrations.AddConstraint(
            model_name='signednote',
            constraint=models.UniqueConstraint(fields=('act', 'number'), name='contacts_signednote_versions_are_kept'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signednote',
            trigger=pgtrigger.compiler.Trigger(name='keep', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dcfca5cb4f60ffbdf07814dc26e3327d90b15ed1', operation='UPDATE OR DELETE', pgid='pgtrigger_keep_fcc5a', table='contacts_signednote', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signednote',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_signednoteevent" ("act_id", "created_at", "id", "media_type", "name", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "state_id", "updated_at", "uuid", "version") VALUES (NEW."act_id", NEW."created_at", NEW."id", NEW."media_type", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."sha256", NEW."size", NEW."state_id", NEW."updated_at", NEW."uuid", NEW."version"); RETURN NULL;', hash='f3b6506842c23702ac0302b1b3d386e4e811fd4e', operation='INSERT', pgid='pgtrigger_insert_insert_1dbfb', table='contacts_signednote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signednote',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."act_id" IS DISTINCT FROM (NEW."act_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."state_id" IS DISTINCT FROM (NEW."state_id") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "contacts_signednoteevent" ("act_id", "created_at", "id", "media_type", "name", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "state_id", "updated_at", "uuid", "version") VALUES (NEW."act_id", NEW."created_at", NEW."id", NEW."media_type", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."sha256", NEW."size", NEW."state_id", NEW."updated_at", NEW."uuid", NEW."version"); RETURN NULL;', hash='ba63955f85e01ba6e46eaff4da381a8e63ba5bf2', operation='UPDATE', pgid='pgtrigger_update_update_c56bd', table='contacts_signednote', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signednote',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_signednoteevent" ("act_id", "created_at", "id", "media_type", "name", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "state_id", "updated_at", "uuid", "version") VALUES (OLD."act_id", OLD."created_at", OLD."id", OLD."media_type", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."sha256", OLD."size", OLD."state_id", OLD."updated_at", OLD."uuid", OLD."version"); RETURN NULL;', hash='65f459f6850a37e338fe92224a3d7ef4a0e34cd6', operation='DELETE', pgid='pgtrigger_delete_delete_2b3b9', table='contacts_signednote', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='formalactevent',
            index=models.Index(fields=['pgh_obj', '-pgh_id'], name='contacts_formalact_past'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalactevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aac347712e116084d027d2cdcd91be1fd08725f8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a9c3d', table='contacts_formalactevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='formalact',
            index=models.Index(fields=['state', '-created_at'], name='contacts_acts_of_a_state'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['nomination', 'replacement', 'removal'])), name='contacts_formalact_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['draft', 'note_attached', 'submitted', 'accepted', 'returned', 'withdrawn'])), name='contacts_formalact_stage_is_known'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['cyber_policy', 'foreign_affairs'])), name='contacts_formalact_category_is_known'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('issuer__in', ['foreign_ministry', 'permanent_mission'])), name='contacts_formalact_issuer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('note_language__regex', '^(en|es|pt|fr)$')), name='contacts_formalact_note_language_is_well_formed'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(('phone__regex', '^\\+[1-9][0-9]{6,14}(;ext=[0-9]{1,8})?$'), ('phone', ''), _connector='OR'), name='contacts_formalact_phone_is_well_formed'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'nomination'), ('outgoing__isnull', True)), models.Q(('kind__in', ['replacement', 'removal']), ('outgoing__isnull', False)), _connector='OR'), name='contacts_formalact_names_whom_it_ends', violation_error_message='A replacement or a removal names the outgoing contact, a nomination none.'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('full_name', ''), ('kind', 'removal'), ('phone', ''), ('position', ''), ('institution__isnull', True)), models.Q(('institution__isnull', False), ('kind__in', ['nomination', 'replacement']), models.Q(('full_name', ''), _negated=True), models.Q(('position', ''), _negated=True), models.Q(('email', ''), _negated=True)), _connector='OR'), name='contacts_formalact_names_whom_it_brings', violation_error_message='Give name, position, institution and e-mail of the official.'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ('note_attached', 'submitted', 'accepted')), _negated=True), models.Q(('note__isnull', False), ('note_date__isnull', False), models.Q(('note_reference', ''), _negated=True)), _connector='OR'), name='contacts_formalact_goes_on_with_a_signed_note', violation_error_message='Attach the signed note, with its reference and its date.'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['submitted', 'accepted', 'returned']), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='contacts_formalact_was_submitted'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['accepted', 'returned']), _negated=True), ('decided_at__isnull', False), _connector='OR'), name='contacts_formalact_was_decided'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'returned'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='contacts_formalact_is_returned_with_a_comment', violation_error_message='Say what the state should complete.'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['nomination', 'replacement']), ('stage', 'accepted'), ('contact__isnull', False)), models.Q(('contact__isnull', True), ('kind', 'removal'), ('stage', 'accepted')), models.Q(models.Q(('stage', 'accepted'), _negated=True), ('contact__isnull', True)), _connector='OR'), name='contacts_formalact_brings_a_contact_when_accepted'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('on_behalf', False), ('received_how', '')), models.Q(('on_behalf', True), models.Q(('received_how', ''), _negated=True)), _connector='OR'), name='contacts_formalact_on_behalf_says_how_it_came', violation_error_message='Say how the note was received.'),
        ),
        migrations.AddConstraint(
            model_name='formalact',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ('draft', 'note_attached', 'returned', 'submitted'))), fields=('outgoing',), name='contacts_formalact_one_at_a_time', violation_error_message='Another replacement or removal of this contact is under way. Finish or withdraw it first.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='count_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;', hash='3a98b0583c62fc23473be06d5bb1a438e5717cbf', operation='UPDATE', pgid='pgtrigger_count_version_b744d', table='contacts_formalact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='step', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.stage <> 'draft' THEN RAISE EXCEPTION 'a formal act begins as a draft'; END IF;\nELSIF OLD.stage <> NEW.stage AND NOT ((OLD.stage = 'draft' AND NEW.stage IN ('note_attached', 'withdrawn')) OR (OLD.stage = 'note_attached' AND NEW.stage IN ('draft', 'submitted', 'withdrawn')) OR (OLD.stage = 'submitted' AND NEW.stage IN ('accepted', 'returned', 'withdrawn')) OR (OLD.stage = 'returned' AND NEW.stage IN ('draft', 'note_attached', 'withdrawn'))) THEN\n    RAISE EXCEPTION 'a formal act does not go from % to %', OLD.stage, NEW.stage;\nEND IF;\nRETURN NEW;\n", hash='185b87bf6b8f302b703be51d05160a4c207fba32', operation='INSERT OR UPDATE', pgid='pgtrigger_step_33e18', table='contacts_formalact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."stage" IN (\'accepted\', \'withdrawn\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8b7b4cb7b838571da00783fa7d0da63923ba2baa', operation='UPDATE', pgid='pgtrigger_stands_cc693', table='contacts_formalact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='keep', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a12c8b1a30e40e8f4925d18dccd2cf74ba8c2e1d', operation='DELETE', pgid='pgtrigger_keep_7da8a', table='contacts_formalact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_formalactevent" ("category", "comment", "contact_id", "created_at", "decided_at", "decided_by_id", "email", "full_name", "id", "institution_id", "issuer", "kind", "note_date", "note_id", "note_language", "note_place", "note_reference", "note_text", "on_behalf", "outgoing_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "received_how", "stage", "state_id", "stated_reason", "submitted_at", "submitted_by_id", "updated_at", "uuid", "version") VALUES (NEW."category", NEW."comment", NEW."contact_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."full_name", NEW."id", NEW."institution_id", NEW."issuer", NEW."kind", NEW."note_date", NEW."note_id", NEW."note_language", NEW."note_place", NEW."note_reference", NEW."note_text", NEW."on_behalf", NEW."outgoing_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."phone", NEW."position", NEW."received_how", NEW."stage", NEW."state_id", NEW."stated_reason", NEW."submitted_at", NEW."submitted_by_id", NEW."updated_at", NEW."uuid", NEW."version"); RETURN NULL;', hash='e2ee502d06f9bbf93929c94578b212124900cb33', operation='INSERT', pgid='pgtrigger_insert_insert_65958', table='contacts_formalact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "contacts_formalactevent" ("category", "comment", "contact_id", "created_at", "decided_at", "decided_by_id", "email", "full_name", "id", "institution_id", "issuer", "kind", "note_date", "note_id", "note_language", "note_place", "note_reference", "note_text", "on_behalf", "outgoing_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "received_how", "stage", "state_id", "stated_reason", "submitted_at", "submitted_by_id", "updated_at", "uuid", "version") VALUES (NEW."category", NEW."comment", NEW."contact_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."email", NEW."full_name", NEW."id", NEW."institution_id", NEW."issuer", NEW."kind", NEW."note_date", NEW."note_id", NEW."note_language", NEW."note_place", NEW."note_reference", NEW."note_text", NEW."on_behalf", NEW."outgoing_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."phone", NEW."position", NEW."received_how", NEW."stage", NEW."state_id", NEW."stated_reason", NEW."submitted_at", NEW."submitted_by_id", NEW."updated_at", NEW."uuid", NEW."version"); RETURN NULL;', hash='77a1c0f7f650c2e3708675c78362a52e1f161586', operation='UPDATE', pgid='pgtrigger_update_update_a6446', table='contacts_formalact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='formalact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_formalactevent" ("category", "comment", "contact_id", "created_at", "decided_at", "decided_by_id", "email", "full_name", "id", "institution_id", "issuer", "kind", "note_date", "note_id", "note_language", "note_place", "note_reference", "note_text", "on_behalf", "outgoing_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "received_how", "stage", "state_id", "stated_reason", "submitted_at", "submitted_by_id", "updated_at", "uuid", "version") VALUES (OLD."category", OLD."comment", OLD."contact_id", OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."email", OLD."full_name", OLD."id", OLD."institution_id", OLD."issuer", OLD."kind", OLD."note_date", OLD."note_id", OLD."note_language", OLD."note_place", OLD."note_reference", OLD."note_text", OLD."on_behalf", OLD."outgoing_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."phone", OLD."position", OLD."received_how", OLD."stage", OLD."state_id", OLD."stated_reason", OLD."submitted_at", OLD."submitted_by_id", OLD."updated_at", OLD."uuid", OLD."version"); RETURN NULL;', hash='077baaadf0f8656ff7d791f73e80ac3358565ddc', operation='DELETE', pgid='pgtrigger_delete_delete_a975f', table='contacts_formalact', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='signednoteevent',
            index=models.Index(fields=['pgh_obj', '-pgh_id'], name='contacts_signednote_past'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signednoteevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4492c2b325ce0f40f3b808ffe00c5285e7b69ef2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_242e6', table='contacts_signednoteevent', when='BEFORE')),
        ),
        ID_STATE,
        same_state("contacts_formalact", "institution_id", "contacts_institution"),
        same_state("contacts_formalact", "outgoing_id", "contacts_pointofcontact"),
        same_state("contacts_formalact", "contact_id", "contacts_pointofcontact"),
        same_state("contacts_signednote", "act_id", "contacts_formalact"),
    ]
