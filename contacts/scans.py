from dataclasses import dataclass


@dataclass(frozen=True)
class Scan:
    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes
