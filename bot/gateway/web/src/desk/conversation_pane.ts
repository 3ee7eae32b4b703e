/** The middle of the desk: the open conversation, what can be done with it, and where the agent writes. */

import { arrange, h } from "../shared/dom";
import { Composer, type Surroundings } from "./composer";
import type { Drafts } from "./drafts";
import { entryElement, replyElement } from "./entries";
import { keepFocus, type OnMark } from "./marks";
import { channelName, nameOf, stateNames } from "./names";
import type { Entry, Ticket } from "./protocol";
import type { MadeOf, Story } from "./story";
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
  /** Null where the agent's role may not. */
  readonly mark: OnMark | null;
}

/** `mine`: the agent may write; `waiting`: may claim; `theirs`: may take it from a colleague; `none`: may read. */
export type Rights = "mine" | "waiting" | "theirs" | "none";

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
  private readonly acts: Record<Rights, readonly HTMLElement[]>;
  private readonly onMark: OnMark | null;
  private readonly snoozed: HTMLElement;
  private readonly drawn = new Map<number, { entry: Entry; element: HTMLElement }>();
  private story: Story | null = null;
  private writesTimer = 0;

  constructor(acts: Acts, around: Surroundings, drafts: Drafts, mayAnswer: boolean, onBack: () => void) {
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
      theirs: [button("Back into the line", "", "", acts.release)],
      none: [],
    };
    this.log.setAttribute("aria-label", "Transcript");
    this.nothing.append(
      h("p", { class: "nothing-title" }, "Choose a conversation"),
      h(
        "p",
        {},
        "Who has waited longest stands at the top of “Waiting”. You see everything that was said before you claim.",
      ),
      h(
        "p",
        { class: "small" },
        h("kbd", {}, "Alt X"),
        " takes whoever is next, ",
        h("kbd", {}, "?"),
        " lists all keys.",
      ),
    );
    const back = button("All conversations", "quiet back", "", onBack);
    const head = h("header", { class: "conversation-head" }, back, h("div", {}, this.title, this.about), this.buttons);
    this.element.append(this.nothing, head, this.log, this.writes, this.suggestions.element, this.composer.element);
    this.draw(null, null, "none", mayAnswer);
  }

  draw(story: Story | null, ticket: Ticket | null, rights: Rights, mayAnswer: boolean): void {
    const changed = story !== this.story;
    if (changed) {
      this.story = story;
      this.drawn.clear();
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
    this.about.textContent = `${channelName(ticket.channel)} · ${state}${who}${until}`;
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
    const elements: HTMLElement[] = story.inOrder
      .filter(({ type }) => type !== "suggestion")
      .map((entry) => {
        let drawn = this.drawn.get(entry.seq);
        if (drawn?.entry !== entry) {
          const old = drawn?.element;
          drawn = { entry, element: entryElement(entry, customer, this.onMark) };
          this.drawn.set(entry.seq, drawn);
          if (old) refocus.push(keepFocus(old, drawn.element));
        }
        return drawn.element;
      });
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
