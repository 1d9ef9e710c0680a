"""A page printed to PDF by a program of this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ocop_flow.errors import Unavailable, reason

#: Programs that print HTML to PDF, the usual ones first; names on the three systems.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
OFFICES = ("soffice", "libreoffice")
#: Seconds after which a program that prints is given up.
PATIENCE = 90


def as_pdf(page: str) -> bytes:
    """The page printed by a browser of this machine, or by LibreOffice.

    raises  Unavailable if there is none, or it fails
    """
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    office = next((path for name in OFFICES if (path := shutil.which(name))), None)
    if browser is None and office is None:
        raise Unavailable(reason("pdf_printer_absent"))
    with tempfile.TemporaryDirectory(prefix="ocop-") as folder:
        source, target = Path(folder, "sheet.html"), Path(folder, "sheet.pdf")
        source.write_text(page, encoding="utf-8")
        if browser is not None:
            words = [browser, "--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={folder}/profile"]
            words += ["--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
        else:
            words = [str(office), f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
            words += ["--convert-to", "pdf:writer_web_pdf_Export", "--outdir", folder, str(source)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(reason("pdf_printer_failed", program=words[0], detail=type(error).__name__)) from error
