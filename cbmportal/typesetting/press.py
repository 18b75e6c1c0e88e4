"""The process that sets one document: JSON on standard input, PDF on standard output."""

import sys
from pathlib import Path

import typst

#: Bytes of memory, far more than a directory of thousands of entries takes.
MOST_MEMORY = 2 * 1024**3


def bound_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main(template: Path) -> None:
    """Only the fonts that come with typst, so that a document looks the same wherever it is set."""
    bound_memory()
    data = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        template, root=template.parent, ignore_system_fonts=True, format="pdf", sys_inputs={"data": data}
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
