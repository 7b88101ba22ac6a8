"""PDFBox's preflight, which knows the rules of PDF/A-1b; one virtual machine for many files."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as Xml
from collections.abc import Mapping
from pathlib import Path

from clerk_app.paths import resources

_UNPACKED = resources().parent / ".venv" / "system"
_JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "jaxb-api", "javax.activation")
_NOT_FOUND = "PDFBox's preflight is not there; `python3 packaging/go.py test` installs it: "


def faults(papers: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Which of the files are no PDF/A-1b, and the first reason."""
    for name, content in papers.items():
        (folder / f"{name}.pdf").write_bytes(content)
    listed = folder / "list.txt"
    listed.write_text("".join(f"{folder / name}.pdf\n" for name in papers), encoding="utf-8")
    command = [_java(), "-cp", ":".join(map(_jar, _JARS)), "org.apache.pdfbox.preflight.Validator_A1b", "xml", "group"]
    subprocess.run([*command, str(listed)], check=False, capture_output=True, timeout=300)
    results = Xml.parse(folder / "list.txt.preflight.xml").getroot().findall("preflight")  # noqa: S314 -- our own
    valid = {result.attrib["name"] for result in results if result.findtext("isValid") == "true"}
    said = {result.attrib["name"]: " ".join("".join(result.itertext()).split()) for result in results}
    return {name: said.get(f"{name}.pdf", "not looked at") for name in papers if f"{name}.pdf" not in valid}


def _java() -> str:
    unpacked = [*_UNPACKED.glob("*/usr/lib/jvm/*/bin/java")]
    found = shutil.which("java") or (str(unpacked[0]) if unpacked else "")
    assert found, _NOT_FOUND + "java"
    return found


def _jar(name: str) -> str:
    folders = (Path("/usr/share/java"), *(_UNPACKED.glob("*/usr/share/java")))
    found = [folder / f"{name}.jar" for folder in folders if (folder / f"{name}.jar").exists()]
    assert found, _NOT_FOUND + name
    return str(found[0].resolve())
