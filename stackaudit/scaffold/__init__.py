"""Begin a plugin: a complete distribution that passes its own tests at once."""

from stackaudit.scaffold.project import (
    DEFAULT_LAYER,
    PARTS,
    Answers,
    in_tree_manifest,
    name_problem,
    project_files,
    unknown,
    website_problem,
)

__all__ = [
    "DEFAULT_LAYER",
    "PARTS",
    "Answers",
    "in_tree_manifest",
    "name_problem",
    "project_files",
    "unknown",
    "website_problem",
]
