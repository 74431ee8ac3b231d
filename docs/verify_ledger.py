"""Verify an export of Stageline's ledger with nothing but Python: `python3 verify_ledger.py FILE [HEAD]`.

Each line is an entry; its `hash` is SHA-256 over the hash before it (`previous`; 64 zeros at first) and its canonical
JSON without these two. The last line is the proof: how many `entries`, and the `head`, the hash of the last. HEAD is
one that you noted earlier: whoever rewrote the ledger since, hashes and all, cannot have kept it.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path


def canonical(entry: dict[str, object]) -> str:
    """Sorted keys, no white space, nothing escaped that need not be."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


if len(sys.argv) not in {2, 3}:
    sys.exit(__doc__)
head, count, heads, proof = "0" * 64, 0, set(sys.argv[2:]), None
with Path(sys.argv[1]).open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
    for line in lines:
        try:
            entry = dict(json.loads(line))
        except (TypeError, ValueError):
            entry = {}
        if proof is None and entry.keys() == {"entries", "head"}:
            proof = entry
            continue
        exact = canonical(entry) == line.rstrip("\n")  # so that nothing hides in a name that stands there twice
        links = (entry.get("revision"), entry.pop("previous", None), entry.pop("hash", None))
        expected = sha256((head + canonical(entry)).encode(errors="surrogatepass")).hexdigest()
        if proof is not None or not exact or links != (count + 1, head, expected):
            sys.exit(f"Entry {count + 1} is altered, missing or out of order.")
        count, head = count + 1, expected
        heads.discard(head)
if proof != {"entries": count, "head": head}:
    sys.exit(f"Entry {count + 1} is missing, or the proof was altered.")
print(f"Sound: {count} entries, head {head}." if not heads else sys.exit("The noted head is not in this ledger."))
