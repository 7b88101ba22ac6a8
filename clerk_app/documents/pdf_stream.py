"""Streams of a PDF as an archive wants them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from reportlab.pdfbase import pdfdoc


class Stream(pdfdoc.PDFStream):
    """A stream that ends with the line break that ISO 19005-1, 6.1.7 asks for; reportlab's own ends without."""

    def __init__(self, content: bytes, entries: Mapping[str, object] | None = None) -> None:
        super().__init__(pdfdoc.PDFDictionary(dict(entries or {})), content)

    def format(self, document: Any) -> bytes:
        """The stream as it stands in the file."""
        self.dictionary["Length"] = len(self.content)
        head: bytes = self.dictionary.format(document)
        return b"".join((head, b"\nstream\n", self.content, b"\nendstream\n"))


def deflated(compressed: bytes) -> Stream:
    """A stream whose content is compressed already."""
    return Stream(compressed, {"Filter": pdfdoc.PDFName("FlateDecode")})


def deflating(content: bytes) -> Stream:
    """A stream that is compressed now."""
    return deflated(zlib.compress(content))
