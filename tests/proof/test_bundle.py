"""Evidence bundles, and the two separate programs that check them.

The page is run by Node.js, which the machines of continuous integration have; a machine without it fails these tests
instead of passing over them.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ocop_flow.domain import archive

if TYPE_CHECKING:
    from tests.cli.office import Office

FOLDER = Path(__file__).resolve().parents[2] / "verifier"
SCRIPT, PAGE = FOLDER / "verify.py", FOLDER / "verify.html"
COMMUNE = "12103"
#: Where the fields of a zip file's parts begin (APPNOTE 6.3: 4.3.7, 4.3.12, 4.3.16).
LOCAL = (0, 4, 6, 8, 10, 12, 14, 18, 22, 26, 28)
CENTRAL = (0, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 30, 32, 34, 36, 38, 42)
END = (0, 4, 6, 8, 10, 12, 16, 20)
NOT_CANONICAL = "archive: not in the canonical form"
Json = dict[str, Any]


def load() -> Any:
    spec = importlib.util.spec_from_file_location("verifier", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = load()


def by_script(data: bytes, key: str | None = None) -> Json:
    """What verify.py says, in this process."""
    try:
        return {"ok": True, **VERIFIER.check(data, key)}
    except VERIFIER.Fault as fault:
        return {"ok": False, "fault": str(fault)}
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return {"ok": False, "fault": "cannot be read"}


def by_page(bundles: list[bytes], folder: Path, key: str = "") -> list[Json]:
    """What the page's script says of each."""
    names = []
    for number, data in enumerate(bundles):
        names.append(folder / f"{number}.zip")
        names[-1].write_bytes(data)
    return _by_page(list(map(str, names)), key)


def _by_page(names: list[str], key: str = "") -> list[Json]:
    node = shutil.which("node")
    assert node is not None, "Node.js runs the page in this test: install it"
    words = [node, str(Path(__file__).with_name("run_verifier.js")), str(PAGE), key, *names]
    done = subprocess.run(words, capture_output=True, check=True, encoding="utf-8")
    return [json.loads(line) for line in done.stdout.splitlines()]


def plain(found: Json) -> Json:
    """A verdict without the name that each language gives an error of its own."""
    fault = re.sub(r" \(\w+\)$", "", found.get("fault", ""))
    return {**found, "fault": fault} if not found["ok"] else found


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, sandbox_database: Path) -> tuple[bytes, str]:
    """(a bundle of one short dossier with its file, the key that signed it)."""
    from tests.cli.conftest import copied
    from tests.cli.office import Office

    folder = tmp_path_factory.mktemp("bundle")
    office = Office(copied(sandbox_database, folder))
    dossier = office.open(COMMUNE, "Mật ong")
    scan = folder / "scan.pdf"
    scan.write_bytes(b"%PDF a scan")
    office.do("attach", dossier, str(scan), "--kind", "registration_form", who=office.holder("officer", COMMUNE))
    target = folder / "bundle.zip"
    office.do("audit", "export", dossier, "--bundle", str(target), "--files", who="admin")
    (key,) = office.do("audit", "key", "list")
    return target.read_bytes(), key["verifier_key"]


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_both_programs_accept_a_good_bundle_and_say_the_same(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """Events, workflow document, file, key and head are told."""
    data, key = bundle
    found = by_script(data, key)
    assert found["ok"] and (found["key"], found["files"], found["documents"]) == (key, 1, 1)
    assert by_page([data], tmp_path, key) == [found]


def places(data: bytes) -> list[int]:
    """A byte of everything that an archive is made of: each field of each header, each name, each entry, the end."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        listed, central = packed.infolist(), packed.start_dir
    found = [len(data) - 22 + field for field in END]
    for entry in listed:
        name, size = len(entry.filename), entry.file_size
        begin = entry.header_offset + 30 + name
        found += [entry.header_offset + field for field in (*LOCAL, 30, 29 + name)]
        found += [begin, begin + size // 2, begin + size - 1]
        found += [central + field for field in (*CENTRAL, 46, 45 + name)]
        central += 46 + name
    assert central == len(data) - 22
    return sorted(found)


def turned(data: bytes, at: int, mask: int) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_one_byte_altered_in_any_part_of_the_archive_is_refused_by_both(
    bundle: tuple[bytes, str], tmp_path: Path
) -> None:
    """In the archive as it lies."""
    data, _ = bundle
    draw = random.Random(1)
    cases = [(at, 1 << draw.randrange(8)) for at in places(data)]
    assert len(cases) > 32 * len(entries(data))
    said = [plain(by_script(turned(data, at, mask))) for at, mask in cases]
    assert [each["ok"] for each in said] == [False] * len(cases)
    file = tmp_path / "bundle.zip"
    file.write_bytes(data)
    assert [plain(each) for each in _by_page([f"{file}@{at}:{mask}" for at, mask in cases])] == said


def test_one_byte_altered_in_any_entry_is_refused_by_both(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """With the archive made anew around it, checksums and all; or the archive cut short, or with more at its end."""
    data, _ = bundle
    draw = random.Random(1)
    cases = []
    for name, body in entries(data).items():
        for at in sorted({0, len(body) // 2, len(body) - 1}):
            cases.append(archive.pack({**entries(data), name: turned(body, at, 1 << draw.randrange(7))}))
    note = entries(data)["head.note"]
    for at in range(len(note) - 12, len(note)):
        cases.append(archive.pack({**entries(data), "head.note": turned(note, at, 1)}))
    said = [plain(by_script(each)) for each in cases]
    assert [each["ok"] for each in said] == [False] * len(cases)
    assert [plain(each) for each in by_page(cases, tmp_path)] == said


def test_a_bundle_cut_short_or_with_more_behind_it_is_told_as_such(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """A download that broke off is no forgery, and its reader should know."""
    data, _ = bundle
    cases = [
        data[:-1],
        data[:-22],
        data[: len(data) // 2],
        data[:30],
        data[:1],
        b"",
        data + b"\0",
        b"no archive at all" * 9,
    ]
    said = [plain(by_script(each)) for each in cases]
    assert {each["fault"] for each in said} == {"archive: cut short, or not a bundle"}
    assert [plain(each) for each in by_page(cases, tmp_path)] == said
    twice = [data + data]
    assert [by_script(data + data)] == by_page(twice, tmp_path) == [{"ok": False, "fault": NOT_CANONICAL}]


def test_every_byte_of_the_key_note_and_manifest_matters(bundle: tuple[bytes, str]) -> None:
    """No bit of what is signed, or signs, can be changed; with the archive made anew."""
    data, _ = bundle
    whole = entries(data)
    for name in ("key.txt", "bundle.note"):
        for at in range(len(whole[name])):
            changed = whole[name][:at] + bytes([whole[name][at] ^ 1]) + whole[name][at + 1 :]
            assert not by_script(archive.pack({**whole, name: changed}))["ok"], (name, at)


def test_the_same_entries_in_another_archive_are_refused(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """Only the canonical form is a bundle: stored, sorted, fixed times, no comment."""
    data, _ = bundle
    whole = entries(data)
    cases = []
    for kind, order in ((zipfile.ZIP_DEFLATED, sorted(whole)), (zipfile.ZIP_STORED, sorted(whole, reverse=True))):
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w", kind) as packed:
            for name in order:
                packed.writestr(zipfile.ZipInfo(name), whole[name], kind)
        cases.append(other.getvalue())
    said = [plain(by_script(each)) for each in cases]
    assert {each["fault"] for each in said} == {NOT_CANONICAL}
    assert [plain(each) for each in by_page(cases, tmp_path)] == said


def test_another_key_than_the_published_one_is_refused(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """A bundle that is true to itself proves only that its key stood by it."""
    data, key = bundle
    other = key[:-4] + "AAA="
    expected = {"ok": False, "fault": "made with another key than the one given"}
    assert by_script(data, other) == expected
    assert by_page([data], tmp_path, other) == [expected]


def test_the_archive_is_an_ordinary_zip(bundle: tuple[bytes, str]) -> None:
    """Any program opens it; equal entries give equal bytes."""
    data, _ = bundle
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == sorted(packed.namelist())
    assert archive.pack(entries(data)) == data
    with pytest.raises(ValueError, match="name"):
        archive.pack({"đơn": b""})


def test_the_verifier_checks_signatures_as_the_library_makes_them() -> None:
    """Ed25519 written out against the cryptography library, and the malleable forms that RFC 8032 refuses."""
    for number in range(8):
        private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([number])).digest())
        public, message = private.public_key().public_bytes_raw(), bytes(range(number * 7))
        signature = private.sign(message)
        assert VERIFIER.signed(public, message, signature)
        assert not VERIFIER.signed(public, message + b"x", signature)
        assert not VERIFIER.signed(public, message, signature[:32] + bytes(32))
        larger = int.from_bytes(signature[32:], "little") + VERIFIER.L
        assert not VERIFIER.signed(public, message, signature[:32] + larger.to_bytes(32, "little"))


def test_the_verifiers_are_short_stand_alone_and_published_by_digest() -> None:
    """Under 300 lines of the standard library; SHA256SUMS names both files as they are; the page loads nothing."""
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300
    imported = {match[1] for line in lines if (match := re.match(r"(?:import|from) (\w+)", line))}
    assert imported <= set(sys.stdlib_module_names)
    sums = dict(line.split("  ")[::-1] for line in (FOLDER / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    assert sums == {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in (SCRIPT, PAGE)}
    assert "default-src 'none'" in PAGE.read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=", PAGE.read_text(encoding="utf-8")) == []


def test_the_script_is_a_program(bundle: tuple[bytes, str], tmp_path: Path) -> None:
    """Exit 0 for a good bundle, 1 for a bad one, 2 without one."""
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundle[0])
    bad.write_bytes(bundle[0][:-1])
    for words, code in (
        ([str(good)], 0),
        ([str(good), "--key", bundle[1]], 0),
        ([str(bad)], 1),
        ([], 2),
        ([str(tmp_path / "none.zip")], 2),
    ):
        done = subprocess.run([sys.executable, "-I", str(SCRIPT), *words], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (code, b"")


def test_a_sample_is_spread_and_drawn_again_by_its_seed(office: Office, tmp_path: Path) -> None:
    """One of each group before a second of any; another seed draws others; a key that is none is told."""
    for commune in (COMMUNE, "12142"):
        for number in range(4):
            office.open(commune, f"Sản phẩm {commune} {number}")
    words = ["audit", "sample", "--n", "2", "--by", "commune"]
    first = office.do(*words, "--seed", "một")["dossiers"]
    assert sorted(item["commune"] for item in first) == [COMMUNE, "12142"]
    assert office.do(*words, "--seed", "một")["dossiers"] == first
    drawn = {json.dumps(office.do(*words, "--seed", str(n))["dossiers"]) for n in range(8)}
    assert len(drawn) > 1
    assert len(office.do("audit", "sample", "--n", "40", "--seed", "x")["dossiers"]) == 8
    assert office.refuses(2, "audit", "sample", "--n", "1", "--by", "weather", "--seed", "x") == ["sample_key_unknown"]
    target = tmp_path / "sample.zip"
    office.do(*words, "--seed", "một", "--bundle", str(target), who="admin")
    assert by_script(target.read_bytes())["dossiers"] == sorted(item["dossier"] for item in first)


def test_a_withheld_file_is_told_and_never_goes_along(office: Office, tmp_path: Path) -> None:
    """Its digest stays in the event, its bytes are gone; the bundle is whole."""
    dossier = office.open(COMMUNE, "Mật ong")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"private")
    office.do("attach", dossier, str(scan), "--kind", "registration_form", who=office.holder("officer", COMMUNE))
    words = ["--decision", "12/QĐ-UBND", "--reason", "theo đơn", "--mode", "seal"]
    office.do("withhold", dossier, *words, who=office.holder("leader", COMMUNE))
    target = tmp_path / "b.zip"
    office.do("audit", "export", dossier, "--bundle", str(target), "--files", who="admin")
    listed = json.loads(entries(target.read_bytes())["bundle.json"])["files"]
    assert [(item["withheld"], item["sha256"], item["enclosed"]) for item in listed] == [(True, None, False)]
    assert by_script(target.read_bytes())["ok"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "exit_code", "reason"),
    [
        ("UPDATE event SET body = CAST(replace(body, 'Mật', 'Mất') AS BLOB)", 5, "log_altered"),
        ("UPDATE event SET body = x'7b' WHERE subject_kind = 'dossier'", 5, "log_altered"),
        ("DELETE FROM document", 6, "document_absent"),
        ("UPDATE document SET body = replace(body, 'OCOP', 'OCOB')", 6, "document_absent"),
    ],
)
def test_no_bundle_is_made_of_what_its_own_verifier_would_refuse(
    office: Office, tmp_path: Path, change: str, exit_code: int, reason: str
) -> None:
    """An event or a workflow document that is not what its hash says, or is gone; and no file is left."""
    dossier = office.open(COMMUNE, "Mật ong")
    office.do("audit", "checkpoint", who="admin")
    with contextlib.closing(sqlite3.connect(office.db, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    target = tmp_path / "bundle.zip"
    assert office.refuses(exit_code, "audit", "export", dossier, "--bundle", str(target), who="admin") == [reason]
    assert not target.exists()


@pytest.mark.sqlite
def test_a_history_that_was_made_unreadable_is_told_as_such(office: Office) -> None:
    """Not as a fault of the program: exit 6, and where to look."""
    dossier = office.open(COMMUNE, "Mật ong")
    with contextlib.closing(sqlite3.connect(office.db, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET body = x'7b' WHERE subject_kind = 'dossier'")
    assert office.refuses(6, "audit", "replay", dossier) == ["log_unreadable"]
    assert {item["kind"] for item in office.ask("audit", "verify").document["problems"]} >= {"modified"}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM event WHERE subject_kind = 'dossier' AND seq = 1",
        "UPDATE document SET body = x'7b' WHERE kind = 'regime'",
        "UPDATE event SET body = replace(CAST(body AS TEXT), 'registration.', 'nowhere.')",
    ],
)
def test_records_changed_past_the_program_are_no_fault_of_the_program(office: Office, change: str) -> None:
    """Every reader says what to do (exit 6, DESIGN section 7), and the check names what was changed."""
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.do("attach", dossier, "--kind", "registration_form", who=office.holder("officer", COMMUNE))
    with contextlib.closing(sqlite3.connect(office.db, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    for words in (
        ["audit", "replay", dossier],
        ["doctor", "--rebuild", "--dry-run"],
        ["audit", "conformance", dossier],
    ):
        assert office.ask(*words).exit != 70, words
    assert office.ask("audit", "replay", dossier).exit in (4, 6)
    assert office.ask("audit", "verify").exit == 1
