/** The open chat: who is there, the messages, and where to write. */

import { arrange, h, icon } from "../shared/dom";
import { Composer } from "./composer";
import type { Conversation, Snapshot } from "./conversation";
import { icons } from "./icons";
import { Log } from "./log";
import type { Wait } from "./protocol";
import { texts } from "./texts";
import { draft } from "./visit";

export class Panel {
  readonly element: HTMLElement;
  readonly composer: Composer;
  readonly log: Log;
  private readonly status = h("p", { class: "status", role: "status" });
  private readonly line = h("p", { class: "line", role: "status", hidden: true });
  /** Asks before a conversation is ended, and says afterwards what became of it. */
  private readonly ending = h("div", { class: "ending", role: "group", "aria-label": texts.end, hidden: true });
  private readonly endButton: HTMLButtonElement;
  private readonly strip: HTMLElement;
  private readonly person: HTMLButtonElement;
  private readonly back: HTMLButtonElement;

  constructor(
    title: string,
    base: string,
    private readonly conversation: Conversation,
    onClose: () => void,
  ) {
    this.composer = new Composer(
      (text) => {
        this.ending.hidden = true;
        conversation.send({ text });
      },
      () => conversation.tellTyping(),
      (text) => draft.set(text),
    );
    this.composer.restore(draft.get());
    this.log = new Log(base, {
      choose: ({ token, title: words }) => {
        conversation.send({ choice: token, title: words });
        this.composer.input.focus();
      },
      rate: (seq, rating) => conversation.rate(seq, rating),
      edit: (item) => {
        conversation.takeBack(item.key);
        this.composer.text = item.text;
      },
    });
    const ask = (): void => {
      conversation.send({ text: texts.personMessage });
      this.composer.input.focus();
    };
    this.person = h("button", { type: "button", class: "pill", on: { click: ask } }, icon(icons.person), texts.person);
    const back = (): void => void this.returnToBot();
    this.back = h("button", { type: "button", class: "pill", on: { click: back } }, icon(icons.back), texts.back);
    const close = { type: "button", class: "close", "aria-label": texts.close, on: { click: onClose } } as const;
    const end = { type: "button", class: "close", "aria-label": texts.end, title: texts.end } as const;
    this.endButton = h("button", { ...end, on: { click: () => this.askEnd() } }, icon(icons.end));
    this.strip = h("div", { class: "strip" });
    this.element = h(
      "section",
      { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      h(
        "div",
        { class: "head" },
        h("span", { class: "mark" }, icon(icons.chat)),
        h("h2", { id: "title", class: "title" }, title),
        h("span", { class: "corner" }, this.endButton, h("button", close, icon(icons.close))),
        this.strip,
      ),
      this.line,
      this.ending,
      h("div", { class: "middle" }, this.log.element, this.log.jump),
      this.composer.element,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      if (!this.ending.hidden) {
        this.ending.hidden = true;
        this.endButton.focus();
        return;
      }
      onClose();
    });
  }

  draw(snapshot: Snapshot): void {
    const { owner, agent_name, position, wait } = snapshot.state;
    const status = statusOf(owner, agent_name, position, wait ?? null, snapshot.answerTo);
    this.endButton.hidden = !snapshot.items.some(({ author }) => author === "customer");
    if (this.status.textContent !== status) this.status.textContent = status;
    this.element.dataset.owner = owner;
    const buttons = { bot: [this.person], queue: [this.back], human: [] }[owner];
    const focused = this.strip.querySelector(":focus");
    arrange(this.strip, [this.status, ...buttons]);
    // The button that had the focus went with the state that it belonged to.
    if (focused && !focused.isConnected) this.composer.input.focus();
    this.say(snapshot.line === "lost" || snapshot.line === "busy" ? texts[snapshot.line] : "");
    this.log.draw(snapshot);
  }

  /** A link from another channel could not be used. */
  linkFailed(): void {
    this.say(texts.linkFailed);
  }

  private askEnd(): void {
    const keep = (): void => {
      this.ending.hidden = true;
      this.composer.input.focus();
    };
    const yes = h("button", { type: "button", class: "pill", on: { click: () => void this.end() } }, texts.end);
    const no = h("button", { type: "button", class: "pill", on: { click: keep } }, texts.endKeep);
    this.ending.replaceChildren(h("p", {}, texts.endAsk), h("div", { class: "pills" }, yes, no));
    this.ending.hidden = false;
    no.focus();
  }

  private async end(): Promise<void> {
    this.composer.restore("");
    this.composer.input.focus();
    const told = h("p", { role: "status" });
    this.ending.replaceChildren(told);
    const was = await this.conversation.end();
    told.textContent = was === null ? texts.endedAlone : was === "bot" ? texts.ended : texts.endedPerson;
  }

  private say(text: string): void {
    if (this.line.textContent === text) return;
    this.line.textContent = text;
    this.line.hidden = text === "";
  }

  private async returnToBot(): Promise<void> {
    this.back.disabled = true;
    this.composer.input.focus();
    try {
      await this.conversation.returnToBot();
    } catch {
      this.say(texts.backFailed);
    } finally {
      this.back.disabled = false;
    }
  }
}

/** Who is at the other end, and what comes next; whoever is answered by e-mail has no place in the queue. */
function statusOf(
  owner: Snapshot["state"]["owner"],
  agent: string | null,
  position: number | null,
  wait: Wait | null,
  answerTo: string | null,
): string {
  if (owner === "human") return texts.human(agent);
  if (answerTo === null) return owner === "bot" ? texts.assistant : texts.queue(position, wait);
  return owner === "bot" ? `${texts.assistant}\n${texts.answerTo(answerTo)}` : texts.answerTo(answerTo);
}
