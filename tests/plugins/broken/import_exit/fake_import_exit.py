"""A plugin that is broken on purpose: import exit."""

import sys

sys.exit(5)
