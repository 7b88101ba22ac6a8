"""What was printed goes into the office's folder for papers, a folder a month; nowhere, where the office has none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from clerk_app.counter.desk import Desk
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file


def keep_papers(desk: Desk, month: date, papers: Mapping[str, bytes]) -> Path | None:
    """Write papers into the month's folder.

    Args:
        month: Any day of it.
        papers: By the name of the file.

    Returns:
        The month's folder; None where the office keeps no papers.

    Raises:
        ClerkError: ``folder_not_made``, ``file_not_written``.
    """
    if not desk.settings.paper_folder:
        return None
    folder = Path(desk.settings.paper_folder) / f"{month:%Y-%m}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
    for name, content in papers.items():
        with whole_file(folder / name) as draft:
            draft.write_bytes(content)
    return folder
