/** The middle of the desk: the open conversation, what can be done with it, and where the agent writes. */

import { arrange, h } from "../shared/dom";
import { entryElement, replyElement } from "./entries";
import { channelName, nameOf, stateNames } from "./names";
import { type Entry, LONGEST_REPLY, type Ticket } from "./protocol";
import type { Story } from "./story";

export interface Acts {
  claim(): void;
  returnToBot(): void;
  resolve(): void;
}

const NEAR = 80; // px from the end that still count as being there

export class ConversationPane {
  readonly element = h("main", {
    class: "conversation",
    id: "conversation",
    tabindex: -1,
    "aria-label": "Conversation",
  });
  readonly input: HTMLTextAreaElement;
  private readonly title = h("h2", { class: "title" });
  private readonly about = h("p", { class: "about" });
  private readonly buttons = h("div", { class: "buttons" });
  private readonly list = h("ol");
  private readonly log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: 0 }, this.list);
  private readonly form: HTMLFormElement;
  private readonly hint = h("p", { class: "hint", id: "reply-hint" });
  private readonly submit = h("button", { type: "submit", class: "primary" }, "Send");
  private readonly nothing = h("div", { class: "nothing" });
  private readonly claim: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private readonly resolve: HTMLButtonElement;
  private readonly drawn = new Map<number, { entry: Entry; element: HTMLElement }>();
  private story: Story | null = null;

  constructor(
    acts: Acts,
    private readonly drafts: Map<string, string>,
  ) {
    this.claim = button("Claim", "primary", "Alt C", acts.claim);
    this.back = button("Back to the assistant…", "", "Alt B", acts.returnToBot);
    this.resolve = button("Resolve…", "", "Alt R", acts.resolve);
    this.log.setAttribute("aria-label", "Transcript");
    this.input = h("textarea", {
      id: "reply",
      rows: 3,
      dir: "auto",
      "aria-describedby": "reply-hint",
      on: { input: () => this.typed(), keydown: (event) => this.key(event) },
    });
    this.form = h(
      "form",
      { class: "reply" },
      h("label", { for: "reply" }, "Your reply"),
      this.input,
      h("div", { class: "reply-foot" }, this.hint, this.submit),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.nothing.append(
      h("p", { class: "nothing-title" }, "Choose a conversation"),
      h(
        "p",
        {},
        "Who has waited longest stands at the top of “Waiting”. You see everything that was said before you claim.",
      ),
    );
    const head = h("header", { class: "conversation-head" }, h("div", {}, this.title, this.about), this.buttons);
    this.element.append(this.nothing, head, this.log, this.form);
    this.draw(null, null, "none");
  }

  /** `mine`: the agent may write; `waiting`: may claim; `none`: may read. */
  draw(story: Story | null, ticket: Ticket | null, may: "mine" | "waiting" | "none"): void {
    const changed = story !== this.story;
    if (changed) {
      this.story = story;
      this.drawn.clear();
      this.list.replaceChildren();
      this.input.value = story ? (this.drafts.get(story.ticketId) ?? "") : "";
      this.typed();
    }
    this.element.classList.toggle("is-empty", !ticket);
    this.nothing.hidden = ticket !== null;
    if (!ticket || !story) return;
    this.title.textContent = nameOf(ticket);
    const who = may !== "mine" && ticket.state === "accepted" && ticket.agent ? ` · with ${ticket.agent.name}` : "";
    const state = may === "mine" ? "With you" : stateNames[ticket.state];
    this.about.textContent = `${channelName(ticket.channel)} · ${state}${who}`;
    arrange(this.buttons, { mine: [this.back, this.resolve], waiting: [this.claim], none: [] }[may]);
    this.form.hidden = may !== "mine";
    this.drawLog(story, nameOf(ticket), changed);
  }

  private drawLog(story: Story, customer: string, fromStart: boolean): void {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const stay = fromStart || scrollHeight - scrollTop - clientHeight < NEAR;
    // A transcript that is opened is no news; what comes after it is.
    this.log.setAttribute("aria-live", fromStart || !story.detail ? "off" : "polite");
    const elements: HTMLElement[] = story.inOrder.map((entry) => {
      let drawn = this.drawn.get(entry.seq);
      if (drawn?.entry !== entry) {
        drawn = { entry, element: entryElement(entry, customer) };
        this.drawn.set(entry.seq, drawn);
      }
      return drawn.element;
    });
    for (const reply of story.onTheirWay) {
      const takeBack = (): void => {
        this.input.value = story.takeBack(reply.clientSeq);
        this.typed();
        this.input.focus();
        this.drawLog(story, customer, false);
      };
      elements.push(replyElement(reply, takeBack));
    }
    arrange(this.list, elements);
    if (stay) this.log.scrollTop = this.log.scrollHeight;
  }

  /** Show one line of the transcript, where a summary points. */
  reveal(seq: number): void {
    const element = this.drawn.get(seq)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus();
  }

  say(text: string): void {
    this.hint.textContent = text;
    this.hint.classList.add("warn");
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  }

  private send(): void {
    const text = this.input.value.trim();
    if (!this.story || text === "" || text.length > LONGEST_REPLY) return;
    this.story.send(text);
    this.input.value = "";
    this.typed();
    this.log.scrollTop = this.log.scrollHeight;
    this.input.focus();
  }

  private typed(): void {
    const { value } = this.input;
    if (this.story) this.drafts.set(this.story.ticketId, value);
    const left = LONGEST_REPLY - value.trim().length;
    const hint = left > 300 ? "Enter sends, Shift + Enter starts a line." : `${left} characters left.`;
    this.hint.textContent = hint;
    this.hint.classList.toggle("warn", left < 0);
    this.submit.disabled = left < 0 || value.trim() === "";
  }
}

function button(text: string, kind: string, keys: string, act: () => void): HTMLButtonElement {
  const shortcut = keys.replace(" ", "+");
  return h(
    "button",
    { type: "button", class: kind, "aria-keyshortcuts": shortcut, on: { click: act } },
    text,
    h("kbd", { "aria-hidden": "true" }, keys),
  );
}
