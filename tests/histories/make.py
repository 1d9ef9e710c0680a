"""Record the stories that have no log yet: ``python -m tests.histories.make``. A log that is there is never touched."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from ocop_flow import bootstrap, config
from tests.cli.office import Office, ocop
from tests.histories.log import DOCUMENTS, documents, documents_of, lines_of, log_file, result_file, result_of
from tests.histories.stories import STORIES


def record(name: str, folder: Path) -> None:
    db = folder / "ocop.db"
    made = ocop("init", "--sandbox", "--db", str(db), "--json")
    assert made.exit == 0, made.err
    STORIES[name](Office(db), folder)
    log_file(name).write_bytes(b"".join(line + b"\n" for line in lines_of(db)))
    kept = {**documents_of(db, "coffee_cacao"), **documents()}
    DOCUMENTS.write_text(
        "".join(
            json.dumps({"hash": digest, **kept[digest]}, ensure_ascii=False, sort_keys=True) + "\n"
            for digest in sorted(kept)
        ),
        encoding="utf-8",
    )
    wired = bootstrap.open_office(config.read(str(db), "en", None))
    told = json.dumps(result_of(wired), ensure_ascii=False, indent=1, sort_keys=True)
    result_file(name).write_text(told + "\n", encoding="utf-8")


def main() -> None:
    for name in STORIES:
        if not log_file(name).exists():
            with tempfile.TemporaryDirectory() as folder:
                record(name, Path(folder))
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
