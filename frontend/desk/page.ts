/** A page beside the conversations: it loads when it is opened, and says what went wrong in its own place. */

import { h } from "../shared/dom";
import { ProblemBar } from "./problem_bar";

export interface Page {
  readonly title: string;
  readonly element: HTMLElement;
  /** It is looked at now. */
  open(): void;
  /** Nobody looks any more. */
  close(): void;
}

export abstract class LoadingPage implements Page {
  abstract readonly title: string;
  readonly element = h("main", { class: "page", tabindex: -1 });
  protected readonly body = h("div", { class: "page-body" });
  private readonly problem = new ProblemBar();
  private shown = false;

  constructor(
    /** A session that is over is not the page's business. */
    private readonly onRefused: (error: unknown) => boolean,
  ) {}

  open(): void {
    if (!this.shown) {
      this.shown = true;
      this.element.append(h("h2", { class: "page-title" }, this.title), this.problem.element, this.body);
      this.body.append(h("p", { class: "small" }, "Loading…"));
    }
    void this.attempt(() => this.load());
  }

  close(): void {}

  protected abstract load(): Promise<void>;

  protected async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.problem.say("");
      return true;
    } catch (error) {
      if (!this.onRefused(error)) this.problem.say(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}

type Cell = Node | string | null | false;

/** A table that scrolls in itself, with what to say when it is empty; a head in brackets is read aloud, not seen. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  empty: string,
): HTMLElement {
  if (rows.length === 0) return h("section", {}, h("h3", {}, caption), h("p", { class: "small" }, empty));
  const scroll = h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...heads.map(headCell))),
      h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell))))),
    ),
  );
  return h("section", {}, h("h3", {}, caption), scroll);
}

function headCell(head: string): HTMLElement {
  const unseen = /^\((.*)\)$/.exec(head);
  return h("th", { scope: "col" }, unseen ? h("span", { class: "unseen" }, unseen[1] ?? "") : head);
}

export function figure(value: string, label: string, hint = ""): HTMLElement {
  return h(
    "div",
    { class: "figure" },
    h("p", { class: "figure-value" }, value),
    h("p", { class: "figure-label" }, label),
    hint !== "" && h("p", { class: "small" }, hint),
  );
}

export function button(text: string, kind: string, act: () => void, label = ""): HTMLButtonElement {
  const made = h("button", { type: "button", class: kind, on: { click: act } }, text);
  if (label !== "") made.setAttribute("aria-label", label);
  return made;
}
