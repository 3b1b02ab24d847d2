"""Read YAML that may be hostile: every scalar stays text, every place is kept, and all problems come at once."""

from stackaudit.yamlio.builder import MAX_DEPTH, MAX_KEY, MAX_NODES, MAX_PROBLEMS, MAX_SCALAR
from stackaudit.yamlio.places import Path
from stackaudit.yamlio.reading import MAX_BYTES, Document, load, load_path, read_bytes

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_KEY",
    "MAX_NODES",
    "MAX_PROBLEMS",
    "MAX_SCALAR",
    "Document",
    "Path",
    "load",
    "load_path",
    "read_bytes",
]
