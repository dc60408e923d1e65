#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Re-checks a ledger without op-dbus: verify-ledger.py [--allow-unsigned] DIRECTORY.
It does not check who signed (see docs/LEDGER.md)."""
import base64, hashlib, json, os, pathlib, stat, sys

ledger, allowed = pathlib.Path(sys.argv[-1]), sys.argv[1] == "--allow-unsigned"


def read(path):  # no symbolic link, and neither a FIFO nor a device, which could hold this up
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
        found = os.fstat(file.fileno())
        assert stat.S_ISREG(found.st_mode) and found.st_size < 2**30, f"{path}: this is not a regular file under 1 GiB"
        return file.read()


origin, size, root = read(ledger / "checkpoint").decode().split("\n")[:3]
sha = lambda data: hashlib.sha256(data).digest()
prev, leaves, adopted = "0" * 64, [], []
for segment in sorted(ledger.glob("*.jsonl")):
    assert int(segment.stem) == len(leaves) + 1, f"{segment}: entries before it are missing"
    for line in read(segment).split(b"\n")[:-1]:
        entry, where = json.loads(line), f"{segment}: entry {len(leaves) + 1}"
        content = line.replace(b'"hash":"%s",' % entry["hash"].encode(), b"", 1)
        assert sorted(entry) == "data hash height host kind prev subject time".split(), f"{where}: fields"
        assert (entry["height"], entry["prev"]) == (len(leaves) + 1, prev), f"{where}: does not follow the one before"
        assert sha(content).hex() == entry["hash"], f"{where}: hash"
        prev = entry["hash"]
        leaves.append(sha(b"\0" + line))
        if entry["kind"] == "ledger.adopted":
            adopted.append(f"{entry['data']['from']} to {entry['data']['to']}")
assert int(size) <= len(leaves), f"the checkpoint knows {size} entries, the files hold {len(leaves)}"

level = leaves[: int(size)] or [sha(b"")]
while len(level) > 1:  # RFC 6962: neighbours become one node; who has none goes up alone
    nodes = [sha(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])]
    level = nodes + level[2 * len(nodes) :]
assert level[0] == base64.b64decode(root), "these are not the entries of the checkpoint"
print(f"{len(leaves)} entries hold, {size} of them under the checkpoint of {origin}")
for heights in adopted:
    print(f"entries {heights} were not signed when an agent started on them")
if int(size) < len(leaves):
    print(f"entries {int(size) + 1} to {len(leaves)} are not signed")
    sys.exit(0 if allowed else 1)
