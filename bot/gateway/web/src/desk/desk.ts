/** The desk of a signed-in agent: keeps board, stories and stream together, and draws the three panes. */

import { ApiError } from "../shared/api";
import { h } from "../shared/dom";
import { EventStream } from "../shared/event_stream";
import type { ServerEvent } from "../shared/sse";
import type { DeskApi } from "./api";
import { Board } from "./board";
import { ContextPane } from "./context_pane";
import { ConversationPane } from "./conversation_pane";
import { askResolve, askReturn, showShortcuts } from "./dialogs";
import { Lists } from "./lists";
import { nameOf } from "./names";
import { type Entry, LISTS, type Session, type Ticket } from "./protocol";
import { listenForShortcuts } from "./shortcuts";
import { Story } from "./story";

const TITLE = "Warmline desk";
const AGES = 5_000; // ms; ages are shown in minutes

export class Desk {
  readonly element: HTMLElement;
  private readonly board: Board;
  private readonly lists = new Lists((id) => this.open(id));
  private readonly pane: ConversationPane;
  private readonly context: ContextPane;
  private readonly stories = new Map<string, Story>();
  private readonly news = h("p", { class: "unseen", role: "status" });
  private readonly problem = h("p", { class: "problem", role: "alert", hidden: true });
  private readonly line = h("p", { class: "line", role: "status" }, "Connecting…");
  private readonly stream: EventStream;
  private readonly stopShortcuts: () => void;
  private readonly timer: number;
  private openId: string | null = null;
  private scheduled = false;
  /**
   * The gateway takes the same number with the same words for a repetition: a desk that was reloaded, or a second
   * window, must not count through the same numbers.
   */
  private lastClientSeq = Math.floor(Math.random() * 2 ** 30);

  constructor(
    private readonly api: DeskApi,
    session: Session,
    /** What the agent has begun to write, by ticket; outlives a session that ran out. */
    drafts: Map<string, string>,
    /** The session is over; says why, or nothing when the agent wanted it. */
    private readonly onSignedOut: (why: string) => void,
  ) {
    this.board = new Board(session.agent.id);
    const acts = {
      claim: () => void this.claim(),
      returnToBot: () => void this.returnToBot(),
      resolve: () => void this.resolve(),
    };
    this.pane = new ConversationPane(acts, drafts);
    this.context = new ContextPane((seq) => this.pane.reveal(seq));
    const shortcuts = { type: "button", class: "quiet", on: { click: () => void showShortcuts() } } as const;
    const signOut = { type: "button", class: "quiet", on: { click: () => void this.signOut() } } as const;
    const bar = h(
      "header",
      { class: "bar" },
      h("h1", { class: "product" }, TITLE),
      this.line,
      h("p", { class: "me" }, session.agent.name),
      h("button", shortcuts, "Shortcuts", h("kbd", { "aria-hidden": "true" }, "Alt K")),
      h("button", signOut, "Sign out"),
    );
    const panes = h("div", { class: "panes" }, this.lists.element, this.pane.element, this.context.element);
    this.element = h("div", { class: "desk" }, bar, this.problem, panes, this.news);
    this.stream = new EventStream({
      after: null,
      url: (after) => `/api/desk/events${after === null ? "" : `?after=${after}`}`,
      onEvent: (event) => this.hear(event),
      onLine: (line) => {
        this.line.textContent = { connecting: "Connecting…", live: "Live", lost: "No connection. Trying again…" }[line];
        this.line.dataset.line = line;
        if (line === "live") void this.reload();
      },
      onRefused: (error) => this.refused(error),
    });
    this.stopShortcuts = listenForShortcuts({
      step: (by) => this.step(by),
      oldest: () => {
        const first = this.board.list("waiting")[0];
        if (first) this.open(first.id);
      },
      claim: () => void this.claim(),
      write: () => this.pane.input.focus(),
      returnToBot: () => void this.returnToBot(),
      resolve: () => void this.resolve(),
      help: () => void showShortcuts(),
    });
    this.timer = window.setInterval(() => this.lists.tick(this.board), AGES);
    this.draw();
    this.stream.start();
  }

  /** Let go of everything that listens. */
  close(): void {
    this.stream.stop();
    this.stopShortcuts();
    window.clearInterval(this.timer);
    document.title = TITLE;
  }

  private may(ticket: Ticket | null): "mine" | "waiting" | "none" {
    const list = ticket && this.board.listOf(ticket);
    return list === "mine" || list === "waiting" ? list : "none";
  }

  /** At most once for all that arrives together. */
  private draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => {
      this.scheduled = false;
      const ticket = this.board.get(this.openId);
      const story = this.openId === null ? null : (this.stories.get(this.openId) ?? null);
      this.lists.draw(this.board, this.openId);
      this.pane.draw(story, ticket, this.may(ticket));
      this.context.draw(story?.detail ?? null);
      const waiting = this.board.list("waiting").length;
      document.title = waiting > 0 ? `(${waiting}) ${TITLE}` : TITLE;
    }, 16);
  }

  private async reload(): Promise<void> {
    await this.attempt(async () => {
      await Promise.all(LISTS.map((list) => this.board.load(() => this.api.tickets(list))));
      if (this.openId !== null) await this.loadStory(this.openId);
    });
    this.draw();
  }

  private hear(event: ServerEvent): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      return;
    }
    if (event.name === "ticket") {
      const ticket = data as Ticket;
      if (this.board.hear(ticket)) this.news.textContent = `New: ${nameOf(ticket)}. ${ticket.reason.text}`;
    } else if (event.name === "entry") {
      const { ticket_id: id, ...entry } = data as Entry & { ticket_id: string };
      this.stories.get(id)?.hear(entry);
      this.board.hearEntry(id, entry, id === this.openId && !document.hidden);
    } else return;
    this.draw();
  }

  private open(id: string): void {
    this.openId = id;
    this.board.opened(id);
    this.say("");
    if (!this.stories.has(id)) {
      const post = (clientSeq: number, text: string): Promise<{ seq: number }> => this.api.send(id, clientSeq, text);
      this.stories.set(
        id,
        new Story(
          id,
          post,
          () => this.nextClientSeq(),
          () => this.draw(),
        ),
      );
    }
    this.draw();
    void this.attempt(() => this.loadStory(id)).then(() => {
      this.draw();
      if (this.may(this.board.get(id)) === "mine" && this.openId === id) this.pane.input.focus();
    });
  }

  private async loadStory(id: string): Promise<void> {
    const detail = await this.api.ticket(id);
    this.stories.get(id)?.load(detail);
    await this.board.load(async () => [detail.ticket]);
  }

  private nextClientSeq(): number {
    this.lastClientSeq += 1;
    return this.lastClientSeq;
  }

  private step(by: 1 | -1): void {
    const order = this.lists.order(this.board);
    const at = this.openId === null ? -1 : order.indexOf(this.openId);
    const next = order[at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by];
    if (next !== undefined) this.open(next);
  }

  private async claim(): Promise<void> {
    const id = this.openId;
    if (id === null || this.may(this.board.get(id)) !== "waiting") return;
    const claimed = await this.attempt(async () => {
      this.board.hear(await this.api.claim(id));
    });
    // Who lost the race sees who won, and the ticket where it now belongs.
    if (!claimed) await this.loadStory(id).catch(() => undefined);
    this.draw();
    if (claimed) setTimeout(() => this.pane.input.focus(), 30);
  }

  private async returnToBot(): Promise<void> {
    const id = this.openId;
    if (id === null || this.may(this.board.get(id)) !== "mine") return;
    const note = await askReturn();
    if (note === null) return;
    await this.attempt(async () => {
      this.board.hear(await this.api.returnToBot(id, note));
    });
    this.draw();
  }

  private async resolve(): Promise<void> {
    const id = this.openId;
    if (id === null || this.may(this.board.get(id)) !== "mine") return;
    const answer = await askResolve();
    if (answer === null) return;
    await this.attempt(async () => {
      this.board.hear(await this.api.resolve(id, answer.outcome, answer.note));
    });
    this.draw();
  }

  private async signOut(): Promise<void> {
    if (await this.attempt(() => this.api.signOut())) this.onSignedOut("");
  }

  /** Does it, and says what went wrong. */
  private async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.say("");
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.refused(error);
      else this.say(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  private refused(error: ApiError): void {
    if (error.status === 401) this.onSignedOut("Your session is over. Please sign in again.");
    else this.say(error.message);
  }

  private say(text: string): void {
    this.problem.textContent = text;
    this.problem.hidden = text === "";
  }
}
