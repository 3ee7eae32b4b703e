/** The middle of the desk: the open conversation, what can be done with it, and where the agent writes. */

import { dayName } from "../shared/clock";
import { arrange, h } from "../shared/dom";
import { Composer, type Surroundings } from "./composer";
import { contactElement, letterTo } from "./contact";
import type { Drafts } from "./drafts";
import { entryElement, handOverElement, replyElement } from "./entries";
import { keepFocus, type OnMark } from "./marks";
import { channelName, nameOf, stateNames } from "./names";
import { preferences } from "./preferences";
import type { Entry, Ticket } from "./protocol";
import type { MadeOf, Story } from "./story";
import { type Line, linesOf } from "./story_lines";
import { SuggestionPanel } from "./suggestion_panel";

export interface Acts {
  claim(): void;
  transfer(): void;
  ask(): void;
  snooze(): void;
  wake(): void;
  returnToBot(): void;
  resolve(): void;
  release(): void;
  reject(madeOf: MadeOf): void;
  /** Where there is no room for it, the context takes turns with the conversation. */
  context(): void;
  /** Null where the agent's role may not. */
  readonly mark: OnMark | null;
}

/** `mine`: the agent may write; `waiting`: may claim; `theirs`: may take it from a colleague; `none`: may read. */
export type Rights = "mine" | "waiting" | "theirs" | "none";

interface Drawn {
  readonly entry: Entry;
  readonly notice: Entry | null;
  readonly moved: Entry | null;
  readonly element: HTMLElement;
}

const NEAR = 80; // px from the end that still count as being there
const WRITES_FOR = 6_000; // ms; a sign of writing is repeated every three seconds

export class ConversationPane {
  readonly element = h("main", {
    class: "conversation",
    id: "conversation",
    tabindex: -1,
    "aria-label": "Conversation",
  });
  readonly composer: Composer;
  readonly suggestions: SuggestionPanel;
  private readonly title = h("h2", { class: "title", tabindex: -1 });
  private readonly about = h("p", { class: "about" });
  private readonly buttons = h("div", { class: "buttons" });
  private readonly list = h("ol");
  private readonly log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: 0 }, this.list);
  private readonly writes = h("p", { class: "writes", role: "status" });
  private readonly nothing = h("div", { class: "nothing" });
  private readonly understood = h("button", { type: "button", class: "link understood" });
  private readonly contact = h("div", { class: "contact-row", hidden: true });
  private letter: string | null = null;
  private readonly acts: Record<Rights, readonly HTMLElement[]>;
  private readonly onMark: OnMark | null;
  private readonly snoozed: HTMLElement;
  private readonly drawn = new Map<number, Drawn>();
  private readonly days = new Map<string, HTMLElement>();
  private story: Story | null = null;
  private writesTimer = 0;

  /** Who never answers customers is here for the assistant: they see it at once. */
  private readonly understoodByDefault: boolean;

  constructor(acts: Acts, around: Surroundings, drafts: Drafts, mayAnswer: boolean, onBack: () => void) {
    this.understoodByDefault = !mayAnswer;
    this.composer = new Composer(
      {
        ...around,
        onSent: () => {
          around.onSent();
          this.log.scrollTop = this.log.scrollHeight;
        },
      },
      drafts,
    );
    this.suggestions = new SuggestionPanel((text, madeOf) => this.composer.put(text, madeOf), acts.reject);
    this.onMark = acts.mark;
    this.snoozed = button("Take back now", "", "", acts.wake);
    this.acts = {
      mine: [
        button("Ask a colleague", "", "Alt O", acts.ask),
        button("Transfer…", "", "Alt T", acts.transfer),
        button("Snooze…", "", "Alt S", acts.snooze),
        button("To the assistant…", "", "Alt B", acts.returnToBot),
        button("Resolve…", "primary", "Alt R", acts.resolve),
      ],
      waiting: mayAnswer ? [button("Claim", "primary", "Alt C", acts.claim)] : [],
      theirs: [button("Back to the queue", "", "", acts.release)],
      none: [],
    };
    this.log.setAttribute("aria-label", "Transcript");
    this.nothing.append(
      h("p", { class: "nothing-title" }, "Choose a conversation"),
      h(
        "p",
        {},
        "The first in the queue is at the top of “Waiting”. You can read everything that was said before you claim.",
      ),
      h(
        "p",
        { class: "small" },
        h("kbd", {}, "Alt X"),
        " takes whoever is next, ",
        h("kbd", {}, "?"),
        " lists all keys.",
      ),
      button("Search the knowledge", "to-context", "", acts.context),
    );
    const back = button("All conversations", "quiet back", "", onBack);
    const context = button("Context", "quiet to-context", "", acts.context);
    this.showUnderstood(preferences.get("understood", !mayAnswer));
    this.understood.addEventListener("click", () => this.toggleUnderstood());
    const about = h(
      "div",
      { class: "head-words" },
      this.title,
      h("div", { class: "head-about" }, this.about, this.understood),
    );
    const head = h("header", { class: "conversation-head" }, back, about, context, this.buttons, this.contact);
    this.element.append(this.nothing, head, this.log, this.writes, this.suggestions.element, this.composer.element);
    this.draw(null, null, "none", mayAnswer);
  }

  draw(story: Story | null, ticket: Ticket | null, rights: Rights, mayAnswer: boolean): void {
    const changed = story !== this.story;
    if (changed) {
      this.story = story;
      this.drawn.clear();
      this.days.clear();
      this.list.replaceChildren();
      this.showWriting("");
    }
    this.element.classList.toggle("is-empty", !ticket);
    this.nothing.hidden = ticket !== null;
    this.composer.show(ticket ? story : null, rights === "mine", mayAnswer);
    if (!ticket || !story) return;
    this.title.textContent = nameOf(ticket);
    const who = rights !== "mine" && ticket.state === "accepted" && ticket.agent ? ` · with ${ticket.agent.name}` : "";
    const state = rights === "mine" ? "With you" : stateNames[ticket.state];
    const snoozed = ticket.snoozed_until !== null && ticket.state === "accepted";
    const until = snoozed ? ` · snoozed until ${new Date(ticket.snoozed_until ?? "").toLocaleString()}` : "";
    const about = `${channelName(ticket.channel)} · ${state}${who}${until}`;
    if (this.about.textContent !== about) this.about.textContent = about;
    this.drawContact(ticket);
    arrange(this.buttons, [...(snoozed && rights === "mine" ? [this.snoozed] : []), ...this.acts[rights]]);
    // Looked at before the suggestions take their room: the last message must not slip behind them.
    const stay = changed || this.atEnd();
    this.suggestions.draw(rights === "mine" ? story.suggestion : null);
    this.drawLog(story, nameOf(ticket), changed, stay);
  }

  /** Somebody writes in the open conversation; it passes when it is not repeated. */
  showWriting(text: string): void {
    window.clearTimeout(this.writesTimer);
    this.writes.textContent = text;
    if (text !== "") this.writesTimer = window.setTimeout(() => this.showWriting(""), WRITES_FOR);
  }

  private atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  private drawLog(story: Story, customer: string, fromStart: boolean, stay = this.atEnd()): void {
    // A transcript that is opened is no news; what comes after it is.
    this.log.setAttribute("aria-live", fromStart || !story.detail ? "off" : "polite");
    const refocus: (() => void)[] = [];
    const shown = preferences.get("understood", this.understoodByDefault);
    const elements = linesOf(story.inOrder, shown).map((line) => this.lineElement(line, customer, refocus));
    for (const reply of story.onTheirWay) {
      const takeBack = (): void => {
        this.composer.put(story.takeBack(reply.clientSeq));
        this.drawLog(story, customer, false);
      };
      elements.push(replyElement(reply, takeBack));
    }
    arrange(this.list, elements);
    for (const focus of refocus) focus();
    if (stay) this.log.scrollTop = this.log.scrollHeight;
  }

  private lineElement(line: Line, customer: string, refocus: (() => void)[]): HTMLElement {
    if (line.kind === "day") return this.dayElement(line.at);
    const { entry } = line;
    const [notice, moved] = line.kind === "hand-over" ? [line.notice, line.moved] : [null, null];
    let drawn = this.drawn.get(entry.seq);
    if (drawn?.entry !== entry || drawn.notice !== notice || drawn.moved !== moved) {
      const old = drawn?.element;
      const element =
        line.kind === "hand-over" ? handOverElement(entry, notice, moved) : entryElement(entry, customer, this.onMark);
      drawn = { entry, notice, moved, element };
      this.drawn.set(entry.seq, drawn);
      if (old) refocus.push(keepFocus(old, element));
    }
    return drawn.element;
  }

  private dayElement(at: string): HTMLElement {
    const name = dayName(at, new Date(), { today: "Today", yesterday: "Yesterday" });
    const day = new Date(at).toDateString();
    const element = this.days.get(day) ?? h("li", { class: "day" }, h("span", {}));
    this.days.set(day, element);
    // At midnight "Today" becomes "Yesterday".
    if (element.textContent !== name && element.firstElementChild) element.firstElementChild.textContent = name;
    return element;
  }

  private drawContact(ticket: Ticket): void {
    const letter = letterTo(ticket);
    if (letter === this.letter) return;
    this.letter = letter;
    const element = contactElement(ticket);
    this.contact.hidden = element === null;
    this.contact.replaceChildren(...(element ? [element] : []));
  }

  private toggleUnderstood(): void {
    const shown = !preferences.get("understood", this.understoodByDefault);
    preferences.set("understood", shown);
    this.showUnderstood(shown);
    if (this.story) this.drawLog(this.story, this.title.textContent ?? "", true, false);
  }

  private showUnderstood(shown: boolean): void {
    this.understood.textContent = "What the assistant understood";
    this.understood.setAttribute("aria-pressed", String(shown));
  }

  /** Where somebody begins to read who has come here from the lists. */
  focus(): void {
    this.title.focus();
  }

  /** Show one line of the transcript, where a summary points. */
  reveal(seq: number): void {
    const element = this.drawn.get(seq)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus();
  }
}

function button(text: string, kind: string, keys: string, act: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: kind, on: { click: act } }, text);
  if (keys !== "") {
    made.setAttribute("aria-keyshortcuts", keys.replace(" ", "+"));
    made.append(h("kbd", { "aria-hidden": "true" }, keys));
  }
  return made;
}
