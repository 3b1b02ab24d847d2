"""How fast it is, by comparison with the least that any such program must do; run by name, never with the tests."""
