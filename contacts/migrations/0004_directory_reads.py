"""Who has read which state's entries on which day."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_texts_are_given'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectoryRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('via', models.CharField(choices=[('page', 'on a page of the portal'), ('api', 'through the API'), ('file', 'as a file')], max_length=4, verbose_name='how')),
                ('reader_states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list, size=None, verbose_name='for the states')),
                ('organisation', models.TextField(blank=True, verbose_name='for the organisation')),
                ('first_at', models.DateTimeField(verbose_name='first at')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.state', verbose_name='entries of')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'reading of the directory',
                'verbose_name_plural': 'readings of the directory',
                'ordering': ['-day', '-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', '-day'], name='contacts_reads_of_a_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('via__in', ['page', 'api', 'file'])), name='contacts_directoryread_via_is_known'), models.UniqueConstraint(fields=('day', 'state', 'user', 'via'), name='contacts_directoryread_is_noted_once_a_day')],
            },
        ),
    ]
