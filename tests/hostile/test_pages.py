"""Pages with a payload in every field are built like the same pages with harmless text, and nothing in them acts."""

from __future__ import annotations

import pytest

from tests.hostile import STEERING, cases, harmless
from tests.hostile.pages import PAGES, Skeleton


@pytest.mark.parametrize("payload", cases())
@pytest.mark.parametrize("name", PAGES)
def test_a_payload_adds_no_element_no_attribute_and_nothing_that_acts(name: str, payload: str) -> None:
    page, plain = PAGES[name](payload), Skeleton(PAGES[name](harmless(payload)))
    shown = Skeleton(page)
    assert len(plain.elements) > 100
    assert shown.elements == plain.elements
    assert shown.acting == []
    assert shown.comments == []
    assert not STEERING.search(page)
