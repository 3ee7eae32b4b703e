/** A page beside the conversations: it loads when it is opened, and says what went wrong in its own place. */

import { h } from "../shared/dom";

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
  private readonly problem = h("p", { class: "problem", role: "alert", hidden: true });
  private shown = false;

  constructor(
    /** A session that is over is not the page's business. */
    private readonly onRefused: (error: unknown) => boolean,
  ) {}

  open(): void {
    if (!this.shown) {
      this.shown = true;
      this.element.append(h("h2", { class: "page-title" }, this.title), this.problem, this.body);
      this.body.append(h("p", { class: "small" }, "Loading…"));
    }
    void this.attempt(() => this.load());
  }

  close(): void {}

  protected abstract load(): Promise<void>;

  protected async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.problem.hidden = true;
      return true;
    } catch (error) {
      if (!this.onRefused(error)) {
        this.problem.textContent = error instanceof Error ? error.message : String(error);
        this.problem.hidden = false;
      }
      return false;
    }
  }
}

type Cell = Node | string | null | false;

/** A table that scrolls in itself, with what to say when it is empty. */
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
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell))))),
    ),
  );
  return h("section", {}, h("h3", {}, caption), scroll);
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
