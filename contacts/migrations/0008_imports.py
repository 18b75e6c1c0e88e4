"""Lists of contacts that officers have handed in and not confirmed yet."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0007_formal_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectoryImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=100, verbose_name='file')),
                ('content', models.BinaryField()),
                ('kept_at', models.DateTimeField(verbose_name='kept on')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'list handed in',
                'verbose_name_plural': 'lists handed in',
                'ordering': ['-kept_at', '-pk'],
                'default_permissions': (),
            },
        ),
    ]
