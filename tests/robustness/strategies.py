"""Random data near what is valid: built from a schema, or a valid document with a few things wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

WORDS = ("Salesforce", "gong", "Outreach", "HubSpot Marketing Hub", "hs_crm", "lead", "account", "sequencing", "crm")
NASTY = (
    "", " ", "~", "null", "NO", "1e400", "9" * 60, "-0", "0x1F", "2026-02-30", "9999-12-31", "0001-01-01", "1_000",
    "\x00", "\x1b[31m", "\u202e", "\ufeff", "\u2028", "é" * 300, "x" * 3000, "../../etc/passwd", "https://x.example/?a=b#c",
    "=cmd|x!A0", "<script>", "{{7*7}}", "%s%n", "]]>", "-->", "&amp;", "a: b", "- a", "*a", "&a b", "!!x", "'", '"', "\\",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
DAYS = st.dates().map(str)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 500), st.integers(-(10**20), 10**20), DAYS, TEXTS,
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def of_schema(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Data that a JSON Schema describes, mostly valid; deep parts are left out."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return st.deferred(lambda: of_schema(definitions[name], definitions, depth + 1))
    if "anyOf" in schema:
        return st.one_of(*(of_schema(part, definitions, depth) for part in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    make = _OF_TYPE.get(schema.get("type", ""))
    return make(schema, definitions, depth) if make else SCALARS


def _map(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
    properties = schema.get("properties", {})
    needed = {k: of_schema(properties[k], definitions, depth + 1) for k in schema.get("required", ())}
    more = (
        {} if depth > 6 else {k: of_schema(v, definitions, depth + 1) for k, v in properties.items() if k not in needed}
    )
    if not properties and isinstance(schema.get("additionalProperties"), dict):
        inner = of_schema(schema["additionalProperties"], definitions, depth + 1)
        return st.dictionaries(st.sampled_from([*WORDS, "RED-001", "EUR"]), inner, max_size=2)
    return st.fixed_dictionaries(needed, optional=more)


def _list(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
    inner = of_schema(schema.get("items", {}), definitions, depth + 1)
    return st.lists(inner, min_size=schema.get("minItems", 0), max_size=3)


def _text(schema: Mapping[str, Any], *_: object) -> st.SearchStrategy[Any]:
    if schema.get("format") == "date":
        return st.one_of(st.sampled_from(["2026-09-01", "2027-01-31"]), DAYS)
    return st.sampled_from(WORDS) if "pattern" in schema else TEXTS


_OF_TYPE: dict[str, Callable[..., st.SearchStrategy[Any]]] = {
    "object": _map,
    "array": _list,
    "string": _text,
    "integer": lambda *_: st.one_of(st.integers(0, 5), st.integers(-2, 10**9)),
    "number": lambda *_: st.one_of(st.integers(0, 5), st.floats(0, 1e15)),
    "boolean": lambda *_: st.sampled_from(["yes", "no", True, False]),
    "null": lambda *_: st.none(),
}


@st.composite
def mutated(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> Any:
    """A document in which a few things are deleted, repeated, renamed, or of another kind."""
    document = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, 4))):
        places = _places(document)
        if not places:
            break
        here, key = places[draw(st.integers(0, len(places) - 1))]
        _change(draw, here, key)
    return document


def _change(draw: st.DrawFn, here: Any, key: Any) -> None:
    kind = draw(st.sampled_from(("delete", "repeat", "rename", "replace", "wrap")))
    if kind == "delete":
        del here[key]
    elif kind == "repeat" and isinstance(here, list):
        here += [copy.deepcopy(here[key])] * draw(st.integers(1, 3))
    elif kind == "rename" and isinstance(here, dict):
        here[draw(TEXTS)] = here.pop(key)
    elif kind == "wrap":
        here[key] = draw(st.sampled_from([[here[key]], {"a": here[key]}, str(here[key])]))
    else:
        here[key] = draw(ANYTHING)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every part of a document, as the container and the key that it stands under."""
    found: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        for key in keys:
            found.append((here, key))
            waiting.append(here[key])
    return found


@st.composite
def spoiled(draw: st.DrawFn, texts: st.SearchStrategy[bytes]) -> bytes:
    """Bytes in which a few stretches are cut out, repeated, exchanged or overwritten."""
    data = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        part = draw(
            st.one_of(
                st.just(b""), st.just(data[start:end] * 2), st.binary(max_size=8), TEXTS.map(lambda t: t.encode())
            )
        )
        data = data[:start] + part + data[end:]
    return data
