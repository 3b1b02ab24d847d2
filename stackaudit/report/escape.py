"""Making text harmless for each place it is written to: files, spreadsheets, Markdown, logs and messages."""

from __future__ import annotations

import re

from stackaudit.characters import clean as clean

_FORMULA = re.compile(r"[\s'\"\ufeff\u200b]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_INLINE = re.compile(r"([\\`*_\[\]|~$#{}])")
_BLOCK = re.compile(r"^(\s*)(?:([-+])(?=\s|$|-)|(\d{1,9})([.)])(?=\s|$)|(=+|-{2,})\s*$)")
_BREAK = "&#8203;"


def line(text: str) -> str:
    """Clean text on one line."""
    return clean(" ".join(text.split("\n")).replace("\r", " ").replace("\t", " "))


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula or a command."""
    return _FORMULA.match(text) is not None


def markdown(text: str) -> str:
    """Text as Markdown that shows it and does nothing: no markup, HTML, link, mention, reference or template."""
    text = line(text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _INLINE.sub(r"\\\1", text)
    text = re.sub(r"\\([{}])(?=\\[{}%])", rf"\\\1{_BREAK}", text)
    text = re.sub(r"\\([{])(?=%)", rf"\\\1{_BREAK}", text)
    text = re.sub(r"([%#])(?=\\})", rf"\1{_BREAK}", text)
    text = text.replace("@", f"@{_BREAK}").replace("\\#", f"\\#{_BREAK}")
    text = re.sub(r"(?i)(?<=[a-z0-9+.-]):(?=//)", f":{_BREAK}", text)
    text = re.sub(r"(?i)\b((?:mailto|xmpp|javascript|vbscript|data):)(?=\S)", rf"\1{_BREAK}", text)
    text = re.sub(r"(?i)\b(www)\.", rf"\1.{_BREAK}", text)
    text = re.sub(r"(?i)\b(gh)-(?=\d)", rf"\1-{_BREAK}", text)
    return _BLOCK.sub(lambda m: m[1] + (f"\\{m[2]}" if m[2] else f"{m[3]}\\{m[4]}" if m[3] else f"\\{m[5]}"), text)


def command_data(text: str) -> str:
    """The message of a workflow command; line ends stay line ends."""
    text = clean(text).replace("##[", f"#{chr(0x2060)}#[")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command, such as its file or title."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(text: str) -> str:
    """Text of a SARIF message: no embedded links and no placeholders."""
    text = re.sub(r"([\\\[\]])", r"\\\1", clean(text))
    return text.replace("{", "{{").replace("}", "}}")
