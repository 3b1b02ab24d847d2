"""Begin a plugin: a complete distribution that passes its own tests at once."""

from stackaudit.scaffold.project import PARTS, Answers, in_tree_manifest, name_problem, project_files

__all__ = ["PARTS", "Answers", "in_tree_manifest", "name_problem", "project_files"]
