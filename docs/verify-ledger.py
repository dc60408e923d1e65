#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Re-checks a ledger without op-dbus: verify-ledger.py DIRECTORY. It does not check who signed (see docs/LEDGER.md)."""
import base64, hashlib, json, pathlib, sys

directory = pathlib.Path(sys.argv[1])
sha = lambda data: hashlib.sha256(data).digest()
height, prev, tree = 0, "0" * 64, []
origin, size, root = (directory / "checkpoint").read_text().split("\n")[:3]
roots = {0: sha(b"")}
for segment in sorted(directory.glob("*.jsonl")):
    assert int(segment.stem) == height + 1, f"{segment}: entries before it are missing"
    for line in segment.read_bytes().split(b"\n")[:-1]:
        where, entry, height = f"{segment}: entry {height + 1}", json.loads(line), height + 1
        before, claim, after = line.rpartition(b'"hash":"%s",' % entry["hash"].encode())
        assert sorted(entry) == "data hash height host kind prev subject time".split(), f"{where}: fields"
        assert entry["height"] == height and entry["prev"] == prev, f"{where}: does not follow the one before"
        assert claim and sha(before + after).hex() == entry["hash"], f"{where}: hash"
        prev, node, n = entry["hash"], sha(b"\0" + line), height - 1
        while n & 1:  # RFC 6962: two full subtrees of one size become one
            node, n = sha(b"\1" + tree.pop() + node), n >> 1
        tree.append(node)
        if height == int(size):
            top = tree[-1]
            for left in reversed(tree[:-1]):
                top = sha(b"\1" + left + top)
            roots[height] = top
assert int(size) in roots, f"the checkpoint knows {size} entries, the files hold {height}"
assert roots[int(size)] == base64.b64decode(root), "these are not the entries of the checkpoint"
print(f"{height} entries hold, {size} of them under the checkpoint of {origin}")
