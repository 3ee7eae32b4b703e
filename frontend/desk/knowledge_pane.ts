/** Searching the articles: internal ones too, marked, and only what customers may read can be put into a reply. */

import { h, outerLink } from "../shared/dom";
import { asItReads } from "./formatted";
import type { Found } from "./protocol";
import { sourceHref } from "./source_link";

export class KnowledgePane {
  readonly element: HTMLElement;
  readonly input = h("input", { type: "search", id: "knowledge-query", maxlength: 500, autocomplete: "off" });
  private readonly state = h("p", { class: "small", role: "status" });
  private readonly results = h("ul", { class: "found" });
  private asked = 0;

  constructor(
    private readonly find: (query: string) => Promise<readonly Found[]>,
    private readonly onInsert: (text: string) => void,
  ) {
    const form = h(
      "form",
      { class: "search-form", role: "search" },
      h("label", { for: "knowledge-query" }, "Search the knowledge"),
      h("div", { class: "search-row" }, this.input, h("button", { type: "submit" }, "Search")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.search();
    });
    this.element = h("section", { class: "knowledge" }, form, this.state, this.results);
  }

  private async search(): Promise<void> {
    const query = this.input.value.trim();
    if (query === "") return;
    const asked = ++this.asked;
    this.state.textContent = "Searching…";
    try {
      const found = await this.find(query);
      if (asked !== this.asked) return;
      this.state.textContent = found.length === 0 ? "Nothing found." : `${found.length} found, the best first.`;
      this.results.replaceChildren(...found.map((one) => this.item(one)));
    } catch (error) {
      if (asked !== this.asked) return;
      this.state.textContent = error instanceof Error ? error.message : String(error);
      this.results.replaceChildren();
    }
  }

  private item(one: Found): HTMLElement {
    const label = one.heading && one.heading !== one.title ? `${one.title} – ${one.heading}` : one.title;
    const href = one.url ? sourceHref(one.url) : null;
    const insert = h(
      "button",
      { type: "button", class: "link", on: { click: () => this.onInsert(one.text) } },
      "Insert",
    );
    insert.setAttribute("aria-label", `Insert: ${label}`);
    return h(
      "li",
      { class: one.public ? "hit" : "hit internal" },
      h(
        "p",
        { class: "hit-title" },
        href ? outerLink(href, label) : label,
        !one.public && h("span", { class: "tag hot" }, "internal"),
      ),
      h("div", { class: "hit-text rich", dir: "auto" }, ...asItReads(one)),
      one.public ? insert : h("p", { class: "small" }, "Internal: do not send this to customers."),
    );
  }
}
