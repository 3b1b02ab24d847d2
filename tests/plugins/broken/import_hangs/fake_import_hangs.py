"""A plugin that is broken on purpose: import hangs."""

import time

while True:
    time.sleep(1)
