"""The graph of declared connections and its named queries: what reaches what, carrying what, how late."""

from stackaudit.graph.build import build, rebuilt
from stackaudit.graph.search import Path
from stackaudit.graph.stackgraph import StackGraph

__all__ = ["Path", "StackGraph", "build", "rebuilt"]
