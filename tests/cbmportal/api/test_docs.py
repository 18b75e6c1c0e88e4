"""The page about the API: public, from this host alone, under the same strict policy as every page."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client


@pytest.fixture
def html(client: Client, db: None) -> str:
    answer = client.get("/api/v1/docs/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_needs_nothing_from_elsewhere(html):
    loaded = re.findall(r'(?:src|href|data-schema)="([^"]+)"', html)
    assert {address.split("/")[1] for address in loaded} == {"static", "api", "en"}
    for address in loaded:
        if address.startswith(settings.STATIC_URL):
            assert finders.find(address.removeprefix(settings.STATIC_URL)), address


def test_it_has_no_script_or_style_in_it_and_no_policy_of_its_own(client: Client, html):
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", html) == []
    ours, any_page = (
        client.get(address)["Content-Security-Policy"] for address in ("/api/v1/docs/", "/health/live")
    )
    assert ours == any_page


def test_it_reads_the_schema_of_this_portal(html):
    assert 'data-schema="/api/v1/schema/"' in html
