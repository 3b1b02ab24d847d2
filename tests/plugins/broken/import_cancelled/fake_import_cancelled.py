"""A plugin that is broken on purpose: import cancelled."""

import asyncio

raise asyncio.CancelledError
