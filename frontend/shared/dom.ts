/** Builds elements. Text only ever becomes a text node: nothing here, and nothing that uses it, parses HTML. */

import { linkify } from "./linkify";

type Child = Node | string | null | false;
type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Attributes {
  readonly class?: string;
  readonly on?: Handlers;
  readonly [attribute: string]: string | number | boolean | null | undefined | Handlers;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") listen(element, value as Handlers);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return element;
}

function listen(element: HTMLElement, handlers: Handlers): void {
  for (const [name, handler] of Object.entries(handlers)) {
    element.addEventListener(name, handler as EventListener);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawn icon of 24 by 24 units from one path, hidden from screen readers. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A person's or the assistant's words, with web and e-mail addresses and telephone numbers as links. */
export function words(text: string): Node[] {
  return linkify(text).map(({ text: part, href }) =>
    href === null ? document.createTextNode(part) : outerLink(href, part),
  );
}

/** A link that leaves this page where it is; mail and telephone open a program, not an empty tab. */
export function outerLink(href: string, text: string): HTMLAnchorElement {
  return h("a", { href, target: /^https?:/.test(href) && "_blank", rel: "noopener noreferrer" }, text);
}

/** Puts exactly these nodes into the parent, in this order, moving no node that already stands right. */
export function arrange(parent: Element, nodes: readonly Node[]): void {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
