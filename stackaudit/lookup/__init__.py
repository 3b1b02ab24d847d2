"""Questions about the catalogue, answered from the index: what is known, by whom, and how well."""
