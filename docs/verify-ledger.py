#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Re-checks a ledger without op-dbus: verify-ledger.py DIRECTORY. It does not check who signed (see docs/LEDGER.md)."""
import base64, hashlib, json, pathlib, sys

ledger = pathlib.Path(sys.argv[1])
origin, size, root = (ledger / "checkpoint").read_text().split("\n")[:3]
sha = lambda data: hashlib.sha256(data).digest()
prev, leaves = "0" * 64, []
for segment in sorted(ledger.glob("*.jsonl")):
    assert int(segment.stem) == len(leaves) + 1, f"{segment}: entries before it are missing"
    for line in segment.read_bytes().split(b"\n")[:-1]:
        entry, where = json.loads(line), f"{segment}: entry {len(leaves) + 1}"
        content = line.replace(b'"hash":"%s",' % entry["hash"].encode(), b"", 1)
        assert sorted(entry) == "data hash height host kind prev subject time".split(), f"{where}: fields"
        assert (entry["height"], entry["prev"]) == (len(leaves) + 1, prev), f"{where}: does not follow the one before"
        assert sha(content).hex() == entry["hash"], f"{where}: hash"
        prev = entry["hash"]
        leaves.append(sha(b"\0" + line))
assert int(size) <= len(leaves), f"the checkpoint knows {size} entries, the files hold {len(leaves)}"

level = leaves[: int(size)] or [sha(b"")]
while len(level) > 1:  # RFC 6962: neighbours become one node; who has none goes up alone
    nodes = [sha(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])]
    level = nodes + level[2 * len(nodes) :]
assert level[0] == base64.b64decode(root), "these are not the entries of the checkpoint"
print(f"{len(leaves)} entries hold, {size} of them under the checkpoint of {origin}")
