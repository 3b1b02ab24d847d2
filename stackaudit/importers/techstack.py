"""StackShare's techstack.yml: what is used in a code repository."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_READ = TableReader({"tool": ("name",), "domain": ("website_url",)}, only=True)

IMPORTERS = (
    Importer(
        "techstack",
        "StackShare techstack.yml",
        (("name",), ("website_url",), ("detection_source", "sub_category", "hosted_saas")),
        _READ,
        holds=lambda data: isinstance(data, dict) and "repo_name" in data and "tools" in data,
        general=True,
        basis="techstack.yml files that StackShare wrote into public repositories",
    ),
)
