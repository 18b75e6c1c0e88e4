from dataclasses import dataclass


@dataclass(frozen=True)
class Scan:
    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes


def read_scan(upload) -> Scan:
    import hashlib

    upload.seek(0)
    c = upload.read()
    return Scan(upload.name, "application/pdf", len(c), hashlib.sha256(c).hexdigest(), c)
