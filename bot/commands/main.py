"""The ``warmline`` command: what stands behind the Makefile's targets."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import httpx
import typer

from bot.builds import run_out_of_date
from bot.commands import accounts, database, init, knowledge, questions, teaching, telegram
from bot.commands.company_tests import run_company_tests
from bot.commands.smoke_question import answered_question
from bot.company_preparation import prepare_company
from bot.errors import WarmlineError
from bot.private_files import keep_private, narrow_default_var
from bot.processes import ProcessPlan, Supervisor, free_port, keep_secrets, process_plans, refuse_taken_ports
from bot.project_check import refuse_mistakes
from bot.settings import Settings, load
from bot.untrusted.lines import lines_of
from bot.untrusted.terminal import Terminal, inert
from bot.visitor import Event, Visitor

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(accounts.app, name="account")
app.add_typer(database.app, name="database")
app.add_typer(telegram.app, name="telegram")
app.command(name="init")(init.init)
app.command(name="questions")(questions.questions)
app.command(name="suggestions")(teaching.suggest)
app.command(name="audit")(teaching.weekly_audit)
app.command(name="mark")(teaching.mark)
console = Terminal()

T = TypeVar("T")

FORGOTTEN = "user admin, with the password from the first start (`make desk-password` gives a new one)"
HELLO = "hello"
"""What is said where a company has written down no question that its articles answer."""
# A brain takes seconds to load; a cold, busy machine takes many times that.
LONGEST_START = 180.0
# A terminal reader gives up on the rest of an answer after this silence, and may type again.
PAUSE_AFTER_ANSWER = 0.4


def _run_or_explain(action: Any, *arguments: Any) -> None:
    try:
        action(*arguments)
    except WarmlineError as error:
        console.print(f"[bold red]Stopped.[/] {inert(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error


@app.command()
def check() -> None:
    """Name every mistake in what trainers and developers wrote, in seconds, without training anything."""
    _refuse_no_company()
    _run_or_explain(lambda: refuse_mistakes(load(), console))


@app.command()
def test() -> None:
    """Run a company's own tests: its articles, its stories, its Python tests."""
    _refuse_no_company()
    _run_or_explain(_test)


@app.command()
def build(force: Annotated[bool, typer.Option(help="Build everything, even what is up to date.")] = False) -> None:
    """Build the encoder, the index and the model: what is out of date, in order."""
    _refuse_no_company()
    _run_or_explain(lambda: _build(_settings(), force=force))


@app.command()
def run(
    smoke: Annotated[bool, typer.Option(help="Answer one question end to end, then stop.")] = False,
) -> None:
    """Build what is out of date, start gateway, brain and actions, and keep them running."""
    _refuse_no_company()
    if smoke:
        _run_or_explain(_smoke)
    else:
        _run_or_explain(_serve)


@app.command()
def shell() -> None:
    """Talk to the assistant in the terminal, through all three processes and a database of its own."""
    _refuse_no_company()
    _run_or_explain(_shell)


def _refuse_no_company() -> None:
    """End with status 2 where the folder is no company's: nothing is written into somebody's other folder."""
    root = Path(os.environ.get("WARMLINE_ROOT", ".")).resolve()
    missing = [name for name in ("config.yml", "data") if not (root / name).exists()]
    if missing:
        console.print(
            f"[bold red]Stopped.[/] {inert(str(root))} is no company's folder: it has no {missing[0]}. "
            "Set ASSISTANT to one (ASSISTANT=../my-company make run), or begin one with `warmline init FOLDER`.",
            soft_wrap=True,
        )
        raise typer.Exit(2)


def _test() -> None:
    settings = _settings()
    _build(settings)
    run_company_tests(settings, console)


def _settings() -> Settings:
    settings = load()
    os.environ.update(keep_secrets(settings.var, os.environ))
    return load()


def _build(settings: Settings, *, force: bool = False) -> None:
    """Look at what people wrote, then build what is out of date."""
    refuse_mistakes(settings, console)
    run_out_of_date(settings, console, force=force)


def _private_settings(var: Path) -> Settings:
    """Settings for a run beside the real one: free ports, a database that is thrown away."""
    settings = _settings()
    gateway, brain, actions = free_port(), free_port(), free_port()
    return replace(
        settings,
        var=var,
        database_url=f"sqlite:///{var / 'warmline.db'}",
        gateway_host="127.0.0.1",
        gateway_port=gateway,
        public_url=f"http://127.0.0.1:{gateway}",
        brain_host="127.0.0.1",
        brain_port=brain,
        brain_url=f"http://127.0.0.1:{brain}",
        actions_host="127.0.0.1",
        actions_port=actions,
        actions_url=f"http://127.0.0.1:{actions}/webhook",
    )


def _prepare(settings: Settings) -> str | None:
    """Create what the processes find when they start; gives the desk's first password, that one time."""
    keep_private()
    narrow_default_var(settings.root, settings.var)
    prepare_company(settings, os.environ)
    return _first_password(settings)


def _first_password(settings: Settings) -> str | None:
    """Create the desk's first account where there is none; gives its generated password that one time."""
    return accounts.create_first(settings.database_url)


def _serve() -> None:
    settings = _settings()
    refuse_taken_ports(settings)
    started = time.monotonic()
    _build(settings)
    password = _prepare(settings)
    asyncio.run(_keep_running(settings, password, started))
    console.print("All three processes have ended.")


async def _keep_running(settings: Settings, password: str | None, started: float) -> None:
    supervisor = Supervisor(process_plans(settings), _say)
    _end_on_signals(supervisor)
    running = asyncio.create_task(supervisor.run())
    ready = asyncio.create_task(_announce(supervisor, settings, password, started))
    await running
    ready.cancel()
    if supervisor.gave_up is not None:
        _explain_end(supervisor.gave_up)


async def _before_the_end(running: asyncio.Task[None], supervisor: Supervisor, work: Awaitable[T]) -> T:
    """Do something while the processes run; when they end before it is done, say why instead of waiting for ever."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task, running}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        return await task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    if supervisor.gave_up is not None:
        _explain_end(supervisor.gave_up)
    raise WarmlineError("It was stopped before everything was ready.")


def _explain_end(plan: ProcessPlan) -> NoReturn:
    _show_end_of(plan.log)
    raise WarmlineError(f"{plan.name} cannot start. The lines above say why; the whole log is {plan.log}.")


def _end_on_signals(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stop)


async def _announce(supervisor: Supervisor, settings: Settings, password: str | None, started: float) -> None:
    await supervisor.ready("gateway")
    console.rule("Warmline")
    for what, where in (
        ("Page", f"{settings.public_url}/"),
        ("Desk", f"{settings.public_url}/desk"),
        ("", f"user admin, password {password} (shown only once)" if password else FORGOTTEN),
        ("API", f"{settings.public_url}/docs"),
        ("Logs", str(settings.var / "logs")),
    ):
        console.print(f"  {what:<10} {where}", soft_wrap=True, markup=False)
    console.rule("Press Ctrl-C to stop")
    await asyncio.gather(supervisor.ready("actions"), supervisor.ready("brain"))
    console.print(f"Everything is ready, {time.monotonic() - started:.0f} s after the command.")


def _smoke() -> None:
    _build(_settings())
    var = Path(tempfile.mkdtemp(prefix="warmline-smoke-"))
    try:
        settings = _private_settings(var)
        _prepare(settings)
        asyncio.run(_ask_once(settings))
    finally:
        shutil.rmtree(var, ignore_errors=True)


async def _ask_once(settings: Settings) -> None:
    supervisor = Supervisor(process_plans(settings), _say)
    _end_on_signals(supervisor)
    running = asyncio.create_task(supervisor.run())
    question = answered_question(settings.root)
    try:
        answer = await _before_the_end(running, supervisor, _question_and_answer(supervisor, settings, question))
        console.print(f"[bold]Customer[/] {inert(question or HELLO)}")
        console.print(f"[bold]Warmline[/] {inert(answer['text'])}")
        if question:
            console.print(f"[bold]Source  [/] {_cited(answer['citation'])}")
    except (TimeoutError, asyncio.TimeoutError) as error:
        for plan in process_plans(settings):
            _show_end_of(plan.log)
        raise WarmlineError(f"The question was not answered within {LONGEST_START:.0f} s.") from error
    finally:
        supervisor.stop()
        await running


async def _question_and_answer(supervisor: Supervisor, settings: Settings, question: str | None) -> dict[str, Any]:
    await asyncio.wait_for(supervisor.ready("gateway"), LONGEST_START)
    async with httpx.AsyncClient(base_url=settings.public_url, trust_env=False) as client:
        visitor = await Visitor.arrive(client)
        # The brain is still loading: the message waits for it, as a customer's would.
        seq = await visitor.say(question or HELLO)
        return await _first_answer(visitor, seq, cited=question is not None)


async def _first_answer(visitor: Visitor, seq: int, *, cited: bool) -> dict[str, Any]:
    deadline = time.monotonic() + LONGEST_START
    while True:
        answer = await visitor.answer_to(seq, deadline - time.monotonic())
        if answer.get("citation") if cited else answer["author"] == "bot":
            return answer
        seq = answer["seq"]  # a notice that the assistant is still waking up


def _say(sentence: str) -> None:
    console.print(f"  {sentence}", soft_wrap=True, markup=False)


def _cited(citation: Mapping[str, Any]) -> str:
    return inert(f"{citation['title']}  {citation['url']}")


def _show_end_of(log: Path, lines: int = 15) -> None:
    if log.exists():
        console.print(f"[bold]The end of {log.name}[/]")
        for line in lines_of(log.read_text(encoding="utf-8", errors="replace"))[-lines:]:
            console.print(f"  {line}", markup=False)


def _shell() -> None:
    _build(_settings())
    var = Path(tempfile.mkdtemp(prefix="warmline-shell-"))
    try:
        settings = _private_settings(var)
        _prepare(settings)
        asyncio.run(_talk(settings))
    finally:
        shutil.rmtree(var, ignore_errors=True)


async def _talk(settings: Settings) -> None:
    supervisor = Supervisor(process_plans(settings), _say)
    _end_on_signals(supervisor)
    running = asyncio.create_task(supervisor.run())
    try:
        ready = asyncio.gather(*(supervisor.ready(name) for name in ("gateway", "actions", "brain")))
        await _before_the_end(running, supervisor, ready)
        async with httpx.AsyncClient(base_url=settings.public_url, trust_env=False) as client:
            visitor = await Visitor.arrive(client)
            console.print("\nType a message, the number of a button, or an empty line to end.\n")
            if visitor.greeting:
                console.print(f"[bold]Warmline[/] {inert(visitor.greeting)}")
            await _talk_until_empty_line(visitor)
    finally:
        supervisor.stop()
        await running


async def _talk_until_empty_line(visitor: Visitor) -> None:
    choices: list[dict[str, Any]] = []
    heard: asyncio.Queue[Event] = asyncio.Queue()

    async def listen() -> None:
        async for event in visitor.events():
            heard.put_nowait(event)

    listening = asyncio.create_task(listen())
    try:
        while line := (await asyncio.to_thread(_read_line)).strip():
            if line.isdigit() and 0 < int(line) <= len(choices):
                seq = await visitor.choose(choices[int(line) - 1]["token"])
            else:
                seq = await visitor.say(line)
            choices = await _show_answers(heard, seq)
    finally:
        listening.cancel()


def _read_line() -> str:
    console.print("[bold]You[/]      ", end="")
    return sys.stdin.readline()


async def _show_answers(heard: asyncio.Queue[Event], seq: int) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = []
    answered = False
    while True:
        try:
            event = await asyncio.wait_for(heard.get(), PAUSE_AFTER_ANSWER if answered else LONGEST_START)
        except asyncio.TimeoutError:
            return choices
        if event.name == "state":
            console.print(f"  [dim]now with: {inert(str(event.data['owner']))}[/]")
        if event.name != "message" or event.data["seq"] <= seq or event.data["author"] == "customer":
            continue
        answered = True
        console.print(f"[bold]Warmline[/] {inert(event.data['text'])}", soft_wrap=True)
        if citation := event.data.get("citation"):
            console.print(f"         [dim]{_cited(citation)}[/]")
        choices = event.data.get("choices") or choices
        for number, choice in enumerate(event.data.get("choices") or [], start=1):
            console.print(f"         [{number}] {choice['title']}", markup=False)


if __name__ == "__main__":
    app()
