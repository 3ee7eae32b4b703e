"""Begin a company's folder: the starter's files, filled in with what is particular about the company."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import babel
from babel.dates import format_skeleton
from babel.numbers import get_currency_symbol, get_territory_currencies

from bot import core
from bot.errors import WarmlineError
from bot.installation import BESIDE

HERE = Path(__file__).parent
ENDING = ".template"
"""What is left off a file's name: files of Python are none of the product's own, and a .gitignore would hide."""

LONGEST_NAME = 60
# What would end a quoted text, begin a gap of a response, or be no text at all, in one file or another.
_NOT_IN_A_NAME = re.compile(r'["\\{}<>$`@#%|\x00-\x1f\x7f\u2028\u2029]')
_REVIEW_AFTER = timedelta(days=180)
# Any day whose number can be no month.
_A_DAY = date(2027, 3, 24)


# What belongs to the example with which a company begins, and not to one that brings its own.
_OF_THE_EXAMPLE = ("actions", "data/nlu", "data/rules", "data/stories", "domain.yml", "knowledge_index", "tests")
_ITS_SKILL = re.compile(r"^skills:\n((?:  #.*\n)*)  .*\n", re.MULTILINE)


class BeginningError(WarmlineError):
    """A company cannot be begun so; nothing was written."""


@dataclass(frozen=True)
class Answers:
    """What is particular about a company."""

    name: str
    language: str
    """ISO 639-1, such as ``en``."""
    zone: str
    """A name of the time zone database, such as ``America/Toronto``."""
    country: str
    """ISO 3166-1, such as ``CA``."""


def begin_company(folder: Path, answers: Answers, today: date, example: bool = True) -> list[Path]:
    """Write a company's folder; gives the files.

    Args:
        folder: Where; it is new or empty.
        answers: What is particular about the company.
        today: The day, for the articles' dates.
        example: With an action, a form, intents and articles to replace; False for a company that brings its own.

    Raises:
        BeginningError: An answer, or the folder, cannot be taken; nothing was written.
    """
    refuse(folder, answers)
    words = _words(folder, answers, today)
    source = HERE / answers.language
    written = []
    for path in sorted(source.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        if not example and path.relative_to(source).as_posix().startswith(_OF_THE_EXAMPLE):
            continue
        target = folder / _name_of(path.relative_to(source))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(_filled(text, words), encoding="utf-8")
        written.append(target)
    if not example:
        _leave_room(folder)
    return written


def _leave_room(folder: Path) -> None:
    """For a company's own articles, and its own skills at the desk."""
    (folder / "knowledge_index" / "articles").mkdir(parents=True)
    (folder / "knowledge_index" / "articles" / ".gitkeep").touch()
    desk = folder / "desk.yml"
    desk.write_text(_ITS_SKILL.sub(r"skills: {}\n\1", desk.read_text(encoding="utf-8")), encoding="utf-8")


def refuse(folder: Path, answers: Answers) -> None:
    """Say what cannot be taken, before anything is written; :class:`BeginningError`."""
    refuse_folder(folder)
    refuse_name(answers.name)
    refuse_language(answers.language)
    refuse_zone(answers.zone)
    refuse_country(answers.country)


def refuse_folder(folder: Path) -> None:
    """A folder that is there and not empty, or lies among Warmline's own files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BeginningError(f"{folder} is there already and not empty: name a new folder, or an empty one.")
    if folder.resolve().is_relative_to(BESIDE):
        raise BeginningError(
            f"{folder} lies in Warmline's own folder: a company has its own, such as ../{folder.name}."
        )


def refuse_name(name: str) -> None:
    """A name that would break a file, or is none."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BeginningError(f"The company's name has 1 to {LONGEST_NAME} characters.")
    if found := _NOT_IN_A_NAME.search(name):
        raise BeginningError(
            f"The company's name cannot hold {found[0]!r}: it goes into many kinds of files. Leave it out."
        )


def refuse_language(language: str) -> None:
    """A language for which Warmline has no examples."""
    if language not in core.LANGUAGES:
        raise BeginningError(f"Warmline cannot speak {language!r} yet: choose one of {', '.join(core.LANGUAGES)}.")


def refuse_zone(zone: str) -> None:
    """A time zone that does not exist."""
    if zone not in available_timezones():
        raise BeginningError(
            f"{zone!r} is no time zone: write a name such as America/Toronto (https://www.iana.org/time-zones)."
        )


def refuse_country(country: str) -> None:
    """A country that does not exist."""
    if not re.fullmatch("[A-Z]{2}", country) or country not in babel.Locale("en").territories:
        raise BeginningError(f"{country!r} is no country: write two capitals such as CA (ISO 3166).")


def _name_of(path: Path) -> Path:
    name = path.name.removesuffix(ENDING)
    return path.with_name(f".{name}" if name == "gitignore" else name)


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@@([A-Z_]+)@@", lambda gap: words[gap[1]], text)


def _words(folder: Path, answers: Answers, today: date) -> dict[str, str]:
    currency = get_territory_currencies(answers.country, today)
    locale = _locale(answers)
    return {
        "NAME": answers.name.strip(),
        "NAME_HTML": html.escape(answers.name.strip()),
        "ID": _id_of(answers.name),
        "LANGUAGE": answers.language,
        "ZONE": answers.zone,
        "COUNTRY": answers.country,
        "CURRENCY": get_currency_symbol(currency[0], locale=locale) if currency else "",
        "A_DATE": format_skeleton("MMMMd", _A_DAY, locale=locale),
        "TODAY": today.isoformat(),
        "IN_HALF_A_YEAR": (today + _REVIEW_AFTER).isoformat(),
        "HOLIDAYS": _holidays(answers.country),
        "FOLDER": str(folder.resolve()),
    }


def _locale(answers: Answers) -> babel.Locale:
    try:
        return babel.Locale(answers.language, territory=answers.country)
    except babel.UnknownLocaleError:
        return babel.Locale(answers.language)


def _id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "assistant"


def _holidays(country: str) -> str:
    from holidays import list_supported_countries

    if country not in list_supported_countries():
        return (
            "holidays:\n  # No calendar of public holidays knows your country: name the days on which you are closed.\n"
            "  also_closed: []\n"
        )
    return (
        "holidays:\n  # Public holidays on which nobody works. Leave the country out to work on all of them.\n"
        # In quotes: YAML reads NO, which is Norway, as a no.
        f'  country: "{country}"\n'
        "  # Further days on which you are closed, such as 2027-12-24.\n  also_closed: []\n"
    )
