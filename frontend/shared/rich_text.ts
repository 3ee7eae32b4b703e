/** An answer's Markdown as elements. Built node by node from what was read: no HTML is ever parsed. */

import { h, outerLink, words } from "./dom";
import { type Block, type Cell, type Inline, readMarkdown } from "./markdown";

const LONGEST = 20_000; // characters; longer than any answer, so that nothing can keep the page busy

/** What a message shows: with its structure when it is Markdown, else as the words it is. */
export function richText(text: string, format: string | null | undefined): Node[] {
  if (format !== "markdown" || text.length > LONGEST) return words(text);
  return readMarkdown(text).map(blockElement);
}

function blockElement(block: Block): HTMLElement {
  switch (block.kind) {
    case "paragraph":
      return h("p", {}, ...inline(block.words));
    case "heading":
      return h("h3", {}, ...inline(block.words));
    case "quote":
      return h("blockquote", {}, ...block.blocks.map(blockElement));
    case "list": {
      const items = block.items.map((item) => h("li", {}, ...inline(item.words), ...item.below.map(blockElement)));
      if (block.start === null) return h("ul", {}, ...items);
      return h("ol", { start: block.start === 1 ? null : block.start }, ...items);
    }
    case "table": {
      const row = (tag: "th" | "td", cells: readonly Cell[]): HTMLElement =>
        h(
          "tr",
          {},
          ...cells.map((cell) => h(tag, { class: cell.align, scope: tag === "th" && "col" }, ...inline(cell.words))),
        );
      const table = h(
        "table",
        {},
        h("thead", {}, row("th", block.head)),
        h("tbody", {}, ...block.rows.map((cells) => row("td", cells))),
      );
      // A wide table scrolls by itself, with the keyboard too.
      return h("div", { class: "table", tabindex: 0 }, table);
    }
  }
}

function inline(parts: readonly Inline[]): Node[] {
  return parts.flatMap((part): Node[] => {
    if (part.kind === "text") return words(part.text);
    // A link in a link is none: what stands in its words stays text.
    if (part.kind === "link") return [outerLink(part.href, plain(part.inside))];
    return [h(part.kind === "bold" ? "strong" : "em", {}, ...inline(part.inside))];
  });
}

function plain(parts: readonly Inline[]): string {
  return parts.map((part) => (part.kind === "text" ? part.text : plain(part.inside))).join("");
}
