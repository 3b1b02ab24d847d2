"""The drawings: well formed, complete in their tables, legible in every scheme, and the same every time."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackaudit.model.result import AuditResult
from stackaudit.report.drawings import all_drawings, axis, plan
from stackaudit.report.drawings.base import PALETTE, Svg, fit, screen_style, text_width, wrap
from stackaudit.report.drawings.markup import Mark, attribute, written
from stackaudit.report.words import within
from stackaudit.resources import data_dir
from tests.stacks import stack
from tests.support import audit_data, audit_text, case

CASES = ("quillstone", "atlasbridge", "meridian_loom", "pinecrest")
SVG = "{http://www.w3.org/2000/svg}"


def parsed(result: AuditResult) -> dict[str, ElementTree.Element]:
    return {name: ElementTree.fromstring(str(d.painted().svg)) for name, d in all_drawings(result).items()}


def dark() -> dict[str, str]:
    css = (data_dir("reports") / "drawings.css").read_text(encoding="utf-8")
    fills = dict(re.findall(r"\.f-(\w+) \{ fill: (#[0-9a-f]{6}); \}", css))
    strokes = dict(re.findall(r"\.s-(\w+) \{ stroke: (#[0-9a-f]{6}); \}", css))
    assert fills == strokes
    return fills


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_dark_scheme_knows_every_colour() -> None:
    assert set(dark()) == set(PALETTE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_meaningful_lines_stand_out_from_what_they_lie_on(scheme: str) -> None:
    colours = PALETTE if scheme == "light" else dark()
    grounds = {
        "ink": ("paper", "card", "band", "badsoft", "goodsoft", "warnsoft", "unknown"),
        "muted": ("paper", "card", "band", "unknown", "goodsoft", "badsoft", "warnsoft"),
        "bad": ("paper", "badsoft"),
        "good": ("goodsoft",),
        "warn": ("paper", "warnsoft"),
        "accent": ("paper", "band"),
        "measure": ("paper", "band"),
        **dict.fromkeys(("record", "engage", "signal", "integrate", "govern"), ("paper", "band")),
    }
    for text, backs in grounds.items():
        for back in backs:
            assert contrast(colours[text], colours[back]) >= 4.5, (scheme, text, back)
    for line in ("line", "bad", "warn", "accent"):
        for back in ("paper", "band"):
            assert contrast(colours[line], colours[back]) >= 2.9, (scheme, line, back)


@pytest.mark.parametrize("name", CASES)
def test_every_drawing_is_well_formed_named_and_free_of_styles(name: str) -> None:
    ids: list[str] = []
    for drawing, root in parsed(case(name)).items():
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        labels = str(root.get("aria-labelledby")).split()
        ids += [i for e in root.iter() if (i := e.get("id"))]
        assert set(labels) <= set(ids), drawing
        for element in root.iter():
            assert element.tag != f"{SVG}style"
            assert "style" not in element.attrib
            assert not any("var(" in value for value in element.attrib.values())
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", CASES)
def test_every_shape_carries_its_own_colours_for_print(name: str) -> None:
    for root in parsed(case(name)).values():
        for element in root.iter():
            if element.tag in {f"{SVG}{t}" for t in ("rect", "circle", "path", "line", "text")}:
                inherits = element.tag == f"{SVG}text" and root.get("fill") == PALETTE["ink"]
                assert element.get("fill") or inherits, element.attrib


def test_on_screen_every_colour_comes_from_the_style_of_the_page() -> None:
    style = screen_style()
    for drawing in all_drawings(case("atlasbridge")).values():
        whole, bare = (ElementTree.fromstring(str(p.svg)) for p in (drawing.painted(), drawing.on_screen()))
        for before, after in zip(whole.iter(), bare.iter(), strict=True):
            classes = dict(c.split("-", 1) for c in before.get("class", "").split() if c[:2] in {"f-", "s-"})
            kept = {k: v for k, v in before.attrib.items() if not (classes and k in {"fill", "stroke"})}
            assert after.attrib == kept
            for kind, name in (("f", "fill"), ("s", "stroke")):
                if kind in classes:
                    assert f".{kind}-{classes[kind]}{{{name}:{before.get(name)}}}" in style
            if list(classes) == ["s"]:
                assert before.get("fill") == "none"


def test_the_stack_maps_table_names_every_connection_and_every_tool() -> None:
    for name in CASES:
        result = case(name)
        table = all_drawings(result)["stack_map"].table
        ends = {(row[0], row[1]) for row in table.rows}
        names = {t.id: t.name for t in result.tools}
        for edge in result.integrations:
            assert (names[edge.from_], names[edge.to]) in ends
        spoken = {cell for row in table.rows for cell in row}
        assert set(names.values()) <= spoken


def test_a_tool_that_connections_run_through_or_that_shares_a_database_is_not_called_unconnected() -> None:
    tools = [
        {"tool": "HubSpot Sales Hub", "id": "sales", "in_use": ["opportunity_mgmt"]},
        {"tool": "HubSpot Marketing Hub", "id": "marketing", "in_use": ["email_campaigns"]},
        {"tool": "Snowflake", "id": "wh"},
        {"tool": "Fivetran", "id": "pipe"},
        {"tool": "Notion", "id": "notion"},
    ]
    flow = {"from": "sales", "to": "wh", "objects": ["opportunity"], "method": "etl", "via": "fivetran"}
    result = audit_data({"company": {"employees": 90}, "tools": tools, "integrations": [flow]})
    said = {row[0]: row[6] for row in all_drawings(result)["stack_map"].table.rows if row[1] in {"", "nothing"}}
    assert said["Fivetran"] == "connections run through it"
    assert said["HubSpot Marketing Hub"] == "one database with its suite"
    assert said["Notion"] == "no connection declared"


def test_a_layer_that_no_tool_stands_in_is_missing_by_its_name() -> None:
    result = case("quillstone")
    gap = result.expected.integrations[0].model_copy(update={"to": None, "to_layer": "product_analytics"})
    lacking = result.expected.model_copy(update={"integrations": (gap,)})
    told = result.names.model_copy(update={"layers": {"product_analytics": "Product analytics"}})
    for names, words in ((told, "no Product analytics"), (type(told)(), "no product analytics")):
        bare = result.model_copy(update={"layers": (), "expected": lacking, "names": names})
        assert words in {row[1] for row in all_drawings(bare)["stack_map"].table.rows}


def test_shared_work_is_shown_by_its_name_and_in_words_where_no_name_is_known() -> None:
    result = case("atlasbridge")
    capability = next(c for o in result.overlaps for c in o.shared if "_" in c)
    assert result.names.capabilities[capability] != capability
    for names in (result.names, type(result.names)()):
        shown = result.model_copy(update={"names": names})
        cells = " ".join(row[2] for row in all_drawings(shown)["overlap"].table.rows)
        assert within(names.capabilities.get(capability, capability.replace("_", " "))) in cells
        assert capability not in cells


def test_one_step_takes_the_stack_further_and_two_steps_take_it() -> None:
    result = case("quillstone")
    steps = plan.changes(result)
    one = result.model_copy(update={"roadmap": steps[:1]})
    assert all_drawings(one)["plan"].title.startswith("1 step takes the stack")
    assert all_drawings(result)["plan"].title.startswith(f"{len(steps)} steps take the stack")


def test_what_is_missing_is_drawn_and_named() -> None:
    result = case("quillstone")
    root = parsed(result)["stack_map"]
    missing = [g for g in root.iter(f"{SVG}g") if "wire-missing" in str(g.get("class"))]
    assert len(missing) == len(result.expected.integrations) > 3
    titles = " ".join(t.text or "" for g in missing for t in g.iter(f"{SVG}title"))
    for gap in result.expected.integrations:
        assert gap.reason in titles
    cards = {g.get("data-tool") for g in root.iter(f"{SVG}g") if g.get("class") == "card"}
    for layer in result.expected.layers:
        if layer.present == "no":
            assert f"missing:{layer.layer}" in cards


def test_the_execution_layer_is_never_drawn_as_missing() -> None:
    for name in CASES:
        assert not [x for x in case(name).expected.layers if x.layer == "execution_layer"]
        assert "missing:execution_layer" not in str(all_drawings(case(name))["stack_map"].painted().svg)


@pytest.mark.parametrize("name", CASES)
def test_no_card_covers_another(name: str) -> None:
    boxes = []
    for group in parsed(case(name))["stack_map"].iter(f"{SVG}g"):
        if group.get("class") == "card":
            rect = next(group.iter(f"{SVG}rect"))
            x, y, w, h = (float(rect.get(k, "0")) for k in ("x", "y", "width", "height"))
            boxes.append((x, y, x + w, y + h))
    assert len(boxes) >= len(case(name).tools)
    for a, b in combinations(boxes, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def bubbles(result: AuditResult) -> dict[str, tuple[float, float, float]]:
    """Middle and radius of every bubble of the quadrant, by the name of its tool."""
    found = {}
    for circle in parsed(result)["quadrant"].iter(f"{SVG}circle"):
        title = circle.find(f"{SVG}title")
        assert title is not None
        assert title.text
        at = (float(circle.attrib["cx"]), float(circle.attrib["cy"]), float(circle.attrib["r"]))
        found[title.text.partition(":")[0]] = at
    return found


@pytest.mark.parametrize("name", ["atlasbridge", "pinecrest", "thirty"])
def test_no_bubble_of_the_quadrant_hides_another_or_leaves_its_quarter_and_each_has_its_name(name: str) -> None:
    result = stack(name) if name == "thirty" else case(name)
    placed = {t.name: t for t in result.tools if t.value is not None and t.health is not None}
    drawn = bubbles(result)
    assert set(drawn) == set(placed)
    for one, other in combinations(drawn.values(), 2):
        assert (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (one[2] + other[2]) ** 2 - 1
    svg = parsed(result)["quadrant"]
    said = {t.text for t in svg.iter(f"{SVG}text")}
    assert set(placed) <= said
    areas = list(svg.iter(f"{SVG}rect"))
    middle, centre = (max(float(r.attrib[k]) for r in areas) for k in ("x", "y"))
    for label, (x, y, _) in drawn.items():
        quarter = {
            (False, True): "tolerate",
            (True, True): "invest",
            (False, False): "eliminate",
            (True, False): "migrate",
        }[x >= middle, y <= centre]
        assert placed[label].quadrant == quarter, label


def test_an_unknown_shape_stands_beside_the_line_and_never_on_it() -> None:
    found = axis.markers(audit_text("- Salesforce\n- Gong\n- Nobody Knows This\n"))
    assert [m.at for m in found] == [None, None, None]
    assert "not assessed" in str(all_drawings(audit_text("- Salesforce\n- Nobody Knows This\n"))["axis"].painted().svg)


def test_a_marker_stands_in_the_region_of_its_label_and_the_raw_score_beside_it() -> None:
    stack = axis.markers(case("atlasbridge"))[0]
    assert stack.at is not None
    assert stack.raw is not None
    assert 2 <= stack.at < 3
    assert 3 <= stack.raw < 4


def test_labels_of_the_upright_axis_never_overlap() -> None:
    for name in CASES:
        root = parsed(case(name))["axis_upright"]
        rows = sorted(float(t.get("y", "0")) for t in root.iter(f"{SVG}text") if t.get("x") == "136")
        assert all(b - a >= 14 for a, b in pairwise(rows))


def test_above_sixty_tools_layers_fold_into_one_card_each() -> None:
    names = ["Salesforce", "Outreach", "Gong", "Marketo", "Gainsight", "Clari", "Zendesk", "Pendo"]
    tools = [{"tool": names[i % 8], "id": f"t{i}"} for i in range(120)]
    root = parsed(audit_data({"tools": tools, "integrations": []}))["stack_map"]
    cards = [g.get("data-tool") for g in root.iter(f"{SVG}g") if g.get("class") == "card"]
    assert len([c for c in cards if str(c).startswith("layer:")]) == 8
    assert "t1" not in cards


def test_text_that_does_not_fit_is_shortened_and_kept_in_full() -> None:
    svg = Svg("x", 100, 20, "t", "d")
    svg.text(0, 10, "a very long name of a tool", width=50)
    root = ElementTree.fromstring(str(svg.render()))
    (text,) = root.iter(f"{SVG}text")
    assert str(text.text).endswith("…")
    assert next(text.iter(f"{SVG}title")).text == "a very long name of a tool"
    assert text_width(fit("a very long name of a tool", 50, 12), 12) <= 50
    assert wrap("one two three four five", 60, 12, 2)[-1].endswith("…")


def test_control_characters_that_xml_forbids_do_not_break_a_drawing() -> None:
    result = audit_data({"tools": ["Salesforce"], "company": {"name": "x"}})
    broken = result.model_copy(
        update={"tools": tuple(t.model_copy(update={"name": "a\x00b\x0b\ud800"}) for t in result.tools)}
    )
    for root in parsed(broken).values():
        assert root.tag == f"{SVG}svg"


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
"""What XML can hold; line ends and tabs are looked at by themselves, as a reader of XML may fold them in texts."""


@st.composite
def marks(draw: st.DrawFn, depth: int = 3) -> tuple[Mark, tuple[object, ...]]:
    """A mark with any text and value, others in it, and what a reader must find of it."""
    tag, value, text = draw(st.sampled_from(["g", "text", "title"])), draw(TEXTS), draw(TEXTS)
    made, inside = Mark(tag, attribute("data-a", value), text=text), []
    for part, read in draw(st.lists(marks(depth - 1), max_size=2)) if depth else ():
        made.add(part)
        inside.append(read)
    return made, (tag, value, text, inside)


def read_back(element: ElementTree.Element) -> tuple[object, ...]:
    return (element.tag, element.get("data-a"), element.text or "", [read_back(part) for part in element])


@given(drawn=marks())
def test_what_is_written_reads_back_as_it_was_whatever_it_holds(drawn: tuple[Mark, tuple[object, ...]]) -> None:
    mark, expected = drawn
    for colours in (PALETTE, None):
        assert read_back(ElementTree.fromstring(written(mark, colours))) == expected


def test_no_value_of_an_attribute_ends_it() -> None:
    value = "&<>\"'\r\n\t"
    (name,) = ElementTree.fromstring(f"<g{attribute('data-a', value)}/>").attrib.values()
    assert name == value


def test_a_colour_that_the_palette_lacks_is_drawn_as_a_line_is() -> None:
    svg = Svg("x", 10, 10, "t", "d")
    svg.rect(0, 0, 1, 1, fill='bad" onload="x')
    (rect,) = ElementTree.fromstring(str(svg.render())).iter(f"{SVG}rect")
    assert rect.get("fill") == PALETTE["line"]
    assert set(rect.attrib) == {"x", "y", "width", "height", "fill", "class"}


def test_the_coverage_map_calls_no_layer_present_that_is_not_assessed() -> None:
    result = case("meridian_loom")
    rows = [
        x.model_copy(update={"present": "unknown" if x.id == "esign" else "yes", "expectation": "required"})
        for x in result.layers
    ]
    title = all_drawings(result.model_copy(update={"layers": tuple(rows)}))["coverage"].title
    assert title == "No layer that this stage asks for is known to be missing; 1 of them is not assessed"


def test_spend_on_a_tool_that_nobody_knows_stands_apart_from_every_family() -> None:
    tools = [{"tool": "Nobody Knows This", "annual_cost": 5000}, {"tool": "Salesforce", "annual_cost": 9000}]
    result = audit_data({"company": {"currency": "USD"}, "tools": tools})
    rows = {row[:2] for row in all_drawings(result)["spend"].table.rows}
    assert rows == {("Record", "CRM"), ("Not identified", "Not identified")}


def test_one_tool_is_worth_investing_in_and_two_are() -> None:
    result = case("meridian_loom")
    placed = [t for t in result.tools if t.quadrant == "invest"][:2]
    for count, words in ((1, "1 of 1 placed tool is worth"), (2, "2 of 2 placed tools are worth")):
        shown = result.model_copy(update={"tools": tuple(placed[:count])})
        assert all_drawings(shown)["quadrant"].title.startswith(words)
