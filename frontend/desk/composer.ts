/** Where an agent writes: to the customer or to colleagues; drafts are kept, canned replies and names complete themselves. */

import { h } from "../shared/dom";
import { type Choice, Completion } from "./completion";
import type { Drafts } from "./drafts";
import { type Canned, type Colleague, LONGEST_REPLY } from "./protocol";
import type { MadeOf, Story } from "./story";
import { filled, unfilled } from "./templates";

type Kind = "reply" | "note";

const TYPING_EVERY = 3_000; // ms; the customer's page shows it for a little longer

export interface Surroundings {
  readonly canned: () => readonly Canned[];
  readonly team: () => readonly Colleague[];
  /** What canned replies may name. */
  readonly known: () => Readonly<Record<string, unknown>>;
  readonly onTyping: () => void;
  readonly onSent: () => void;
}

export class Composer {
  readonly element: HTMLFormElement;
  readonly input: HTMLTextAreaElement;
  private readonly hint = h("p", { class: "hint", id: "reply-hint" });
  /** Who reads it, in words: a colour alone tells not everybody. */
  private readonly readers = h("p", { class: "readers", id: "reply-readers" });
  private readonly submit = h("button", { type: "submit", class: "primary" }, "Send");
  private readonly label = h("label", { for: "reply", class: "unseen" }, "Your reply");
  private readonly kinds: Record<Kind, HTMLButtonElement>;
  private readonly completion: Completion;
  private story: Story | null = null;
  private kind: Kind = "reply";
  private mayReply = false;
  private madeOf: MadeOf | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly around: Surroundings,
    private readonly drafts: Drafts,
  ) {
    this.input = h("textarea", {
      id: "reply",
      rows: 3,
      dir: "auto",
      "aria-describedby": "reply-readers reply-hint",
      on: { input: () => this.typed(), keydown: (event) => this.key(event) },
    });
    this.completion = new Completion(
      this.input,
      (mark, typed) => this.complete(mark, typed),
      () => this.typed(),
    );
    this.kinds = {
      reply: this.kindButton("reply", "To the customer"),
      note: this.kindButton("note", "Note to colleagues"),
    };
    this.element = h(
      "form",
      { class: "reply" },
      h(
        "div",
        { class: "kinds", role: "group", "aria-label": "Who reads it" },
        this.kinds.reply,
        this.kinds.note,
        this.readers,
      ),
      this.label,
      h("div", { class: "field" }, this.input, this.completion.element),
      h("div", { class: "reply-foot" }, this.hint, this.submit),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** Another conversation, or another right in this one. Who may not reply may still write a note. */
  show(story: Story | null, mayReply: boolean, mayNote: boolean): void {
    const changed = story !== this.story;
    const gained = mayReply && !this.mayReply;
    this.story = story;
    this.mayReply = mayReply;
    this.element.hidden = !(mayReply || mayNote) || story === null;
    this.kinds.reply.disabled = !mayReply;
    if (changed && story) {
      const draft = this.drafts.get(story.ticketId);
      this.madeOf = null;
      this.input.value = draft.text;
      this.choose(mayReply ? draft.kind : "note");
    } else if (!mayReply && this.kind === "reply") this.choose("note");
    // Who has just claimed wants to write to the customer, unless a note is half written.
    else if (gained && this.input.value.trim() === "") this.choose("reply");
  }

  /** Puts words into the field: an offer, a canned reply, an article. */
  put(text: string, madeOf: MadeOf | null = null): void {
    if (this.mayReply) this.choose("reply");
    const before = this.input.value.trim();
    this.input.value = before === "" ? text : `${before}\n${text}`;
    this.madeOf = before === "" ? madeOf : (this.madeOf ?? madeOf);
    this.typed(false);
    this.focus();
  }

  /** To colleagues, beginning with the mark that lists them. */
  ask(): void {
    this.choose("note");
    this.focus();
    if (this.input.value.trim() === "") {
      this.input.value = "@";
      this.input.setSelectionRange(1, 1);
      this.input.dispatchEvent(new Event("input"));
    }
  }

  toggle(): void {
    if (this.element.hidden) return;
    this.choose(this.kind === "reply" ? "note" : this.mayReply ? "reply" : "note");
    this.focus();
  }

  focus(): void {
    this.input.focus();
  }

  say(text: string): void {
    this.hint.textContent = text;
    this.hint.classList.add("warn");
  }

  private kindButton(kind: Kind, text: string): HTMLButtonElement {
    return h("button", { type: "button", class: "kind", on: { click: () => this.choose(kind) } }, text);
  }

  private choose(kind: Kind): void {
    this.kind = kind;
    for (const [name, button] of Object.entries(this.kinds)) button.setAttribute("aria-pressed", String(name === kind));
    this.element.classList.toggle("is-note", kind === "note");
    this.readers.textContent = kind === "note" ? "Note: only colleagues read it" : "Reply: the customer reads it";
    this.label.textContent = kind === "note" ? "Your note" : "Your reply";
    this.submit.textContent = kind === "note" ? "Add note" : "Send";
    this.typed(false);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    if (this.completion.key(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.send();
  }

  private send(): void {
    const text = this.input.value.trim();
    const { story, kind } = this;
    if (!story || text === "" || text.length > LONGEST_REPLY) return;
    const open = kind === "reply" ? unfilled(text) : [];
    if (open.length > 0) {
      this.say(`Fill in ${open.join(", ")} first.`);
      return;
    }
    if (kind === "note") story.send(text, { kind, mentions: this.mentioned(text) });
    else story.send(text, { suggestion: this.madeOf });
    this.input.value = "";
    this.madeOf = null;
    this.typed(false);
    if (kind === "note" && this.mayReply) this.choose("reply");
    this.around.onSent();
    this.focus();
  }

  /** Longer names first: "@Kim Lee" is not "@Kim". */
  private mentioned(text: string): string[] {
    let rest = text;
    const found: string[] = [];
    for (const { id, name } of [...this.around.team()].sort((a, b) => b.name.length - a.name.length)) {
      if (!rest.includes(`@${name}`)) continue;
      found.push(id);
      rest = rest.replaceAll(`@${name}`, "");
    }
    return found;
  }

  private complete(mark: "/" | "@", typed: string): readonly Choice[] {
    if (mark === "@") {
      if (this.kind !== "note") return [];
      const team = this.around.team().filter(({ name }) => name.toLowerCase().includes(typed));
      return team.map(({ name, presence }) => ({ label: name, hint: presence, insert: `@${name} ` }));
    }
    if (this.kind !== "reply") return [];
    const fits = this.around
      .canned()
      .filter(({ shortcut, title }) => shortcut.startsWith(typed) || title.toLowerCase().includes(typed));
    return fits.map(({ shortcut, title, text }) => ({
      label: `/${shortcut}`,
      hint: title,
      insert: filled(text, this.around.known()),
    }));
  }

  private typed(byHand = true): void {
    const { value } = this.input;
    if (this.story) this.drafts.set(this.story.ticketId, { kind: this.kind, text: value });
    if (value.trim() === "") this.madeOf = null;
    const left = LONGEST_REPLY - value.trim().length;
    const marks = this.kind === "note" ? "@ names a colleague." : "/ for canned replies.";
    this.hint.textContent =
      left > 300
        ? `Enter sends, Shift + Enter starts a new line, Esc leaves the field. ${marks}`
        : `${left} characters left.`;
    this.hint.classList.toggle("warn", left < 0);
    this.submit.disabled = left < 0 || value.trim() === "";
    if (byHand && this.kind === "reply" && value.trim() !== "" && performance.now() - this.toldAt > TYPING_EVERY) {
      this.toldAt = performance.now();
      this.around.onTyping();
    }
  }
}
