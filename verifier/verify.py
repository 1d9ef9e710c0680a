#!/usr/bin/env python3
"""Checks an evidence bundle of ocop_flow without ocop_flow: python verify.py BUNDLE [--key VERIFIER_KEY]

Needs nothing but Python 3.11. Says on stdout what the bundle holds, or what is wrong with it; exit 0 or 1, and 2 where
there is no file to read.
Compare this file's SHA-256 with the published one first, and the key or the head code with one that you got elsewhere:
a bundle that is true to itself proves no more than that whoever held this key stood by it.
"""

import base64
import hashlib
import json
import re
import sys
import zlib


class Fault(Exception):
    """Why the bundle is refused."""


def need(condition, fault):
    if not condition:
        raise Fault(fault)


# --- Ed25519 (RFC 8032), verification only; nothing here is secret ----------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    """Sum of two points in extended coordinates (X, Y, Z, T)."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def decompress(data):
    """The point of 32 bytes; None if there is none, or it is written in another way than the one allowed."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    """Whether the signature holds, by the equation without cofactor and in its one encoding."""
    key, first, s = decompress(public), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or first is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, BASE), add(first, times(k, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# --- the archive: a zip in the one form that ocop_flow writes ----------------------------------------


def le(value, size):
    return value.to_bytes(size, "little")


def archive(entries):
    """The bytes of the archive with these entries: stored, sorted, of 1 January 1980, nothing beside them."""
    body, central = bytearray(), bytearray()
    for name, data in sorted(entries.items()):
        common = le(20, 2) + le(0, 4) + le(0, 2) + le(0x21, 2) + le(zlib.crc32(data), 4) + le(len(data), 4) * 2
        common += le(len(name), 2) + le(0, 2)
        central += b"PK\x01\x02" + le(0x0314, 2) + common + le(0, 6) + le(0o100644 << 16, 4) + le(len(body), 4)
        central += name.encode()
        body += b"PK\x03\x04" + common + name.encode() + data
    count = le(len(entries), 2)
    return (
        bytes(body + central) + b"PK\x05\x06" + le(0, 4) + count * 2 + le(len(central), 4) + le(len(body), 4) + le(0, 2)
    )


def entries_of(data):
    """Name -> bytes; anything but the canonical form is refused, so no byte stands outside what is checked."""
    need(data[-22:-18] == b"PK\x05\x06", "archive: cut short, or not a bundle")
    found, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        size, length = (
            int.from_bytes(data[at + 18 : at + 22], "little"),
            int.from_bytes(data[at + 26 : at + 28], "little"),
        )
        name = data[at + 30 : at + 30 + length]
        need(re.fullmatch(rb"[A-Za-z0-9._/-]+", name), "archive: a name")
        found[name.decode()] = data[at + 30 + length : at + 30 + length + size]
        at += 30 + length + size
    need(found and archive(found) == data, "archive: not in the canonical form")
    return found


# --- notes, heads, proofs --------------------------------------------------------------------------------------------


def b64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault("base64") from None
    need(base64.b64encode(data).decode() == text, "base64")
    return data


def opened(note, name, public):
    """The text of a note that carries exactly one signature, made by this key."""
    text, _, line = note.rpartition("\n\n")
    found = re.fullmatch(r"— (\S+) (\S+)\n", line)
    need(text and found and found[1] == name, "a note")
    raw = b64(found[2])
    hashed = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    need(len(raw) == 68 and raw[:4] == hashed, "signed with another key")
    need(signed(public, (text + "\n").encode(), raw[4:]), "the signature does not hold")
    return text + "\n"


def key_of(line):
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", line)
    need(found, "a verifier key")
    raw = b64(found[3])
    need(len(raw) == 33 and raw[0] == 1, "a verifier key")
    need(hashlib.sha256(found[1].encode() + b"\n" + raw).digest()[:4].hex() == found[2], "a verifier key")
    return found[1], raw[1:]


def included(leaf, index, size, proof, root):
    """RFC 6962, 2.1.1."""
    last = size - 1
    for step in proof:
        need(last > 0, "an inclusion proof")
        if index % 2 or index == last:
            leaf = hashlib.sha256(b"\1" + step + leaf).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + step).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and leaf == root


def head_code(text):
    letters, number, code = "ABCDEFGHJKLMNPQRSTUVWXY", int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"), ""
    for _ in range(11):
        number, digit = divmod(number, 23)
        code = letters[digit] + code
    code += letters[sum(weight * letters.index(each) for weight, each in enumerate(code, 2)) % 23]
    return "-".join(code[start : start + 4] for start in (0, 4, 8))


# --- the bundle -------------------------------------------------------------------------------------------------------


def sha(data):
    return hashlib.sha256(data).hexdigest()


def check(data, key=None):
    """What the bundle holds; raises Fault for the first thing that is wrong."""
    entries = entries_of(data)
    for name in ("bundle.json", "bundle.note", "head.note", "key.txt"):
        need(name in entries, f"{name} is missing")
    line = entries["key.txt"].decode().removesuffix("\n")
    need(key is None or key.strip() == line, "made with another key than the one given")
    name, public = key_of(line)
    text = opened(entries["bundle.note"].decode(), name, public)
    need(text == f"ocop_flow bundle 1\n{name}\n{sha(entries['bundle.json'])}\n", "bundle.json is not what was signed")
    bundle = json.loads(entries["bundle.json"])
    listed = {**bundle["entries"], "bundle.json": None, "bundle.note": None}
    need(set(listed) == set(entries), "not the entries that were signed")
    for each, digest in bundle["entries"].items():
        need(sha(entries[each]) == digest, f"{each} is not what was signed")
    head = opened(entries["head.note"].decode(), name, public)
    lines = head.split("\n")
    need(len(lines) == 5 and lines[0] == name, "head.note")
    size, root = int(lines[1]), b64(lines[2])
    chains, documents, named = {}, set(), set()
    for event in bundle["events"]:
        body = entries[f"events/{event['hash']}.json"]
        need(sha(body) == event["hash"], f"event {event['hash']}")
        found = json.loads(body)
        subject = (found["subject"]["kind"], found["subject"]["code"])
        before = chains.get(subject, (0, "0" * 64))
        need((found["seq"], found["prev_hash"]) == (before[0] + 1, before[1]), f"chain of {subject[1]}, {found['seq']}")
        chains[subject] = (found["seq"], event["hash"])
        leaf = hashlib.sha256(b"\0" + bytes.fromhex(event["hash"])).digest()
        proof = [bytes.fromhex(step) for step in event["proof"]]
        need(0 <= event["position"] < size, f"event {event['hash']} is not under the head")
        need(included(leaf, event["position"], size, proof, root), f"event {event['hash']} is not under the head")
        named.add(f"events/{event['hash']}.json")
        documents.add(found["workflow_hash"])
    for digest in bundle["documents"]:
        need(sha(entries[f"documents/{digest}.json"]) == digest, f"document {digest}")
        named.add(f"documents/{digest}.json")
    need(documents - {None} <= set(bundle["documents"]), "a workflow document is missing")
    for each in bundle["files"]:
        if each["enclosed"]:
            need(sha(entries[f"files/{each['sha256']}"]) == each["sha256"], f"file {each['sha256']}")
            named.add(f"files/{each['sha256']}")
    need(named | {"head.note", "key.txt"} == set(bundle["entries"]), "entries that nothing names")
    dossiers = sorted(code for kind, code in chains if kind == "dossier")
    need(dossiers == bundle["dossiers"], "not the dossiers that were signed")
    return {"key": line, "code": head_code(head), "made": lines[3][5:], "size": size, "dossiers": dossiers} | {
        "events": len(bundle["events"]),
        "documents": len(bundle["documents"]),
        "files": sum(each["enclosed"] for each in bundle["files"]),
    }


def main(arguments):
    if not arguments or len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        print(__doc__)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            data = file.read()
    except OSError as error:
        print(json.dumps({"ok": False, "fault": f"cannot be read ({type(error).__name__})"}))
        return 2
    try:
        found = check(data, arguments[2] if len(arguments) == 3 else None)
    except Fault as fault:
        print(json.dumps({"ok": False, "fault": str(fault)}))
        return 1
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        print(json.dumps({"ok": False, "fault": f"cannot be read ({type(error).__name__})"}))
        return 1
    print(json.dumps({"ok": True, **found}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
