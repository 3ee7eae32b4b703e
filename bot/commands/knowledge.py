"""``warmline knowledge …``: build, search, check, compare and find gaps in what the company knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.errors import WarmlineError
from bot.settings import Settings, load
from bot.untrusted.terminal import Terminal, inert

if TYPE_CHECKING:
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.review.checks import Finding
    from bot.knowledge.review.comparing import Answering, Asked, Difference
    from bot.knowledge.sources.articles import Reading
    from bot.nlu.encoder.protocol import Encoder, Vectors
    from bot.teaching.asked import AskedQuestion

app = typer.Typer(no_args_is_help=True, help="Build, search, check and compare what the company knows.")
console = Terminal()
# What goes wrong and how far it is: a pipe gets neither.
aside = Terminal(stderr=True)

FOUND_SOMETHING = 1
"""Exit status of ``check`` and ``diff`` when there is something to look at."""
GOLDEN = Path("tests") / "knowledge" / "questions.yml"
ACCEPTED = Path("knowledge_index") / "accepted.yml"

_COLOURS = {"rejected": "red", "contradiction": "red", "link": "red", "duplicate": "yellow", "review": "yellow"}
_BAR = 12
# The longest of our articles has nine passages, so at least three articles are among this many.
_ENOUGH_PASSAGES = 24


def explained(command: Callable[[], int | None]) -> None:
    """Run a command; an error that a person can act on is its sentence and status 1."""
    try:
        status = command()
    except WarmlineError as error:
        aside.print(f"[bold red]Stopped.[/] {inert(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error
    if status:
        raise typer.Exit(status)


@app.command()
def build() -> None:
    """Read the articles and build the index; files that cannot be read are named, the others are built."""

    def command() -> int | None:
        from bot.knowledge.index import build as building

        settings = load()
        with _bars() as bars:
            rejected = building.build(
                settings.articles,
                settings.index,
                settings.encoder,
                settings.models / "cache",
                lambda line: bars.console.print(line, soft_wrap=True, markup=False),
                settings.asked,
            )
        for error in rejected:
            aside.print(f"[bold red]REJECTED[/] {inert(str(error))}", soft_wrap=True)
        return building.SOME_REJECTED if rejected else None

    explained(command)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What a customer or a colleague might ask.")],
    audience: Annotated[
        list[str] | None, typer.Option(help="Whose articles: public, internal, or a segment; several are allowed.")
    ] = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, max=50, help="How many passages.")] = 8,
) -> None:
    """Show the passages that fit a question best, with their scores; without --audience all articles are searched."""

    def command() -> None:
        from bot.knowledge.index.passages import plain
        from bot.knowledge.sources.articles import INTERNAL

        index, encoder = _built(load())
        everybody = {name for passage in index.passages for name in passage.audience}
        vector = encoder.encode([question])
        hits = index.search(vector, question, frozenset(audience or everybody), most)
        if not hits:
            console.print("No passage for this audience.")
        for hit in hits:
            mark = "[bold white on red] internal [/] " if INTERNAL in hit.passage.audience else ""
            where = inert(hit.passage.context)
            console.print(f"{_bar(hit.score)} {hit.score:.2f}  {mark}[bold]{where}[/]", soft_wrap=True)
            console.print(f"{'':{_BAR}}       [dim]{inert(hit.passage.url)}[/]", soft_wrap=True)
            console.print(f"{'':{_BAR}}       {inert(_short(plain(hit.passage.text)))}", soft_wrap=True)

    explained(command)


@app.command()
def check(
    questions: Annotated[Path | None, typer.Option(help="Golden questions; tests/knowledge/questions.yml.")] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Leave out a kind of finding, such as review.")] = None,
    today: Annotated[str | None, typer.Option(help="Use this date as today, such as 2027-01-31.")] = None,
) -> None:
    """Find what is wrong with the articles; status 1 when there is something.

    Kinds: rejected (cannot be read, wrong fields), ignored (no reader for it), review (due), duplicate,
    contradiction, link (dead), unreached (no golden question brings it up).
    """

    def command() -> int | None:
        from bot.knowledge.review.checks import KINDS, read_accepted, without_accepted

        settings, left_out = load(), frozenset(skip or ())
        if unknown := left_out - set(KINDS):
            raise WarmlineError(f"{sorted(unknown)[0]!r} is not a kind of finding: {', '.join(KINDS)}.")
        day = _day(today) if today else date.today()
        with _bars() as bars:
            reading = _read(settings, bars)
            found = _findings(settings, reading, questions or settings.root / GOLDEN, day, left_out, bars)
            findings = list(without_accepted(found, read_accepted(settings.root / ACCEPTED)))
        _show_findings([finding for finding in findings if finding.kind not in left_out])
        count = sum(finding.kind not in left_out for finding in findings)
        console.print(f"{len(reading.articles)} articles, {count} finding{'s' if count != 1 else ''}.")
        return FOUND_SOMETHING if count else None

    explained(command)


def _findings(
    settings: Settings, reading: Reading, golden: Path, day: date, left_out: frozenset[str], bars: Progress
) -> Iterator[Finding]:
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.review.checks import check_files, check_reviews
    from bot.knowledge.review.links import check_links
    from bot.knowledge.review.passages import check_contradictions, check_duplicates
    from bot.knowledge.review.reach import NEAR_THE_TOP, check_reach
    from bot.knowledge.sources.articles import INTERNAL
    from bot.knowledge.sources.asked import load_asked
    from bot.knowledge.sources.golden import read_golden

    articles = reading.articles
    yield from check_files(reading)
    yield from check_reviews(articles, day)
    yield from check_links(articles, settings.articles)
    yield from check_duplicates(articles)
    if {"contradiction", "unreached"} <= left_out:
        return
    encoder = _encoder(settings, bars)
    if "contradiction" not in left_out:
        yield from check_contradictions(articles, encoder)
    if "unreached" in left_out:
        return
    index = KnowledgeIndex.build(articles, encoder, load_asked(settings.asked))
    asked = read_golden(golden)
    vectors = dict(zip((one.text for one in asked), encoder.encode([one.text for one in asked]), strict=True))
    everybody = frozenset(name for article in articles for name in article.audience)

    def found(question: str) -> list[str]:
        readers = everybody if question in for_staff else everybody - {INTERNAL}
        hits = index.search(vectors[question], question, readers, _ENOUGH_PASSAGES)
        return list(dict.fromkeys(hit.passage.article for hit in hits))[:NEAR_THE_TOP]

    for_staff = {one.text for one in asked if one.internal}
    yield from check_reach(articles, vectors, found)


def _show_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        colour = _COLOURS.get(finding.kind, "cyan")
        place, what = inert(finding.place), inert(finding.what)
        console.print(f"[{colour}]{finding.kind}[/] [bold]{place}[/]: {what}", soft_wrap=True)


@app.command()
def diff(
    questions: Annotated[Path | None, typer.Option(help="Golden questions; tests/knowledge/questions.yml.")] = None,
    asked: Annotated[Path | None, typer.Option(help="Real questions, JSON lines as question/1; - for none.")] = None,
    days: Annotated[int, typer.Option(min=0, help="Without --asked: the real questions of this many days.")] = 30,
) -> None:
    """Show which questions get another answer, lose theirs or gain one when the articles are published as they are.

    The index that is in service is compared with the articles in the folder, for the golden questions and for recent
    real ones. Status 1 when an answer changes.
    """

    def command() -> int | None:
        from bot.knowledge.review.comparing import Asked, differences
        from bot.knowledge.sources.golden import read_golden

        settings = load()
        golden = [
            Asked(one.text, one.article, one.sentence, nothing=one.article is None)
            for one in read_golden(questions or settings.root / GOLDEN)
        ]
        known = {one.text for one in golden}
        real = [Asked(text) for text in _real_questions(settings, asked, days) if text not in known]
        with _bars() as bars:
            before, after = _both(settings, golden, bars)
            found = list(differences([*golden, *real], before, after))
        for difference in found:
            _show_difference(difference)
        counts = {change: sum(one.change == change for one in found) for change in ("lost", "other", "gained")}
        console.print(
            f"{len(golden)} golden and {len(real)} real questions: {counts['lost']} lose their answer, "
            f"{counts['other']} get another one, {counts['gained']} gain one."
        )
        return FOUND_SOMETHING if found else None

    explained(command)


def _both(settings: Settings, golden: Sequence[Asked], bars: Progress) -> tuple[Answering, Answering]:
    """Return who answers from the index in service, and who from the articles; both by the same threshold."""
    from bot.knowledge.answering.ranking import ranker_of
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.review.comparing import answering, threshold_of
    from bot.knowledge.sources.articles import INTERNAL
    from bot.knowledge.sources.asked import load_asked

    reading = _read(settings, bars)
    for error in reading.rejected:
        aside.print(f"[bold red]REJECTED[/] {inert(str(error))}", soft_wrap=True)
    encoder = _encoder(settings, bars)
    served = KnowledgeIndex.load(settings.index, encoder.fingerprint)
    planned = KnowledgeIndex.build(reading.articles, encoder, load_asked(settings.asked), served)
    ranker = ranker_of(settings.ranker, encoder.dimensions)
    readers = frozenset(name for article in reading.articles for name in article.audience) - {INTERNAL}
    readers |= frozenset(name for passage in served.passages for name in passage.audience) - {INTERNAL}
    threshold = threshold_of(served, golden, encoder, ranker, readers)
    # Customers' words stay out of the cache of vectors.
    bare = _bare_encoder(settings)
    return answering(served, bare, ranker, threshold, readers), answering(planned, bare, ranker, threshold, readers)


def _show_difference(difference: Difference) -> None:
    colour = {"lost": "red", "other": "yellow", "gained": "green"}[difference.change]
    judged = {(True, False): "[red]was right[/]", (False, True): "[green]now right[/]"}.get(
        (bool(difference.right_before), bool(difference.right_after)), ""
    )
    console.print(f"[{colour}]{difference.change:<6}[/] {inert(difference.question)} {judged}", soft_wrap=True)
    for sign, said in (("-", difference.before), ("+", difference.after)):
        if said is not None:
            console.print(f"  {sign} [dim]{inert(said.article)}[/] {inert(_short(said.text))}", soft_wrap=True)


@app.command(name="gaps")
def show_gaps(
    asked: Annotated[
        Path | None, typer.Option(help="A file of question/1 JSON lines, instead of the gateway's database.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Without --asked: the questions of this many days.")] = 30,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many groups.")] = 20,
) -> None:
    """Show what customers asked and had no answer to: similar questions grouped, the costliest first.

    A group's cost counts how often it was asked, and more where it ended with a person or with a customer who left.
    """

    def command() -> None:
        from bot.knowledge.review.gaps import UNANSWERED, Unanswered, gaps

        settings = load()
        questions = _asked(settings, asked, days)
        unanswered = [
            Unanswered(question.text, question.ending) for question in questions if question.decision in UNANSWERED
        ]
        with _bars() as bars:
            found = gaps(unanswered, _Counting(_bare_encoder(settings), bars))
        table = Table("asked", "cost", "", "question", "how it ended", box=None, pad_edge=False)
        worst = found[0].cost if found else 1.0
        for gap in found[:most]:
            said = inert(gap.text) + "".join(f"\n[dim]{inert(_short(text))}[/]" for text in gap.examples)
            endings = ", ".join(f"{count} {ending.replace('_', ' ')}" for ending, count in gap.endings.items())
            table.add_row(str(gap.asked), f"{gap.cost:g}", _bar(gap.cost / worst), said, endings)
        console.print(table)
        console.print(f"{len(unanswered)} of {len(questions)} questions had no answer, {len(found)} groups.")

    explained(command)


def _asked(settings: Settings, file: Path | None, days: int) -> tuple[AskedQuestion, ...]:
    from bot.teaching.asked import exported, read_file

    if file is not None:
        return read_file(file)
    return exported(settings.database_url, date.today() - timedelta(days=days))


def _real_questions(settings: Settings, file: Path | None, days: int) -> list[str]:
    """Return what customers asked, each once; none where there is no database yet, or ``-`` was given."""
    if str(file) == "-" or not (days or file):
        return []
    try:
        return list(dict.fromkeys(question.text for question in _asked(settings, file, days)))
    except WarmlineError as error:
        if file is not None:
            raise
        aside.print(f"No real questions: {inert(str(error))}", soft_wrap=True)
        return []


def _built(settings: Settings) -> tuple[KnowledgeIndex, Encoder]:
    from bot.knowledge.index.index import KnowledgeIndex

    encoder = _bare_encoder(settings)
    return KnowledgeIndex.load(settings.index, encoder.fingerprint), encoder


def _read(settings: Settings, bars: Progress) -> Reading:
    from bot.knowledge.sources.articles import read_folder

    task = bars.add_task("reading articles", total=None)
    return read_folder(settings.articles, lambda done, total: bars.update(task, completed=done, total=total))


def _bare_encoder(settings: Settings) -> Encoder:
    from bot.nlu.encoder.onnx_encoder import OnnxEncoder

    return OnnxEncoder.load(settings.encoder)


def _encoder(settings: Settings, bars: Progress) -> Encoder:
    """Return the encoder with its memory of earlier builds; new sentences move a bar."""
    from bot.nlu.encoder.vector_cache import VectorCache

    return VectorCache(settings.models / "cache", _Counting(_bare_encoder(settings), bars))


class _Counting:
    """An encoder that shows how far it is."""

    def __init__(self, encoder: Encoder, bars: Progress) -> None:
        self._encoder = encoder
        self._bars = bars

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if len(texts) <= _AT_ONCE:
            return self._encoder.encode(texts)
        task = self._bars.add_task("encoding sentences", total=len(texts))
        parts = []
        for start in range(0, len(texts), _AT_ONCE):
            parts.append(self._encoder.encode(texts[start : start + _AT_ONCE]))
            self._bars.update(task, completed=min(start + _AT_ONCE, len(texts)))
        return np.concatenate(parts)


# A second of work on a small server.
_AT_ONCE = 64


def _bars() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=aside, disable=not aside.is_terminal)


def _bar(share: float) -> str:
    """Return a bar of block characters for a number from 0 to 1."""
    eighths = round(max(0.0, min(1.0, share)) * _BAR * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")).ljust(_BAR)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WarmlineError(f"{text!r} is not a date: write it as 2027-01-31.") from error


_LONGEST = 200


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
