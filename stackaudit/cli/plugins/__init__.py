"""The commands about plugins: list them, check one, begin one, pin them, bring manifests into form."""
