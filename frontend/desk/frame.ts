/** The bar at the top: where one is, whether the line is up, who one is, and the way to the other pages. */

import { h } from "../shared/dom";
import type { Line } from "../shared/event_stream";
import { PRESENCES, type Presence, type Session } from "./protocol";

export interface BarActs {
  go(name: string): void;
  presence(presence: Presence): void;
  alerts(): void;
  shortcuts(): void;
  password(): void;
  signOut(): void;
}

const LINES: Record<Line, string> = {
  connecting: "Connecting…",
  live: "Live",
  lost: "No connection. Trying again…",
};

export class Bar {
  readonly element: HTMLElement;
  private readonly line = h("p", { class: "line", role: "status" }, LINES.connecting);
  private readonly links = new Map<string, HTMLButtonElement>();
  private readonly presence: HTMLSelectElement;
  private readonly menu: HTMLButtonElement;
  private readonly alerts: HTMLButtonElement;

  constructor(session: Session, pages: readonly (readonly [string, string])[], acts: BarActs) {
    const tabs = pages.map(([name, title]) => {
      const go = (): void => {
        this.unfold(false);
        acts.go(name);
      };
      const link = h("button", { type: "button", class: "quiet tab", on: { click: go } }, title);
      this.links.set(name, link);
      return link;
    });
    this.presence = h("select", { class: "presence", "aria-label": "Your presence" });
    this.presence.append(...PRESENCES.map((one) => h("option", { value: one }, one)));
    this.presence.addEventListener("change", () => acts.presence(this.presence.value as Presence));
    const quiet = (text: string, act: () => void): HTMLButtonElement =>
      h("button", { type: "button", class: "quiet", on: { click: act } }, text);
    this.alerts = quiet("Alerts", acts.alerts);
    this.alert = false;
    // On a telephone the rest of the bar is folded behind this.
    const unfold = (): void => this.unfold(this.menu.getAttribute("aria-expanded") !== "true");
    const folded = { "aria-expanded": "false", "aria-controls": "bar-more" };
    this.menu = h("button", { type: "button", class: "quiet menu", ...folded, on: { click: unfold } }, "Menu");
    this.element = h(
      "header",
      { class: "bar" },
      h("h1", { class: "product" }, "Warmline desk"),
      this.line,
      session.may.includes("answer") && this.presence,
      this.menu,
      h(
        "div",
        { class: "bar-more", id: "bar-more" },
        h("nav", { class: "tabs", "aria-label": "Pages" }, ...(pages.length > 1 ? tabs : [])),
        this.alerts,
        quiet("Shortcuts", acts.shortcuts),
        h("button", { type: "button", class: "quiet me", on: { click: acts.password } }, session.agent.name),
        quiet("Sign out", acts.signOut),
      ),
    );
    this.element.querySelector(".me")?.setAttribute("aria-label", `${session.agent.name}: change your password`);
  }

  private unfold(open: boolean): void {
    this.menu.setAttribute("aria-expanded", String(open));
    this.element.classList.toggle("is-open", open);
  }

  /** Whether anything is heard or seen when a customer comes. */
  set alert(on: boolean) {
    this.alerts.textContent = on ? "Alerts on" : "Alerts off";
  }

  set where(name: string) {
    for (const [one, link] of this.links) {
      if (one === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  set connection(line: Line) {
    this.line.textContent = LINES[line];
    this.line.dataset.line = line;
  }

  set chosen(presence: Presence) {
    this.presence.value = presence;
    this.presence.dataset.presence = presence;
  }
}
