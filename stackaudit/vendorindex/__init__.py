"""The compiled index of vendor manifests: names, layers, capabilities and connections at once, all else on demand."""

from stackaudit.vendorindex.index import VendorIndex
from stackaudit.vendorindex.matching import match
from stackaudit.vendorindex.names import fold
from stackaudit.vendorindex.rows import (
    Fact,
    KnownName,
    Link,
    Offer,
    Provenance,
    Source,
    ToolRow,
    VendorRow,
    Words,
    provenance,
)
from stackaudit.vendorindex.store import open_index

__all__ = [
    "Fact",
    "KnownName",
    "Link",
    "Offer",
    "Provenance",
    "Source",
    "ToolRow",
    "VendorIndex",
    "VendorRow",
    "Words",
    "fold",
    "match",
    "open_index",
    "provenance",
]
