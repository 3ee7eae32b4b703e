"""The process that reads foreign formats: limited memory and time, so that a hostile file harms nobody but it.

It takes one JSON line ``{path, format}`` at a time and answers with one: ``{title, body, marks, links}`` or
``{error}``, which is a line's number, what is wrong and what to do.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from bot.errors import ContentError
from bot.knowledge.sources.readers.document import Document, too_many_words
from bot.knowledge.sources.readers.docx import read_docx
from bot.knowledge.sources.readers.html import read_html
from bot.knowledge.sources.readers.pdf import read_pdf

READERS: Mapping[str, Callable[[Path], Document]] = {"html": read_html, "docx": read_docx, "pdf": read_pdf}

# The largest file that is allowed takes a fifth of it: 50 MB of PDF, with the copies that its parts are read into.
MOST_MEMORY = 1024 * 1024 * 1024
# A manual of a thousand pages takes a tenth of it on a small server.
MOST_SECONDS = 60


def main() -> None:
    """Answer until there are no more questions."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints is no answer
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with contextlib.suppress(ValueError, OSError):  # a system that cannot limit memory still has the time limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        _limit_time()
        _answer(answers, _read(json.loads(line)))


def _limit_time() -> None:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + MOST_SECONDS, hard))


def _read(question: Mapping[str, Any]) -> dict[str, Any]:
    path = Path(question["path"])
    try:
        document = READERS[question["format"]](path)
        if error := too_many_words(path, document.body):
            raise error
    except ContentError as error:
        return {"error": [error.place.line, error.what, error.remedy]}
    except MemoryError:
        return {"error": [0, "reading it takes too much memory.", "Split it into several articles."]}
    except RecursionError:
        return {"error": [0, "its parts are nested too deeply.", "Save it in a simpler form."]}
    except Exception as error:  # a foreign file may break a library anywhere
        return {
            "error": [0, f"it cannot be read ({type(error).__name__}).", "Save it once more, or in another format."]
        }
    return {
        "title": document.title,
        "body": document.body,
        "marks": [[mark.start, mark.name] for mark in document.marks],
        "links": list(document.links),
    }


def _answer(answers: TextIO, answer: Mapping[str, Any]) -> None:
    # Lone surrogates, which some PDFs give, are no text.
    answers.write(json.dumps(answer, ensure_ascii=True) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
