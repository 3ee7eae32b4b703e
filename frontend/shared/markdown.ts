/**
 * Reads the part of Markdown that answers carry: paragraphs, headings, lists, quotes, GitHub's tables, bold, emphasis
 * and links. HTML is text like any other. The time it takes grows with the length of the text alone.
 *
 * The grammar stands in docs/reference/web-api.md ("format").
 */

import { authorsHref } from "./linkify";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "emphasis"; readonly inside: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly inside: readonly Inline[] };

export interface ListItem {
  readonly words: readonly Inline[];
  readonly below: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph" | "heading"; readonly words: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: "table"; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] };

export interface Cell {
  readonly words: readonly Inline[];
  readonly align: "start" | "center" | "end";
}

const DEEPEST = 4; // lists in lists, quotes in quotes, bold in emphasis: nobody reads more on a small screen
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,12})(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/;
const RULE_CELL = /^:?-+:?$/;

export function readMarkdown(text: string, depth = 0): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n");
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", words: readInline(paragraph.join("\n")) });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as string;
    const heading = HEADING.exec(line);
    if (line.trim() === "") {
      close();
      at++;
    } else if (heading?.[1]) {
      close();
      blocks.push({ kind: "heading", words: readInline(heading[1]) });
      at++;
    } else if (depth < DEEPEST && QUOTE.test(line)) {
      close();
      const inside: string[] = [];
      for (; at < lines.length && QUOTE.test(lines[at] as string); at++) {
        inside.push((lines[at] as string).replace(QUOTE, ""));
      }
      blocks.push({ kind: "quote", blocks: readMarkdown(inside.join("\n"), depth + 1) });
    } else if (depth < DEEPEST && ITEM.test(line)) {
      close();
      const list = readList(lines, at, depth);
      blocks.push(list.block);
      at = list.next;
    } else if (rule(line, lines[at + 1]) !== null) {
      close();
      const table = readTable(lines, at);
      blocks.push(table.block);
      at = table.next;
    } else {
      paragraph.push(line.trim());
      at++;
    }
  }
  close();
  return blocks;
}

/** Items of one kind (dots or numbers) at one indentation; what is indented deeper belongs to the item above it. */
function readList(lines: readonly string[], from: number, depth: number): { block: Block; next: number } {
  const first = ITEM.exec(lines[from] as string) as RegExpExecArray;
  const indent = (first[1] as string).length;
  const numbered = first[2] !== undefined;
  const items: ListItem[] = [];
  let at = from;
  while (at < lines.length) {
    const item = ITEM.exec(lines[at] as string);
    if (!item || (item[1] as string).length !== indent || (item[2] !== undefined) !== numbered) break;
    const inside = [(lines[at] as string).slice(item[0].length)];
    const below: string[] = [];
    for (at++; at < lines.length; at++) {
      const line = lines[at] as string;
      const deeper = indentation(line) > indent;
      if (line.trim() === "") {
        // A blank line ends the item unless what follows is indented, or the list goes on.
        const next = lines[at + 1] ?? "";
        if (next.trim() === "" || (indentation(next) <= indent && !ITEM.test(next))) break;
        below.push("");
      } else if (below.some((one) => one !== "") || (deeper && ITEM.test(line))) {
        if (!deeper) break;
        below.push(line);
      } else if (ITEM.test(line) || HEADING.test(line) || QUOTE.test(line) || below.length > 0) {
        if (!deeper) break;
        below.push(line);
      } else inside.push(line.trim());
    }
    const least = Math.min(...below.filter((line) => line !== "").map(indentation), 64);
    const lower = below.map((line) => line.slice(least)).join("\n");
    items.push({
      words: readInline(inside.join("\n")),
      below: lower.trim() === "" ? [] : readMarkdown(lower, depth + 1),
    });
  }
  const start = numbered ? Number(first[2]) : null;
  let next = at;
  while (next < lines.length && (lines[next] as string).trim() === "") next++;
  return { block: { kind: "list", start, items }, next };
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

/** How a table's columns stand, when these two lines begin one: a head, and below it a rule with as many cells. */
function rule(head: string, below: string | undefined): Cell["align"][] | null {
  if (below === undefined || !head.includes("|") || !below.includes("-")) return null;
  const cells = cellsOf(below);
  if (!cells.every((cell) => RULE_CELL.test(cell)) || cells.length !== cellsOf(head).length) return null;
  return cells.map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "end") : "start"));
}

function readTable(lines: readonly string[], from: number): { block: Block; next: number } {
  const aligns = rule(lines[from] as string, lines[from + 1]) as Cell["align"][];
  const row = (line: string): Cell[] => {
    const cells = cellsOf(line);
    return aligns.map((align, at) => ({ align, words: readInline(cells[at] ?? "") }));
  };
  const rows: Cell[][] = [];
  let at = from + 2;
  for (; at < lines.length && (lines[at] as string).includes("|"); at++) rows.push(row(lines[at] as string));
  return { block: { kind: "table", head: row(lines[from] as string), rows }, next: at };
}

/** The cells of a row; the outer strokes are optional, and a stroke after a backslash belongs to its cell. */
function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "");
  const cells: string[] = [];
  let cell = "";
  for (let at = 0; at < inner.length; at++) {
    const sign = inner[at] as string;
    if (sign === "\\" && inner[at + 1] === "|") {
      cell += "|";
      at++;
    } else if (sign === "|") {
      cells.push(cell.trim());
      cell = "";
    } else cell += sign;
  }
  if (cell.trim() !== "") cells.push(cell.trim());
  return cells;
}

const ESCAPED = /[\\`*_{}[\]()#+\-.!|>~<]/;
const LINK =
  /\[([^[\]\n]{1,300})\]\([ ]?<?([^\s()<>]{0,2048}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200}){0,5})>?(?: +"[^"\n]{0,200}")?[ ]?\)/y;

export function readInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") found.push({ kind: "text", text: plain });
    plain = "";
  };
  // Where nothing closes any more, nobody looks again: the whole stays linear.
  const open = { "*": true, "**": true };
  for (let at = 0; at < text.length; ) {
    const sign = text[at] as string;
    if (sign === "\\" && ESCAPED.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    if (sign === "*" && depth < DEEPEST) {
      const mark = text[at + 1] === "*" ? "**" : "*";
      const end = open[mark] && opens(text, at, mark) ? closing(text, at, mark) : null;
      if (end === -1) open[mark] = false;
      if (end !== null && end > 0) {
        flush();
        const inside = readInline(text.slice(at + mark.length, end), depth + 1);
        found.push({ kind: mark === "*" ? "emphasis" : "bold", inside });
        at = end + mark.length;
      } else {
        plain += mark;
        at += mark.length;
      }
      continue;
    }
    if (sign === "[" && depth < DEEPEST) {
      LINK.lastIndex = at;
      const link = LINK.exec(text);
      if (link) {
        const picture = plain.endsWith("!");
        if (picture) plain = plain.slice(0, -1);
        flush();
        const inside = readInline(link[1] as string, DEEPEST);
        const href = picture ? null : authorsHref(link[2] as string);
        // Where the address leads nowhere that a customer may go, the words remain.
        if (href === null) found.push(...inside);
        else found.push({ kind: "link", href, inside });
        at = LINK.lastIndex;
        continue;
      }
    }
    plain += sign;
    at++;
  }
  flush();
  return found;
}

/** A mark opens where words follow it and no word ends at it: "2*3*4" is arithmetic. */
function opens(text: string, at: number, mark: string): boolean {
  const bolder = mark === "**" && text[at + 2] === "*" ? 1 : 0; // "***" is bold and emphasis
  const next = text[at + mark.length + bolder];
  return next !== undefined && !/[\s*]/.test(next) && !/[A-Za-z0-9]/.test(text[at - 1] ?? "");
}

/** Where the mark closes, -1 when nowhere. */
function closing(text: string, from: number, mark: "*" | "**"): number {
  for (let at = text.indexOf(mark, from + mark.length + 1); at >= 0; ) {
    let end = at;
    while (text[end] === "*") end++;
    const run = end - at;
    const fits = run === mark.length || run === 3;
    const before = text[at - 1] as string;
    if (fits && !/\s/.test(before) && before !== "\\" && !/[A-Za-z0-9]/.test(text[end] ?? "")) {
      return end - mark.length;
    }
    at = text.indexOf(mark, end);
  }
  return -1;
}
