"""The page about the API: public, from this host alone, under the same strict policy as every page."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def page(client: Client, db: None) -> str:
    answer = client.get("/api/v1/docs/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_needs_nothing_from_elsewhere(page):
    loaded = re.findall(r'(?:src|href|data-schema)="([^"]+)"', page)
    assert {address.split("/")[1] for address in loaded} == {"static", "api", "en"}
    for address in loaded:
        if address.startswith(settings.STATIC_URL):
            assert finders.find(address.removeprefix(settings.STATIC_URL)), address


def test_it_has_no_script_or_style_in_it_and_no_policy_of_its_own(client: Client, page):
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page) == []
    ours, any_page = (
        client.get(address)["Content-Security-Policy"] for address in ("/api/v1/docs/", "/health/live")
    )
    assert ours == any_page


def test_it_reads_the_schema_of_this_portal(page):
    assert 'data-schema="/api/v1/schema/"' in page
