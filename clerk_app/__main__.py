"""Builds the parts of the program and joins them; nothing else does."""

from __future__ import annotations

import io
import sys

from clerk_app.cli import command_line


def main() -> int:
    """Run the program with the arguments of its process: a command, or else the window."""
    if getattr(sys, "frozen", False):
        # The installed program is its own interpreter: a process that reads a file begins here, too.
        import multiprocessing

        multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a character shows its number; it never stops a settlement.
            stream.reconfigure(errors="backslashreplace")
    return command_line.run(sys.argv[1:], _open_window)


def _open_window() -> int:
    from clerk_app.desktop.application import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
