/** The open chat: who is there, the messages, and where to write. */

import { arrange, h, icon } from "../shared/dom";
import { Composer } from "./composer";
import type { Conversation, Snapshot } from "./conversation";
import { icons } from "./icons";
import { Log } from "./log";
import { texts } from "./texts";

export class Panel {
  readonly element: HTMLElement;
  readonly composer: Composer;
  readonly log: Log;
  private readonly status = h("p", { class: "status", role: "status" });
  private readonly line = h("p", { class: "line", role: "status", hidden: true });
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
      (text) => conversation.send({ text }),
      () => conversation.tellTyping(),
    );
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
    this.strip = h("div", { class: "strip" });
    this.element = h(
      "section",
      { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      h(
        "div",
        { class: "head" },
        h("span", { class: "mark" }, icon(icons.chat)),
        h("h2", { id: "title", class: "title" }, title),
        h("button", close, icon(icons.close)),
        this.strip,
      ),
      this.line,
      h("div", { class: "middle" }, this.log.element, this.log.jump),
      this.composer.element,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      onClose();
    });
  }

  draw(snapshot: Snapshot): void {
    const { owner, agent_name, position, wait } = snapshot.state;
    const status =
      owner === "bot"
        ? texts.assistant
        : owner === "queue"
          ? texts.queue(position, wait ?? null)
          : texts.human(agent_name);
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
