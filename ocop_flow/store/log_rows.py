"""The log as rows: events of a stream, answers by key, and what stands beside them for personal data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson

from ocop_flow.domain import canonical
from ocop_flow.domain.event import Event, from_json, parse_time, time_text
from ocop_flow.domain.record import Head
from ocop_flow.errors import Unavailable, reason
from ocop_flow.store.writing import Writing


class Log(Writing):
    """What is recorded, read back."""

    def head(self, kind: str, code: str) -> Head | None:
        found = self.query(
            "SELECT seq, hash, recorded_at FROM event WHERE subject_kind = :kind AND subject = :code "
            "ORDER BY seq DESC LIMIT 1",
            kind=kind,
            code=code,
        )
        return Head(found[0]["seq"], found[0]["hash"], parse_time(found[0]["recorded_at"])) if found else None

    def events(self, kind: str, code: str) -> list[Event]:
        found = self.query(
            "SELECT body FROM event WHERE subject_kind = :kind AND subject = :code ORDER BY seq", kind=kind, code=code
        )
        try:
            return [from_json(canonical.decode(row["body"])) for row in found]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unavailable(reason("log_unreadable", kind=kind, code=code)) from None

    def stored(self, kind: str | None = None) -> Iterator[tuple[str, str, int, str, bytes]]:
        # Text instead of bytes is somebody else's hand: it is handed on for the hash to tell.
        body = "CAST(body AS BLOB)" if self._sqlite else "body"
        where = "WHERE subject_kind = ? " if kind else ""
        sql = f"SELECT subject_kind, subject, seq, hash, {body} FROM event {where}ORDER BY subject_kind, subject, seq"
        return self.flow(sql, [kind] if kind else [])

    def answered(self, key: str | None, dossier: str | None = None) -> tuple[str, Any] | None:
        if key is None:
            return None
        found = self.query("SELECT digest, answer FROM command WHERE key = :key", key=key)
        return (found[0]["digest"], canonical.decode(found[0]["answer"])) if found else None

    def answered_meanwhile(self, key: str | None, dossier: str | None) -> tuple[str, Any] | None:
        return Log.answered(self, key)

    def remember(self, key: str, digest: str, answer: Any, at: datetime) -> None:
        row = {"key": key, "digest": digest, "answer": orjson.dumps(answer).decode(), "recorded_at": time_text(at)}
        self.insert("command", row)

    def seal(self, value: Any) -> str:
        import secrets

        salt = secrets.token_hex(16)
        digest = canonical.sha256(bytes.fromhex(salt) + canonical.encode(value))
        row = {"digest": digest, "salt": salt, "value": canonical.encode(value).decode(), "withheld": None}
        self.insert("personal", row)
        return digest

    def withhold(self, digests: Sequence[str], *, erase: bool, decision: str) -> None:
        mark = f"{'erase' if erase else 'seal'}:{decision}"
        rows = [{"digest": digest, "mark": mark} for digest in digests]
        if not erase:
            self.execute_many("UPDATE personal SET withheld = :mark WHERE digest = :digest", rows)
            return
        if self._sqlite:
            # What is erased must not stay in pages that are free now.
            self.execute("PRAGMA secure_delete = ON")
        values = [
            self.query("SELECT value FROM personal WHERE digest = :d", d=digest)[0]["value"] for digest in digests
        ]
        self.execute_many("UPDATE personal SET withheld = :mark, value = NULL, salt = '' WHERE digest = :digest", rows)
        for value in values:
            document = canonical.decode(value) if value else None
            if isinstance(document, dict) and "sha256" in document:
                self._drop_unnamed(document["sha256"])

    def _drop_unnamed(self, file: str) -> None:
        """Destroy a file at the commit unless another value still stands for it."""
        others = self.query("SELECT 1 FROM personal WHERE value LIKE :file LIMIT 1", file=f'%"sha256":"{file}"%')
        if not others:
            self.drop_file(file)

    def unseal(self, digest: str) -> Any:
        found = self.query("SELECT value FROM personal WHERE digest = :digest AND withheld IS NULL", digest=digest)
        return canonical.decode(found[0]["value"]) if found and found[0]["value"] is not None else None
