"""Nothing here is a test of the project: other tests install these files and run what is in them."""

collect_ignore_glob = ["*"]
