"""The process that sets one document: JSON on standard input, PDF on standard output."""

import sys
from pathlib import Path

import typst

from cbmportal.bounds import bound

#: Bytes of memory, far more than a directory of thousands of entries takes.
MOST_MEMORY = 2 * 1024**3


def main(template: Path) -> None:
    """Only the fonts that come with typst, so that a document looks the same wherever it is set."""
    bound(memory=MOST_MEMORY)
    data = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        template, root=template.parent, ignore_system_fonts=True, format="pdf", sys_inputs={"data": data}
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
