"""What a deployment says in its environment."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize(("behind", "proxies"), [("1", "1"), ("0", "0")])
def test_attempts_are_counted_by_the_address_that_a_proxy_names(behind: str, proxies: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from cbmportal import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": "postgresql://host/name", "PORTAL_BEHIND_PROXY": behind},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == proxies
