"""Keeps an exact copy of all that you may see in the portal, in one JSON file. Run it again to bring it up to date.

python mirror.py https://portal.example.org <token> mirror.json
"""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

Answer = tuple[int, dict[str, str], dict[str, Any]]
Get = Callable[[str], Answer]  # from an address under /api/v1/ to the status, headers and body of its answer
NOTHING: dict[str, Any] = {"next": "", "records": {}}


def sync(state: dict[str, Any], get: Get, wait: Callable[[float], object] = time.sleep) -> dict[str, Any]:
    """The state brought up to date: `records` by kind and id, and `next`, from where to go on."""
    since, records = state["next"], dict(state["records"])
    while True:
        status, headers, page = get(f"changes/?since={quote(since)}" if since else "changes/")
        if status == 410 and since:  # it is no longer known what happened since: forget all and begin anew
            since, records = "", {}
        elif status == 429:
            wait(float(headers.get("Retry-After", 60)))
        elif status != 200:
            raise RuntimeError(f"{status}: {page.get('detail')}")
        else:
            for change in page["changes"]:
                records.pop(key := f"{change['kind']}/{change['id']}", None)
                if change["action"] == "upsert":
                    records[key] = change["object"]
            since = page["next"]
            if not page["more"]:
                return {"next": since, "records": records}


def getter(portal: str, token: str) -> Get:
    def get(address: str) -> Answer:
        url, headers = f"{portal}/api/v1/{address}", {"Authorization": f"Token {token}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
                return answer.status, dict(answer.headers), json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, dict(refusal.headers), json.load(refusal)

    return get


if __name__ == "__main__":
    portal, token, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    state = sync(json.loads(path.read_text()) if path.exists() else NOTHING, getter(portal, token))
    path.with_suffix(".new").write_text(json.dumps(state))
    path.with_suffix(".new").replace(path)  # whole or not at all
