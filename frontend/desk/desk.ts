/** The desk of a signed-in agent: keeps board, stories and stream together, and draws the panes and the pages. */

import { ApiError } from "../shared/api";
import { h } from "../shared/dom";
import { EventStream } from "../shared/event_stream";
import type { ServerEvent } from "../shared/sse";
import { AccountsPage } from "./accounts_page";
import { alertAgent } from "./alerts";
import type { DeskApi } from "./api";
import { Archive } from "./archive";
import { AuditPage } from "./audit_page";
import { Board } from "./board";
import { CannedPage } from "./canned_page";
import { ContextPane } from "./context_pane";
import { ConversationPane, type Rights } from "./conversation_pane";
import { askAlerts, askPassword, askSnooze, askTransfer, showShortcuts } from "./dialogs";
import type { Drafts } from "./drafts";
import { Bar } from "./frame";
import { KnowledgePane } from "./knowledge_pane";
import { LearningPage } from "./learning_page";
import { Lists } from "./lists";
import type { OnMark } from "./marks";
import { nameOf } from "./names";
import type { Page } from "./page";
import { preferences } from "./preferences";
import { ProblemBar } from "./problem_bar";
import {
  type Canned,
  type Colleague,
  type Entry,
  type May,
  OPEN_LISTS,
  type Presence,
  type Session,
  type Ticket,
  type WrapUp,
} from "./protocol";
import { listenForShortcuts } from "./shortcuts";
import { Story } from "./story";
import { SupervisorPage } from "./supervisor_page";
import { askResolve, askReturn } from "./wrap_up";

const TITLE = "Warmline desk";
const AGES = 5_000; // ms; ages are shown in minutes
const CONVERSATIONS = "conversations";

export class Desk {
  readonly element: HTMLElement;
  private readonly board: Board;
  private readonly lists: Lists;
  private readonly pane: ConversationPane;
  private readonly context: ContextPane;
  private readonly knowledge: KnowledgePane;
  private readonly bar: Bar;
  private readonly panes: HTMLElement;
  private readonly pages = new Map<string, Page>();
  private readonly stories = new Map<string, Story>();
  private readonly archive: Archive;
  private readonly backToTalk: HTMLButtonElement;
  private readonly news = h("p", { class: "unseen", role: "status" });
  private readonly problem = new ProblemBar();
  private readonly stream: EventStream;
  private readonly stopShortcuts: () => void;
  private readonly timer: number;
  private readonly mayAnswer: boolean;
  private canned: readonly Canned[] = [];
  private team: readonly Colleague[] = [];
  private openId: string | null = null;
  private page: Page | null = null;
  private scheduled = false;
  /**
   * The gateway takes the same number with the same words for a repetition: a desk that was reloaded, or a second
   * window, must not count through the same numbers.
   */
  private lastClientSeq = Math.floor(Math.random() * 2 ** 30);

  constructor(
    private readonly api: DeskApi,
    private readonly session: Session,
    private readonly drafts: Drafts,
    /** The session is over; says why, or nothing when the agent wanted it. */
    private readonly onSignedOut: (why: string) => void,
  ) {
    const may = (what: May): boolean => session.may.includes(what);
    this.mayAnswer = may("answer");
    this.board = new Board(session.agent.id);
    const take = async (ask: () => Promise<readonly Ticket[]>): Promise<void> => {
      await this.board.load(ask);
      this.draw();
    };
    this.archive = new Archive(api, take, (error) => this.isOver(error));
    this.lists = new Lists(
      session.agent.id,
      this.archive,
      (id) => this.open(id),
      () => this.draw(),
      (id) => this.team.find((one) => one.id === id)?.name ?? null,
    );
    const around = {
      canned: () => this.canned,
      team: () => this.team.filter(({ id }) => id !== session.agent.id),
      known: () => this.known(),
      onTyping: () => void this.typing(),
      onSent: () => undefined,
    };
    const acts = {
      claim: () => void this.claim(),
      transfer: () => void this.transfer(),
      ask: () => this.pane.composer.ask(),
      snooze: () => void this.snooze(),
      wake: () => void this.step("mine", (id) => this.api.snooze(id, null)),
      returnToBot: () => void this.returnToBot(),
      resolve: () => void this.resolve(),
      release: () => void this.step("theirs", (id) => this.api.release(id)),
      reject: ({ seq, offer }: { seq: number; offer: number }) => {
        const id = this.openId;
        if (id !== null) void this.attempt(() => this.api.reject(id, seq, offer));
      },
      context: () => this.showContext(),
      mark: may("mark") ? (...mark: Parameters<OnMark>) => void this.mark(...mark) : null,
    };
    this.pane = new ConversationPane(acts, around, drafts, this.mayAnswer, () => this.showLists());
    this.context = new ContextPane(
      (seq) => {
        this.panes.dataset.view = "conversation";
        this.pane.reveal(seq);
      },
      (id) => this.open(id),
    );
    this.knowledge = new KnowledgePane(
      (query) => this.api.search(query),
      (text) => {
        if (this.panes.dataset.view === "context") this.panes.dataset.view = "conversation";
        this.pane.composer.put(text);
      },
    );
    this.backToTalk = h("button", { type: "button", class: "quiet back-to-talk" }, "Back to the conversation");
    this.backToTalk.addEventListener("click", () => this.showConversation());
    const aside = h(
      "aside",
      { class: "context", "aria-label": "Context" },
      this.backToTalk,
      this.knowledge.element,
      this.context.element,
    );
    this.panes = h("div", { class: "panes", "data-view": "lists" }, this.lists.element, this.pane.element, aside);
    const refused = (error: unknown): boolean => this.isOver(error);
    const show = (id: string): void => {
      this.go(CONVERSATIONS);
      this.open(id);
    };
    if (may("supervise")) this.pages.set("supervisor", new SupervisorPage(api, refused, show));
    if (may("supervise")) this.pages.set("canned", new CannedPage(api, refused));
    if (may("teach")) this.pages.set("suggestions", new LearningPage(api, refused));
    if (may("administer")) this.pages.set("accounts", new AccountsPage(api, refused));
    if (may("audit")) this.pages.set("audit", new AuditPage(api, refused, show));
    const titles = [...this.pages].map(([name, { title }]): [string, string] => [name, title]);
    this.bar = new Bar(session, [[CONVERSATIONS, "Conversations"], ...titles], {
      go: (name) => this.go(name),
      presence: (presence) => void this.choosePresence(presence),
      alerts: () => void askAlerts().then(() => this.showAlerts()),
      shortcuts: () => void showShortcuts(),
      password: () => void this.changePassword(),
      signOut: () => void this.signOut(),
    });
    this.element = h("div", { class: "desk" }, this.bar.element, this.problem.element, this.panes, this.news);
    this.bar.where = CONVERSATIONS;
    this.showAlerts();
    this.stream = new EventStream({
      after: null,
      url: (after) => `/api/desk/events${after === null ? "" : `?after=${after}`}`,
      onEvent: (event) => this.hear(event),
      onLine: (line) => {
        this.bar.connection = line;
        if (line === "live") void this.reload();
      },
      onRefused: (error) => this.refused(error),
    });
    this.stopShortcuts = listenForShortcuts({
      leave: () => this.pane.focus(),
      step: (by) => this.walk(by),
      oldest: () => {
        const first = this.board.list("waiting")[0];
        if (first) this.open(first.id);
      },
      next: () => void this.next(),
      claim: acts.claim,
      write: () => this.pane.composer.focus(),
      toggle: () => this.pane.composer.toggle(),
      ask: acts.ask,
      search: () => {
        // Where there is no room for both, the context comes first.
        if (this.knowledge.input.offsetParent === null) this.panes.dataset.view = "context";
        this.knowledge.input.focus();
      },
      use: (number) => this.pane.suggestions.use(number),
      transfer: acts.transfer,
      snooze: acts.snooze,
      returnToBot: acts.returnToBot,
      resolve: acts.resolve,
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
    this.page?.close();
    window.clearInterval(this.timer);
    document.title = TITLE;
  }

  private go(name: string): void {
    const page = this.pages.get(name) ?? null;
    this.page?.close();
    (this.page?.element ?? this.panes).replaceWith(page?.element ?? this.panes);
    this.page = page;
    this.bar.where = name;
    this.say("");
    page?.open();
    page?.element.focus();
  }

  private rights(ticket: Ticket | null): Rights {
    if (!ticket || !this.mayAnswer) return "none";
    const list = this.board.listOf(ticket);
    if (list === "team") return this.session.may.includes("supervise") ? "theirs" : "none";
    return list === "closed" ? "none" : list;
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
      this.pane.draw(story, ticket, this.rights(ticket), this.mayAnswer);
      this.context.draw(story?.detail ?? null);
      const waiting = this.board.list("waiting").length;
      document.title = waiting > 0 ? `(${waiting}) ${TITLE}` : TITLE;
    }, 16);
  }

  private async reload(): Promise<void> {
    await this.attempt(async () => {
      // Each ticket once: what is closed is asked for when somebody unfolds it.
      await Promise.all(OPEN_LISTS.map((list) => this.board.load(() => this.api.wholeList(list))));
      if (preferences.get("open-all")) this.archive.open();
      if (this.openId !== null) await this.loadStory(this.openId);
      this.draw();
      await this.refresh();
    });
    this.draw();
  }

  /** What completes itself while one writes, and who is there. */
  private async refresh(): Promise<void> {
    [this.canned, this.team] = await Promise.all([this.api.canned(), this.api.team()]);
    const me = this.team.find(({ id }) => id === this.session.agent.id);
    if (me) this.bar.chosen = me.presence;
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
      if (this.board.hear(ticket)) {
        this.news.textContent = `New: ${nameOf(ticket)}. ${ticket.reason.text}`;
        alertAgent("A customer is waiting.");
      }
    } else if (event.name === "entry") {
      const { ticket_id: id, ...entry } = data as Entry & { ticket_id: string };
      this.hearEntry(id, entry);
    } else if (event.name === "typing") {
      this.hearTyping(data as { conversation_id: string; author: string });
      return;
    } else return;
    this.draw();
  }

  private hearEntry(id: string, entry: Entry): void {
    this.stories.get(id)?.hear(entry);
    const looking = id === this.openId && !document.hidden && this.page === null;
    this.board.hearEntry(id, entry, looking);
    if (id === this.openId && entry.type === "message") this.pane.showWriting("");
    if (entry.mentions?.some((one) => one.id === this.session.agent.id)) {
      this.news.textContent = `${entry.author_name ?? "A colleague"} mentions you.`;
      alertAgent("A colleague has mentioned you in a note.");
    } else if (!looking && entry.type === "message" && entry.author === "customer") {
      const ticket = this.board.get(id);
      if (ticket && this.board.listOf(ticket) === "mine") alertAgent("A customer of yours has written.");
    }
  }

  private hearTyping({ conversation_id, author }: { conversation_id: string; author: string }): void {
    const ticket = this.board.get(this.openId);
    if (ticket?.conversation_id !== conversation_id) return;
    if (author === "customer") this.pane.showWriting(`${nameOf(ticket)} is writing…`);
    // One's own writing is no news.
    else if (author === "human" && ticket.agent && ticket.agent.id !== this.session.agent.id)
      this.pane.showWriting(`${ticket.agent.name} is writing…`);
  }

  private open(id: string): void {
    if (this.page) this.go(CONVERSATIONS);
    this.openId = id;
    this.board.opened(id);
    this.panes.dataset.view = "conversation";
    this.say("");
    if (!this.stories.has(id)) {
      const story = new Story(
        id,
        (outgoing) => this.api.send(id, outgoing),
        () => this.nextClientSeq(),
        () => this.draw(),
      );
      this.stories.set(id, story);
    }
    this.draw();
    void this.refresh().catch(() => undefined);
    void this.attempt(() => this.loadStory(id)).then(() => {
      this.draw();
      if (this.openId !== id) return;
      if (this.rights(this.board.get(id)) === "mine") this.pane.composer.focus();
      // The row that was pressed is out of sight: reading goes on where the conversation begins.
      else if (this.lists.element.offsetParent === null) this.pane.focus();
    });
  }

  /** On a telephone lists and conversation take turns; elsewhere both are there. */
  private showLists(): void {
    this.panes.dataset.view = "lists";
    this.lists.focus();
  }

  /** Below three panes the context takes turns with the conversation. */
  private showContext(): void {
    this.panes.dataset.view = "context";
    this.backToTalk.focus();
  }

  private showConversation(): void {
    this.panes.dataset.view = "conversation";
    this.pane.focus();
  }

  private showAlerts(): void {
    this.bar.alert = preferences.get("sound") || preferences.get("notice");
  }

  private async loadStory(id: string): Promise<void> {
    const detail = await this.api.ticket(id);
    this.stories.get(id)?.load(detail);
    await this.board.load(async () => [detail.ticket]);
    this.board.opened(id);
  }

  private known(): Record<string, unknown> {
    const detail = this.openId === null ? null : this.stories.get(this.openId)?.detail;
    const slots = Object.entries(detail?.handoff.slots ?? {}).map(([name, { value }]) => [name, value]);
    return {
      ...Object.fromEntries(slots),
      customer_name: detail?.ticket.customer_name ?? null,
      agent_name: this.session.agent.name,
    };
  }

  private nextClientSeq(): number {
    this.lastClientSeq += 1;
    return this.lastClientSeq;
  }

  private walk(by: 1 | -1): void {
    const order = this.lists.order(this.board);
    const at = this.openId === null ? -1 : order.indexOf(this.openId);
    const next = order[at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by];
    if (next !== undefined) this.open(next);
  }

  private async next(): Promise<void> {
    if (!this.mayAnswer) return;
    await this.attempt(async () => {
      const ticket = await this.api.next();
      if (!ticket) {
        this.say("Nobody is waiting for you at the moment.");
        return false;
      }
      this.board.hear(ticket);
      this.open(ticket.id);
      return true;
    });
  }

  private async claim(): Promise<void> {
    const id = this.openId;
    if (id === null || this.rights(this.board.get(id)) !== "waiting") return;
    const claimed = await this.attempt(async () => {
      this.board.hear(await this.api.claim(id));
    });
    // Who lost the race sees who won, and the ticket where it now belongs.
    if (!claimed) await this.loadStory(id).catch(() => undefined);
    this.draw();
    if (claimed) setTimeout(() => this.pane.composer.focus(), 30);
  }

  /** One step with the open ticket, where the agent may take it. */
  private async step(needed: Rights, take: (id: string) => Promise<Ticket | null>): Promise<void> {
    const id = this.openId;
    if (id === null || this.rights(this.board.get(id)) !== needed) return;
    await this.attempt(async () => {
      const ticket = await take(id);
      if (ticket) this.board.hear(ticket);
    });
    this.draw();
  }

  private transfer(): Promise<void> {
    return this.step("mine", async (id) => {
      this.team = await this.api.team();
      const given = await askTransfer(this.team, this.session.agent.id);
      return given && this.api.transfer(id, given);
    });
  }

  private snooze(): Promise<void> {
    return this.step("mine", async (id) => {
      const until = await askSnooze();
      return until === null ? null : this.api.snooze(id, until);
    });
  }

  private returnToBot(): Promise<void> {
    return this.step("mine", async (id) => {
      const given = await askReturn(await this.wrapUp(id));
      return given && this.api.returnToBot(id, given);
    });
  }

  private resolve(): Promise<void> {
    return this.step("mine", async (id) => {
      const given = await askResolve(await this.wrapUp(id));
      return given && this.api.resolve(id, given);
    });
  }

  /** An empty form is better than none. */
  private async wrapUp(id: string): Promise<WrapUp | null> {
    try {
      return await this.api.wrapUp(id);
    } catch (error) {
      if (this.isOver(error)) throw error;
      return null;
    }
  }

  private async mark(...mark: Parameters<OnMark>): Promise<void> {
    const id = this.openId;
    if (id === null) return;
    await this.attempt(async () => this.stories.get(id)?.hear(await this.api.mark(id, ...mark)));
    this.draw();
  }

  /** Best effort: nobody is told when it fails. */
  private async typing(): Promise<void> {
    const id = this.openId;
    if (id !== null) await this.api.typing(id).catch(() => undefined);
  }

  private async choosePresence(presence: Presence): Promise<void> {
    await this.attempt(() => this.api.choosePresence(presence));
    this.bar.chosen = presence;
  }

  private async changePassword(): Promise<void> {
    const given = await askPassword();
    if (given === null) return;
    const changed = await this.attempt(() => this.api.changePassword(given.old, given.fresh));
    if (changed) this.onSignedOut("Your password is changed. Please sign in with it.");
  }

  private async signOut(): Promise<void> {
    if (!(await this.attempt(() => this.api.signOut()))) return;
    this.drafts.clear();
    this.onSignedOut("");
  }

  /** Does it, and says what went wrong; what answers false has said something itself. */
  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      if ((await work()) !== false) this.say("");
      return true;
    } catch (error) {
      if (!this.isOver(error)) this.say(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  private isOver(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.status !== 401) return false;
    this.refused(error);
    return true;
  }

  private refused(error: ApiError): void {
    if (error.status === 401) this.onSignedOut("Your session has ended. Please sign in again.");
    else this.say(error.message);
  }

  private say(text: string): void {
    this.problem.say(text);
  }
}
