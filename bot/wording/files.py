"""Reads the catalogue's files and a company's ``wording.yml``; all mistakes are named at once, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from string import Formatter

import yaml
from babel import Locale, UnknownLocaleError

from bot.errors import ContentError, Place, WarmlineError
from bot.wording.catalogue import COUNT, OTHER, Catalogue, Text, Texts
from bot.wording.moments import ENGLISH

FILE = "wording.yml"
PRODUCT = Path(__file__).parent / "catalogue"

LONGEST_TEXT = 1000
"""Characters. A notice is read in a small window; four times the longest of ours, and it fits every channel."""

# Forms of plural that languages have (https://cldr.unicode.org/index/cldr-spec/plural-rules).
_FORMS = ("zero", "one", "two", "few", "many", OTHER)
_NAME = re.compile(r"[a-z][a-z_]*")


class WordingError(WarmlineError):
    """Everything that is wrong in files of wordings."""

    def __init__(self, found: list[ContentError]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.found = tuple(found)


def load_catalogue(root: Path) -> Catalogue:
    """The product's sentences and those of the company whose folder this is; raises :class:`WordingError`."""
    product = read_product()
    path = root / FILE
    return Catalogue(product, read_company(path, product[ENGLISH]) if path.exists() else {})


@cache
def product_catalogue() -> Catalogue:
    """The product's own sentences, without any company's."""
    return Catalogue(read_product())


def read_product(folder: Path = PRODUCT) -> dict[str, Texts]:
    """One file a language, named by it; raises :class:`WordingError`."""
    mistakes: list[ContentError] = []
    languages: dict[str, Texts] = {}
    english = _Reader(folder / f"{ENGLISH}.yml", None, mistakes)
    languages[ENGLISH] = english.texts(english.root())
    for path in sorted(folder.glob("*.yml")):
        if path.stem != ENGLISH:
            reader = _Reader(path, languages[ENGLISH], mistakes)
            languages[path.stem.lower()] = reader.texts(reader.root())
    if mistakes:
        raise WordingError(mistakes)
    return languages


def read_company(path: Path, english: Texts) -> dict[str, Texts]:
    """A company's own texts, by language; ``english`` has the keys there are. Raises :class:`WordingError`."""
    mistakes: list[ContentError] = []
    reader = _Reader(path, english, mistakes)
    languages: dict[str, Texts] = {}
    for key, node in reader.entries(reader.root(), "the file"):
        language = key.value.replace("_", "-").lower()
        if not _is_language(language):
            reader.wrong(key, f"{key.value!r} is not a language.", "Write its tag, as de, es or pt-BR.")
        else:
            languages[language] = reader.texts(node)
    if mistakes:
        raise WordingError(mistakes)
    return languages


def _is_language(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


class _Reader:
    """One file. Without ``english`` it is the English one itself, which says what keys and placeholders there are."""

    def __init__(self, path: Path, english: Texts | None, mistakes: list[ContentError]) -> None:
        self._path = path
        self._english = english
        self._mistakes = mistakes

    def root(self) -> yaml.Node | None:
        try:
            # The parser in C, where there is one: the catalogue is read at each start.
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            root: yaml.Node | None = yaml.compose(self._path.read_text(encoding="utf-8"), Loader=loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self._note(line, f"This is not YAML: {error.problem}.", "Correct the line.")
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self._note(0, f"The file cannot be read ({error}).", "Save it as YAML in UTF-8.")
        else:
            return root
        return None

    def entries(self, node: yaml.Node | None, name: str) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Keys and values of a mapping; none for an empty one."""
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{name} is not a list of `key: text` lines.", "Write one below the other.")
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, "A key is one word.", "Write `key: text`.")
            elif key.value in seen:
                self.wrong(key, f"{key.value} appears twice.", "Keep one of them.")
            else:
                seen.add(key.value)
                yield key, value

    def texts(self, node: yaml.Node | None) -> Texts:
        texts: dict[str, Text] = {}
        for key, value in self.entries(node, "A language"):
            if self._english is not None and key.value not in self._english:
                near = get_close_matches(key.value, self._english, n=1)
                otherwise = "docs/change-what-it-says.md has the list."
                remedy = f"Did you mean {near[0]}? {otherwise}" if near else otherwise
                self.wrong(key, f"There is no sentence {key.value}.", remedy)
                continue
            text = self._text(key.value, value)
            if text is not None:
                texts[key.value] = text
        return texts

    def _text(self, key: str, node: yaml.Node) -> Text | None:
        if not isinstance(node, yaml.MappingNode):
            return self._checked(key, node, OTHER)
        forms: dict[str, str] = {}
        for form, value in self.entries(node, key):
            if form.value not in _FORMS:
                self.wrong(form, f"{form.value!r} is not a plural form.", f"The forms are {', '.join(_FORMS)}.")
                continue
            text = self._checked(key, value, form.value)
            if text is not None:
                forms[form.value] = text
        if OTHER not in forms:
            self.wrong(node, f"{key} has no text for `{OTHER}`.", "Every language needs it; the other forms are extra.")
            return None
        if self._english is not None and COUNT not in _expected(self._english[key]):
            self.wrong(node, f"{key} counts nothing, so it has no plural.", "Write one text.")
            return None
        return forms

    def _checked(self, key: str, node: yaml.Node, form: str) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or _is_null(node) or not node.value.strip():
            self.wrong(node, f"{key} has no text.", "Write one, or remove the line: the default is said then.")
            return None
        text: str = node.value.strip()
        if len(text) > LONGEST_TEXT:
            self.wrong(node, f"{key} has {len(text)} characters.", f"Write {LONGEST_TEXT} at most.")
            return None
        names = placeholders(text)
        if names is None:
            self.wrong(node, f"A brace in {key} does not begin a placeholder.", "Write {name}, and no other braces.")
            return None
        if self._english is not None:
            expected = _expected(self._english[key])
            # "One new message" needs no figure.
            needed = expected if form == OTHER else expected - {COUNT}
            if names - expected or needed - names:
                takes = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "none"
                self.wrong(node, f"{key} has other placeholders than the default.", f"It takes {takes}.")
                return None
        return text

    def wrong(self, node: yaml.Node, what: str, remedy: str) -> None:
        self._note(node.start_mark.line + 1, what, remedy)

    def _note(self, line: int, what: str, remedy: str) -> None:
        self._mistakes.append(ContentError(Place(self._path, line), what, remedy))


def placeholders(text: str) -> frozenset[str] | None:
    """The names of a text's placeholders; None where a brace belongs to none, or asks for more than a value."""
    if "{{" in text or "}}" in text:
        return None
    names = set()
    try:
        for _, name, form, conversion in Formatter().parse(text):
            if name is None:
                continue
            if form or conversion or not _NAME.fullmatch(name):
                return None
            names.add(name)
    except ValueError:
        return None
    return frozenset(names)


def _expected(text: Text) -> frozenset[str]:
    found = placeholders(text if isinstance(text, str) else text[OTHER])
    return found or frozenset()


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
