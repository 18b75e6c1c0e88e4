"""Documents for paper: a template of typst (.typ) and the data it shows, set as PDF by a process of its own.

Setting a long document takes some hundred megabytes, which a process keeps once it has had them; so it is not the
web server's. What the document says comes as JSON and is never read as a part of the template.
"""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings

#: Seconds that a document may take.
LONGEST = 60
#: Of each process of the portal, one document at a time.
PRESS = BoundedSemaphore(1)


class CannotBeSet(Exception):
    """The template or the machine failed; which of them, the message says."""


def typeset(template: Path, data: IO[bytes], document: IO[bytes]) -> None:
    """Write the PDF to `document`; both files are read and written where they stand."""
    with PRESS:
        try:
            subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "cbmportal.typesetting.press", str(template)],
                stdin=data,
                stdout=document,
                stderr=subprocess.PIPE,
                cwd=settings.BASE_DIR,
                env={},
                timeout=LONGEST,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            raise CannotBeSet(error.stderr.decode(errors="replace")[-2000:]) from error
        except subprocess.TimeoutExpired as error:
            raise CannotBeSet(f"{template.name} took more than {LONGEST} seconds") from error
