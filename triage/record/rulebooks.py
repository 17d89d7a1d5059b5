"""Rulebook texts by fingerprint, so that an old decision can be run again, and the last signed
rulebook survives a restart with a broken rules folder."""

import hashlib
import zlib
from collections.abc import Mapping
from datetime import datetime

from triage.record.engine import Connection
from triage.record.events import stamp


class RulebookReads:
    """Reading rulebooks that were kept."""

    _connection: Connection

    def rulebook_files(self, fingerprint: str) -> dict[str, bytes] | None:
        """The texts of a rulebook as they were when it was kept; None when it never was."""
        rows = self._connection.execute(
            "select f.path, t.body from rulebook_files f join rulebook_texts t"
            " on t.digest = f.digest where f.fingerprint = :fingerprint order by f.path",
            {"fingerprint": fingerprint},
        ).fetchall()
        return {row["path"]: zlib.decompress(row["body"]) for row in rows} or None

    def rulebook_fingerprints(self, *, signed_only: bool = False) -> tuple[str, ...]:
        """Every rulebook that was kept, or every signed one, the first adopted first."""
        rows = self._connection.execute(
            "select fingerprint from rulebooks where signed >= :least order by adopted_at, rowid",
            {"least": int(signed_only)},
        ).fetchall()
        return tuple(row["fingerprint"] for row in rows)

    def last_signed_rulebook(self) -> str | None:
        """The fingerprint of the signed rulebook that was adopted last."""
        row = self._connection.execute(
            "select fingerprint from rulebooks where signed = 1"
            " order by adopted_at desc, rowid desc limit 1"
        ).fetchone()
        return None if row is None else row["fingerprint"]


class RulebookWrites:
    """Keeping rulebooks."""

    _connection: Connection

    def keep_rulebook(
        self, fingerprint: str, files: Mapping[str, bytes], *, signed: bool, adopted_at: datetime
    ) -> bool:
        """Keep the texts of a rulebook; an unchanged file is kept once. False if it was known.

        The fingerprint covers all but the signature: rules that were known as a draft are kept
        as signed from the moment that they are, and never become a draft again.
        """
        known = self._connection.execute(
            "select 1 from rulebooks where fingerprint = :fingerprint",
            {"fingerprint": fingerprint},
        ).fetchone()
        self._connection.execute(
            "insert into rulebooks (fingerprint, signed, adopted_at)"
            " values (:fingerprint, :signed, :adopted_at) on conflict (fingerprint) do update"
            " set signed = max(signed, excluded.signed), adopted_at = excluded.adopted_at",
            {
                "fingerprint": fingerprint,
                "signed": int(signed),
                "adopted_at": stamp(adopted_at),
            },
        )
        if known is None or signed:
            self._keep_texts(fingerprint, files)
        return known is None

    def _keep_texts(self, fingerprint: str, files: Mapping[str, bytes]) -> None:
        rows = self._connection.execute(
            "select path, digest from rulebook_files where fingerprint = :fingerprint",
            {"fingerprint": fingerprint},
        ).fetchall()
        kept = {row["path"]: row["digest"] for row in rows}
        for path, text in files.items():
            digest = hashlib.sha256(text).hexdigest()
            if kept.get(path) != digest:
                self._keep_text(fingerprint, path, text, digest)

    def _keep_text(self, fingerprint: str, path: str, text: bytes, digest: str) -> None:
        self._connection.execute(
            "insert into rulebook_texts (digest, body) values (:digest, :body)"
            " on conflict do nothing",
            {"digest": digest, "body": zlib.compress(text, 9)},
        )
        self._connection.execute(
            "insert into rulebook_files (fingerprint, path, digest)"
            " values (:fingerprint, :path, :digest)"
            " on conflict (fingerprint, path) do update set digest = excluded.digest",
            {"fingerprint": fingerprint, "path": path, "digest": digest},
        )
