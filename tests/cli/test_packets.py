"""The electronic set of a hand-over: put together, checked file by file, taken in once by the receiving office."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Office
from tests.databases import folder_of, raw

COMMUNE, PROVINCE = "12103", "33"
SCAN = b"%PDF-1.4 form 02, signed"


@dataclass
class HandOver:
    office: Office
    dossier: str
    giver: str
    taker: str
    packet: Path

    def opens(self, file: Path, code: int) -> list[str]:
        return self.office.refuses(code, "packet", "open", str(file), who=self.taker)


@pytest.fixture(scope="module")
def forwarded(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """A dossier that the commune has proposed to the province, with one scan and papers held."""
    folder = tmp_path_factory.mktemp("packets")
    office = Office(copied(sandbox_database, folder))
    dossier = office.open(COMMUNE, "Hạt sen sấy", track="existing_product")
    (folder / "mau02.pdf").write_bytes(SCAN)
    officer = office.holder("officer", COMMUNE)
    office.do("attach", dossier, str(folder / "mau02.pdf"), "--kind", "self_assessment", who=officer)
    office.take(dossier, "propose_to_province")
    office.holder("officer", PROVINCE)
    return office, dossier


@pytest.fixture
def over(forwarded: tuple[Office, str], tmp_path: Path) -> HandOver:
    """A copy of that office with a packet of the dossier made by the commune."""
    began, dossier = forwarded
    folder = tmp_path / "db"
    folder.mkdir()
    office = Office(copied(began.db, folder), began.day, people=dict(began.people), communes=dict(began.communes))
    shutil.copytree(folder_of(began.db), folder_of(office.db))
    giver, taker = office.holder("officer", COMMUNE), office.holder("officer", PROVINCE)
    packet = tmp_path / "packet.zip"
    made = held(office.do("packet", "make", dossier, "--out", str(packet), who=giver), "packet make")
    assert (made["to"]["code"], made["files"]) == (PROVINCE, 1)
    return HandOver(office, dossier, giver, taker, packet)


def rewritten(over: HandOver, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The packet with some files changed, or left out where ``change`` gives None."""
    target = over.packet.with_name("changed.zip")
    with zipfile.ZipFile(over.packet) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def test_a_packet_is_taken_once_with_every_file_whole(over: HandOver, tmp_path: Path) -> None:
    """One electronic set goes along at each step (REGULATIONS.md, council and papers)."""
    out = tmp_path / "received"
    words = ["packet", "open", str(over.packet), "--out", str(out)]
    found = held(over.office.do(*words, who=over.taker), "packet open")
    assert found["dossiers"] == [over.dossier]
    (scan,) = (out / over.dossier).iterdir()
    assert scan.read_bytes() == SCAN
    sums = (out / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums == f"{hashlib.sha256(SCAN).hexdigest()}  {over.dossier}/{scan.name}\n"
    cover = (out / "00-phieu-giao-nhan.html").read_text(encoding="utf-8")
    assert over.dossier in cover
    assert hashlib.sha256(SCAN).hexdigest() in cover
    # Each language has one way of writing days.
    assert re.search(r"20\d\d-\d\d-\d\d", cover) and not re.search(r"\d\d/\d\d/20\d\d", cover)
    assert over.opens(over.packet, 3) == ["packet_taken"]
    (listed,) = held(over.office.do("packet", "list"), "worklist list")
    assert (listed["to"]["code"], listed["taken_on"]) == (PROVINCE, over.office.day)
    assert over.office.do("audit", "verify")["ok"] is True


def test_a_packet_made_and_taken_with_a_key_is_answered_again_alike(over: HandOver, tmp_path: Path) -> None:
    """A repeated ``--key`` with the same content gets the first answer again (DESIGN section 7, exit 0).

    The file and folder that the first one made are no reason to refuse the second; files lost since are put there anew.
    """
    again, out = tmp_path / "again.zip", tmp_path / "received"
    words = ["packet", "make", over.dossier, "--out", str(again), "--key", "giao-1"]
    made = over.office.do(*words, who=over.giver)
    kept = again.read_bytes()
    assert over.office.do(*words, who=over.giver) == made
    assert again.read_bytes() == kept
    words = ["packet", "open", str(again), "--out", str(out), "--key", "nhan-1"]
    taken = over.office.do(*words, who=over.taker)
    shutil.rmtree(out)
    assert [over.office.do(*words, who=over.taker) for _ in range(2)] == [taken, taken]
    assert (out / "SHA256SUMS").is_file()
    assert over.office.refuses(3, *words[:-1], "nhan-2", who=over.taker) == ["target_exists"]


def test_a_missing_an_altered_and_a_foreign_file_are_each_named(over: HandOver) -> None:
    (scan,) = (name for name in zipfile.ZipFile(over.packet).namelist() if name.endswith(".pdf"))
    missing = rewritten(over, lambda name, data: None if name == scan else data)
    assert over.opens(missing, 2) == ["packet_file_missing"]
    altered = rewritten(over, lambda name, data: data + b"!" if name == scan else data)
    assert over.opens(altered, 2) == ["packet_file_altered"]
    answer = over.office.ask("packet", "open", str(altered), who=over.taker)
    assert scan in answer.document["reasons"][0]["message"]
    with zipfile.ZipFile(altered, "a") as more:
        more.writestr("../outside.txt", b"x")
    assert over.opens(altered, 2) == ["packet_file_altered", "packet_file_extra"]


def test_a_manifest_that_was_written_anew_is_refused(over: HandOver) -> None:
    def claim(name: str, data: bytes) -> bytes:
        if name != "packet.json":
            return data
        manifest = json.loads(data)
        manifest["dossiers"][0]["product"] = "Một sản phẩm khác"
        return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    assert over.opens(rewritten(over, claim), 2) == ["packet_altered"]
    assert over.opens(rewritten(over, lambda name, data: b"{}" if name == "packet.json" else data), 2) == [
        "packet_not_ours"
    ]
    broken = over.packet.with_name("broken.zip")
    broken.write_bytes(over.packet.read_bytes()[:200])
    assert over.opens(broken, 2) == ["packet_damaged"]


def test_only_the_receiving_office_takes_a_packet(over: HandOver) -> None:
    assert over.office.refuses(3, "packet", "open", str(over.packet), who=over.giver) == ["packet_not_for_you"]


def test_a_packet_of_another_database_is_taken_once_too(over: HandOver, sandbox_database: Path, tmp_path: Path) -> None:
    """A province and the ministry each have a database of their own (DESIGN section 9)."""
    folder = tmp_path / "other"
    folder.mkdir()
    other = Office(copied(sandbox_database, folder), over.office.day)
    with raw(other.db) as connection:
        connection.execute("UPDATE meta SET value = 'ocop.vn/another' WHERE name = 'log'")
    taker = other.holder("officer", PROVINCE)
    found = other.do("packet", "open", str(over.packet), who=taker)
    with zipfile.ZipFile(over.packet) as packed:
        manifest = json.loads(packed.read("packet.json"))
    assert found["code"] == f"{manifest['log']}/{manifest['code']}"
    assert other.refuses(3, "packet", "open", str(over.packet), who=taker) == ["packet_taken"]
    assert other.do("doctor", "--rebuild", who="admin")["ok"] is True
