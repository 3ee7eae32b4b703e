/** The visitor's conversation: brings storage, stream and outbox together and says when something has changed. */

import { ApiError, requestJson } from "../shared/api";
import { backoff, pause } from "../shared/backoff";
import { EventStream, type Line } from "../shared/event_stream";
import type { ServerEvent } from "../shared/sse";
import { Outbox } from "./outbox";
import {
  type Continued,
  type Message,
  type Opened,
  type Outgoing,
  type Rating,
  type State,
  UNKNOWN_CONVERSATION,
} from "./protocol";
import { type BrowserStorage, NOTHING } from "./storage";
import { type Item, openChoices, Timeline } from "./timeline";

export interface Snapshot {
  readonly items: readonly Item[];
  /** Keys of the items whose buttons still act. */
  readonly open: ReadonlySet<string>;
  readonly state: Pick<State, "owner" | "agent_name" | "position" | "wait">;
  /** `busy`: there is no conversation yet, because too many were opened from here. */
  readonly line: Line | "busy";
  readonly typing: "bot" | "human" | null;
  readonly unread: number;
  /** False while the history is still coming in: it is not news. */
  readonly settled: boolean;
  /** The address to which a person will answer. */
  readonly answerTo: string | null;
}

const TYPING = 15_000; // ms; longer than any turn that goes well
const TYPING_EVERY = 3_000; // ms; the desk shows it for a little longer
const SETTLE = 400; // ms without an event after the line is up: the history has been replayed

const LONGEST_PAGE = 2000; // characters that the gateway takes

/** The visitor's time zone by its IANA name, so that times can be told by their own clock; null where it has none. */
function timezone(): string | null {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}

export class Conversation {
  private timeline = new Timeline();
  private stream: EventStream | null = null;
  private line: Snapshot["line"] = "connecting";
  private typing: Snapshot["typing"] = null;
  private typingTimer = 0;
  private toldAt = Number.NEGATIVE_INFINITY;
  private settled = false;
  private settleTimer = 0;
  private opening: Promise<void> | null = null;
  /** The gateway refused the stream; listening again waits a while. */
  private refused = false;
  private shownId: string;
  private lastRating: Promise<void> = Promise.resolve();
  private readonly outbox: Outbox;

  constructor(
    private readonly base: string,
    /** The language of the page, in which the gateway's own sentences are said. */
    private readonly locale: string,
    private readonly storage: BrowserStorage,
    private readonly onChange: () => void,
  ) {
    this.shownId = storage.read().conversationId;
    this.outbox = new Outbox({
      storage,
      alone: (work) => this.alone("send", work),
      post: ({ conversationId, token }, clientSeq, body) =>
        requestJson<{ seq: number }>(this.address(conversationId, "messages"), {
          method: "POST",
          // What a refusal says is shown.
          headers: { Authorization: `Bearer ${token}`, "Accept-Language": this.locale.replaceAll("_", "-") },
          body: { client_seq: clientSeq, ...("text" in body ? { text: body.text } : { choice: body.choice }) },
        }),
      wait: pause,
      arrived: () => this.timeline.lastClientSeq,
      onChange,
      onConfirmed: (pending, seq) => this.timeline.confirm(pending, seq),
      onUnknown: (id) => this.renew(id),
    });
    addEventListener("storage", ({ key }) => {
      if (key === storage.key || key === null) this.otherTab();
    });
  }

  get exists(): boolean {
    return this.storage.read().conversationId !== "";
  }

  /** Be in touch: opens a conversation when there is none, listens, and sends what waits. */
  connect(): void {
    void this.ensure().then(() => this.listen());
    void this.outbox.drain();
  }

  /** Stop listening; what waits is still sent. */
  disconnect(): void {
    this.stream?.stop();
    this.stream = null;
  }

  send(body: Outgoing): void {
    this.outbox.add(body);
    this.connect();
  }

  /** Take a message back that the gateway refused. */
  takeBack(key: string): void {
    this.outbox.remove(key);
  }

  /** Go on with a conversation from another channel; what this browser had before is left behind. */
  continueFrom(token: string): Promise<void> {
    const moving = this.moveHere(token);
    // Meanwhile no other conversation is opened: written down later, it would take this one's place.
    this.opening = moving
      .catch(() => undefined)
      .finally(() => {
        this.opening = null;
      });
    return moving;
  }

  private async moveHere(token: string): Promise<void> {
    const answer = await requestJson<Continued>(`${this.base}/api/web/conversations/continue`, {
      method: "POST",
      body: { token },
    });
    const { conversation_id: conversationId, greeting, last_client_seq: lastClientSeq } = answer;
    this.storage.lastRead = 0;
    this.storage.write({ ...NOTHING, conversationId, token: answer.token, greeting, lastClientSeq });
    this.startOver();
    this.listen();
  }

  /** Shows the person at the other end that the visitor writes; the words stay here until they are sent. */
  tellTyping(): void {
    const { conversationId, token } = this.storage.read();
    if (this.timeline.state?.owner !== "human" || performance.now() - this.toldAt < TYPING_EVERY) return;
    this.toldAt = performance.now();
    const call = { method: "POST", headers: { Authorization: `Bearer ${token}` } } as const;
    // Nobody misses one that is lost.
    requestJson(this.address(conversationId, "typing"), call).catch(() => undefined);
  }

  /** One after the other, so that the last press stands; gives what the gateway has then, whether or not it took this. */
  async rate(seq: number, rating: Rating): Promise<Rating> {
    const { conversationId, token } = this.storage.read();
    const call = {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: { rating: rating === "open" ? null : rating },
    } as const;
    this.lastRating = this.lastRating
      .then(() => requestJson(this.address(conversationId, `messages/${seq}/rating`), call))
      .then(
        () => this.timeline.rate(seq, rating),
        () => undefined,
      );
    await this.lastRating;
    return this.timeline.ratingOf(seq);
  }

  async returnToBot(): Promise<void> {
    const { conversationId, token } = this.storage.read();
    const call = { method: "POST", headers: { Authorization: `Bearer ${token}` } } as const;
    await requestJson(this.address(conversationId, "return-to-bot"), call);
  }

  /**
   * This browser forgets the conversation, at once and whatever the network does; then the gateway does its part.
   * Gives who answered until then, null when the gateway could not be told.
   */
  async end(): Promise<State["owner"] | null> {
    const { conversationId, token } = this.storage.read();
    this.storage.lastRead = 0;
    this.storage.write(NOTHING);
    this.startOver();
    if (conversationId === "") return "bot";
    const call = { method: "POST", headers: { Authorization: `Bearer ${token}` } } as const;
    try {
      return (await requestJson<Pick<State, "owner">>(this.address(conversationId, "end"), call)).owner;
    } catch (error) {
      return error instanceof ApiError && error.code === UNKNOWN_CONVERSATION ? "bot" : null;
    }
  }

  markRead(): void {
    const last = this.timeline.lastSeq;
    if (this.settled && last > this.storage.lastRead) this.storage.lastRead = last;
  }

  snapshot(): Snapshot {
    const { greeting } = this.storage.read();
    const items = this.timeline.items(this.outbox.pending, greeting);
    const state = this.timeline.state ?? { owner: "bot", agent_name: null, position: null };
    return {
      items,
      open: openChoices(items, this.timeline.ownerSince, state.owner === "queue"),
      state,
      line: this.line,
      typing: this.typing,
      unread: this.timeline.unread(this.storage.lastRead),
      settled: this.settled,
      answerTo: this.timeline.state?.answer_to ?? null,
    };
  }

  private address(id: string, rest: string): string {
    return `${this.base}/api/web/conversations/${encodeURIComponent(id)}/${rest}`;
  }

  /** One tab at a time; where the browser has no locks (pages without https), tabs may get in each other's way. */
  private alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    const locks = (navigator as { locks?: LockManager }).locks;
    return locks ? (locks.request(`${this.storage.key}:${what}`, work) as Promise<T>) : work();
  }

  private ensure(): Promise<void> {
    this.opening ??= this.openUntilDone().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async openUntilDone(): Promise<void> {
    for (let attempt = 0; !this.exists; attempt++) {
      let asked: number | null = null;
      try {
        await this.alone("open", async () => {
          if (this.exists) return;
          const opened = await requestJson<Opened>(`${this.base}/api/web/conversations`, {
            method: "POST",
            body: {
              locale: this.locale,
              page: `${location.origin}${location.pathname}`.slice(0, LONGEST_PAGE),
              timezone: timezone(),
            },
          });
          // One that came by a link meanwhile is the one that the visitor wants.
          if (this.exists) return;
          const { conversation_id: conversationId, token, greeting } = opened;
          const { pending } = this.storage.read();
          this.storage.lastRead = 0;
          this.storage.write({ ...NOTHING, conversationId, token, greeting, pending });
        });
        this.shownId = this.storage.read().conversationId;
        this.onChange();
        return;
      } catch (error) {
        this.setLine(error instanceof ApiError && error.status === 429 ? "busy" : "lost");
        if (error instanceof ApiError) asked = error.retryAfter;
      }
      await pause(asked ?? backoff(attempt));
    }
  }

  /** The gateway does not know this conversation: forget it, keep the visitor's own words, and open another for them. */
  private async renew(unknownId: string): Promise<void> {
    const now = this.storage.read();
    if (now.conversationId === unknownId && unknownId !== "") {
      // A button belongs to the conversation that offered it; words do not.
      const words = now.pending.filter(({ body }) => "text" in body);
      const pending = words.map((one) => ({ ...one, clientSeq: null, attempts: 0 }));
      this.storage.write({ ...NOTHING, pending });
      this.startOver();
    }
    // Where nobody has said anything, another one is opened when somebody wants it.
    if (this.outbox.pending.length === 0) return;
    await this.ensure();
    this.listen();
  }

  private startOver(): void {
    this.disconnect();
    this.timeline = new Timeline();
    this.settled = false;
    this.setTyping(null);
    this.shownId = this.storage.read().conversationId;
    this.onChange();
  }

  private otherTab(): void {
    const id = this.storage.read().conversationId;
    if (id !== this.shownId) {
      const listening = this.stream !== null;
      this.startOver();
      if (listening && id !== "") this.listen();
    }
    void this.outbox.drain();
    this.onChange();
  }

  private listen(): void {
    if (this.stream?.running || this.refused) return;
    const { conversationId, token } = this.storage.read();
    if (conversationId === "") return;
    this.stream = new EventStream({
      after: this.timeline.lastSeq,
      url: (after) => `${this.address(conversationId, "events")}?after=${after ?? 0}`,
      headers: () => ({ Authorization: `Bearer ${token}` }),
      onEvent: (event) => this.take(event),
      onLine: (line) => this.setLine(line),
      onRefused: (error) => {
        this.setLine("lost");
        if (error.code === UNKNOWN_CONVERSATION) void this.renew(conversationId);
        else void this.listenLater();
      },
    });
    this.stream.start();
  }

  private async listenLater(): Promise<void> {
    this.refused = true;
    await pause(backoff(10));
    this.refused = false;
    this.listen();
  }

  private setLine(line: Snapshot["line"]): void {
    if (line === "live") {
      this.settleSoon();
      void this.outbox.drain();
    }
    if (line === this.line) return;
    this.line = line;
    this.onChange();
  }

  private settleSoon(): void {
    if (this.settled) return;
    window.clearTimeout(this.settleTimer);
    this.settleTimer = window.setTimeout(() => {
      this.settled = true;
      this.onChange();
    }, SETTLE);
  }

  private take(event: ServerEvent): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      return; // a later gateway may say things that this widget does not understand
    }
    this.settleSoon();
    if (event.name === "message") {
      const message = data as Message;
      if (!this.timeline.addMessage(message)) return;
      if (message.author === "bot" || message.author === "human") this.setTyping(null);
    } else if (event.name === "state") {
      if (!this.timeline.addState(data as State)) return;
      this.setTyping(null);
    } else if (event.name === "typing") {
      this.setTyping((data as { author: "bot" | "human" }).author);
    } else return;
    this.onChange();
  }

  private setTyping(author: Snapshot["typing"]): void {
    window.clearTimeout(this.typingTimer);
    this.typing = author;
    if (author === null) return;
    this.typingTimer = window.setTimeout(() => {
      this.typing = null;
      this.onChange();
    }, TYPING);
  }
}
