"""Reads the files of a project of hostile texts with the real parser of each language.

A project of the same structure, whose texts are letters and digits, stands beside it. Whatever a parser makes of the two
must have the same shape, so that no text became anything else, and every text must be where it belongs.

Arguments: the hostile project, its harmless twin, and what the texts are, as JSON.
"""

import ast
import json
import sys
import tomllib
import warnings
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from report import FAILED, close, held

HOSTILE, TWIN, EXPECTED = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text("utf-8"))
ENTITIES = EXPECTED["entities"]
# What a document shows in place of a character that would turn the direction of its other words.
TURNS = {code: 0xFFFD for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

warnings.simplefilter("error")


def one_line(text):
    """Return the text with every run of white space and control characters as one space."""
    return " ".join("".join(" " if is_control(c) else c for c in text).split())


def is_control(character):
    return ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0


def letters(text):
    """Return the letters and digits, which are all that a docstring keeps for certain."""
    return "".join(c for c in text if c.isascii() and c.isalnum())


class Masked(ast.NodeTransformer):
    """Takes the texts out of a tree, and nothing else."""

    def visit_Constant(self, node):
        return ast.Constant("text") if isinstance(node.value, str) else node


def python():
    """Every Python file: the same tree but for its texts; return all texts."""
    texts = Counter()
    for path in sorted(HOSTILE.rglob("*.py")):
        name = path.relative_to(HOSTILE)
        source, twin = path.read_text("utf-8"), (TWIN / name).read_text("utf-8")
        tree, other = ast.parse(source), ast.parse(twin)
        compile(source, str(name), "exec")
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts[node.value] += 1
        same = ast.dump(Masked().visit(tree)) == ast.dump(Masked().visit(other))
        held(same, f"{name} has another structure than its twin")
        unseen = [c for c in source if not c.isprintable() and c != "\n" and is_unsafe(c)]
        held(not unseen, f"{name} holds characters that nobody sees: {unseen[:3]}")
    return texts


def is_unsafe(character):
    """Say whether a reader of code would be misled by a character that is written as it is."""
    code = ord(character)
    return is_control(character) or character in "\u00ad\u061c\u180e\ufeff" or 0x2000 <= code <= 0x206F or 0xE0000 <= code <= 0xE0FFF


def docstrings():
    """The documentation of entities and enums is that of their classes."""
    found = {}
    for path in HOSTILE.glob("hostile/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "migrations" not in path.parts:
                found.setdefault(node.name, ast.get_docstring(node, clean=False))
    for entity in ENTITIES:
        for name, doc in ((entity["name"], entity["doc"]), (entity["enum"], entity["enum_doc"])):
            text = found[name] or ""
            if text.startswith("About:"):
                text = text.partition("\n\n")[2]
            held(letters(text) == letters(doc), f"{name} says {text!r}, not {doc!r}")


def models(texts):
    """Texts that Python holds as they are."""
    for entity in ENTITIES:
        exact = [entity["label"], entity["plural"], *entity["defaults"], entity["matched"], entity["typed"]]
        exact += [entity["unique_where"], entity["index_where"], entity["unequal"], *entity["outside"]]
        exact += [entity["contained"], entity["at_creation"], entity["begins"], entity["messages"][3]]
        exact += [text for pair in entity["choices"] for text in pair]
        exact += [text for row in entity["rows"] for text in row]
        formatted = [entity["matched_message"], entity["typed_message"], entity["unique_message"]]
        formatted += entity["messages"][:3]
        for text in exact:
            held(text in texts, f"{text!r} is in no Python file")
        for text in formatted:
            held(text.replace("%", "%%") in texts, f"{text!r} is in no Python file")
    held(EXPECTED["title"] in texts, "the title is in no Python file")


def configuration():
    """TOML, YAML and JSON hold what they held, and the title is one text."""
    document = tomllib.loads((HOSTILE / "pyproject.toml").read_text("utf-8"))
    twin = tomllib.loads((TWIN / "pyproject.toml").read_text("utf-8"))
    held(document["project"].pop("description") == EXPECTED["title"], "pyproject.toml has another title")
    twin["project"].pop("description")
    held(document == twin, "pyproject.toml differs from its twin")
    for pattern, read in (("*.yml", yaml.safe_load), ("*.json", commented)):
        for path in HOSTILE.rglob(pattern):
            name = path.relative_to(HOSTILE)
            if ".appspec" in name.parts:
                json.loads(path.read_text("utf-8"))
                continue
            held(read(path.read_text("utf-8")) == read((TWIN / name).read_text("utf-8")), f"{name} differs from its twin")


def commented(text):
    return json.loads("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")))


def plain_files():
    """Files that no text of a spec reaches are the same bytes."""
    for name in (".env.example", ".gitignore", ".gitattributes", "AGENTS.md", "requirements/base.txt"):
        held((HOSTILE / name).read_bytes() == (TWIN / name).read_bytes(), f"{name} differs from its twin")


def picture():
    """The picture of the data model: the same elements, and the title is text."""
    root = ElementTree.parse(HOSTILE / "docs/data-model.svg").getroot()
    twin = ElementTree.parse(TWIN / "docs/data-model.svg").getroot()
    shape = [(e.tag, sorted(e.keys())) for e in root.iter()]
    held(shape == [(e.tag, sorted(e.keys())) for e in twin.iter()], "data-model.svg has other elements than its twin")
    title = root.find("{http://www.w3.org/2000/svg}title").text
    expected = "".join("\ufffd" if c in "\ufffe\uffff" else c for c in EXPECTED["title"]).translate(TURNS)
    held(title.strip() == f"Data model of {expected}".strip(), f"data-model.svg is called {title!r}, not {expected!r}")


def markdown():
    """Documents: the same blocks, nothing but text in them, and the words of the spec."""
    for path in sorted([*HOSTILE.glob("*.md"), *HOSTILE.glob("docs/*.md"), *HOSTILE.glob(".github/*.md")]):
        name = path.relative_to(HOSTILE)
        tokens, twin = (MARKDOWN.parse(each.read_text("utf-8")) for each in (path, TWIN / name))
        held([(t.type, t.tag) for t in tokens] == [(t.type, t.tag) for t in twin], f"{name} has other blocks than its twin")
        for token, other in zip(tokens, twin, strict=False):
            kinds = {child.type for child in token.children or ()} - {"text", "text_special", "code_inline"}
            allowed = {child.type for child in other.children or ()}
            held(kinds <= allowed, f"{name} makes {kinds - allowed} of {token.content!r}")
    said = Counter(shown(inline) for inline in inlines("docs/architecture.md"))
    for entity in ENTITIES:
        # A cell of a table has no paragraphs.
        for text in map(document_line, (*entity["doc"].split("\n\n"), *entity["docs"])):
            held(said[text] > 0, f"architecture.md does not say {text!r}")
    said = Counter(shown(inline) for inline in inlines("docs/invariants.md"))
    for entity in ENTITIES:
        for text in (entity["matched_message"], entity["typed_message"], entity["unique_message"], *entity["messages"]):
            text = document_line(text)
            held(said[text] > 0, f"invariants.md does not say {text!r}")
    said = [shown(inline) for inline in inlines("README.md")]
    for text in map(document_line, (EXPECTED["title"], *EXPECTED["doc"].split("\n\n"))):
        held(text in said, f"README.md does not say {text!r}")


def document_line(text):
    """Return a text as a document shows it."""
    return one_line(text).translate(TURNS)


def inlines(name):
    return [t for t in MARKDOWN.parse((HOSTILE / name).read_text("utf-8")) if t.type == "inline"]


def shown(inline):
    """Return what a reader reads; the marks around code are those of the spec."""
    parts = []
    for child in inline.children:
        parts.append(f"`{child.content}`" if child.type == "code_inline" else child.content)
    return "".join(parts)


def comments():
    """What only a comment of the spec says is nowhere."""
    numbers = [letters(text) for text in EXPECTED["comments"]]
    for path in HOSTILE.rglob("*"):
        if path.is_file():
            text = letters(path.read_text("utf-8"))
            for number in numbers:
                held(number not in text, f"{path.relative_to(HOSTILE)} holds a comment of the spec")


def main():
    texts = python()
    models(texts)
    for part in (docstrings, configuration, plain_files, picture, markdown, comments):
        try:
            part()
        except Exception as error:  # noqa: BLE001 - what a parser can't read is a finding
            FAILED.append(f"{part.__name__}: {type(error).__name__}: {error}")
    close()


main()
