/**
 * The widget, for any page: `<script src="https://…/widget.js" data-title="Help" defer></script>`.
 * It talks to the gateway that it was loaded from and lives in a shadow root, so that the page's styles and its own
 * leave each other alone.
 */

import { h, icon } from "../shared/dom";
import { Conversation } from "./conversation";
import { icons } from "./icons";
import { Panel } from "./panel";
import { BrowserStorage } from "./storage";
import { texts } from "./texts";
import css from "./widget.shadow.css";

const OPEN_KEY = "warmline:open";

function start(script: HTMLScriptElement): void {
  const base = new URL(script.src).origin;
  const host = h("div", { id: "warmline" });
  const root = host.attachShadow({ mode: "open" });
  // A constructed style sheet passes a page's strict content security policy, a <style> element would not.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const storage = new BrowserStorage("warmline");
  const conversation = new Conversation(base, storage, () => draw());
  const panel = new Panel(script.dataset.title ?? texts.launcherShort, base, conversation, () => show(false));
  const badge = h("span", { class: "badge", hidden: true });
  const launcher = h(
    "button",
    {
      type: "button",
      class: "launcher",
      "aria-label": texts.launcher,
      "aria-controls": "panel",
      "aria-expanded": "false",
      on: { click: () => show(true) },
    },
    icon(icons.chat),
    h("span", { class: "launcher-text" }, texts.launcherShort),
    badge,
  );
  root.append(panel.element, launcher);
  document.body.append(host);

  let scheduled = false;
  /** At most once a frame: a long history arrives as hundreds of events. */
  function draw(): void {
    if (scheduled) return;
    scheduled = true;
    // Not requestAnimationFrame: it sleeps in hidden tabs, and the badge should be right when the visitor returns.
    setTimeout(() => {
      scheduled = false;
      if (!panel.element.hidden && !document.hidden) conversation.markRead();
      const snapshot = conversation.snapshot();
      const unread = snapshot.settled && panel.element.hidden ? snapshot.unread : 0;
      badge.hidden = unread === 0;
      badge.textContent = unread > 9 ? "9+" : String(unread);
      launcher.setAttribute("aria-label", unread > 0 ? `${texts.launcher}, ${texts.unread(unread)}` : texts.launcher);
      panel.draw(snapshot);
      listenIfWorthwhile();
    }, 16);
  }

  function show(open: boolean, focus = true): void {
    panel.element.hidden = !open;
    launcher.hidden = open;
    launcher.setAttribute("aria-expanded", String(open));
    remember(open);
    if (open) {
      conversation.connect();
      panel.draw(conversation.snapshot());
      panel.log.toEnd();
      // On a touch screen the focus would push up a keyboard that hides what there is to read.
      if (focus && matchMedia("(pointer: fine)").matches) panel.composer.input.focus();
      else if (focus) panel.log.element.focus();
    } else if (focus) launcher.focus();
    draw();
  }

  /** A hidden tab that waits for nobody gives its connection back: browsers allow six to a server. */
  function listenIfWorthwhile(): void {
    if (!conversation.exists && panel.element.hidden) return;
    const waiting = conversation.snapshot().state.owner !== "bot";
    if (document.hidden && !waiting) conversation.disconnect();
    else conversation.connect();
  }

  document.addEventListener("visibilitychange", draw);
  show(remembered(), false);
  const token = linkToken();
  if (token) {
    const moved = conversation.continueFrom(token);
    show(true, false);
    moved.catch(() => {
      panel.linkFailed();
      conversation.connect();
    });
  }
}

/** The token of a link from another channel, taken out of the address: it is good once, and nobody else's business. */
function linkToken(): string | null {
  const token = /^#warmline=([\w-]{43})$/.exec(location.hash)?.[1] ?? null;
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

function remembered(): boolean {
  try {
    return sessionStorage.getItem(OPEN_KEY) === "yes";
  } catch {
    return false;
  }
}

function remember(open: boolean): void {
  try {
    sessionStorage.setItem(OPEN_KEY, open ? "yes" : "no");
  } catch {
    // Forbidden storage: the next page starts with a closed chat.
  }
}

// Only while the script itself runs does the browser say which element it came from.
const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else addEventListener("DOMContentLoaded", () => start(script));
}
