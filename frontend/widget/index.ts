/**
 * The widget, for any page: `<script src="https://…/widget.js" data-title="Help" defer></script>`.
 * It talks to the gateway that it was loaded from. The page around it may be anything: its styles, scripts and shortcuts
 * and the widget leave each other alone.
 */

import { h, icon } from "../shared/dom";
import { Conversation } from "./conversation";
import { Host } from "./host";
import { icons } from "./icons";
import { keepTyping } from "./keys";
import { Panel } from "./panel";
import { Behind, FULL_SCREEN, leaveRoomForKeyboard } from "./screen";
import { mayStandHere, sayWhyNot } from "./standing";
import { BrowserStorage } from "./storage";
import { ownTag, type Tag } from "./tag";
import { localeOf, speak, texts, wordingFor } from "./texts";
import { openState } from "./visit";
import css from "./widget.shadow.css";

/** Where a page keeps its one widget, so that a second tag does not make a second one. */
const RUNNING = Symbol.for("warmline.widget");

function begin(tag: Tag): void {
  const page = window as unknown as { [RUNNING]?: Host };
  const running = page[RUNNING];
  if (running) {
    running.look();
    return;
  }
  const locale = localeOf(tag.language ?? (document.documentElement.lang || navigator.language));
  let pageChanged = (): void => undefined;
  const host = new Host(css, () => pageChanged());
  Object.defineProperty(page, RUNNING, { value: host });
  // At once, before the scripts that come after ours.
  keepTyping(host.element);
  void Promise.all([mayStandHere(tag.base), wordingFor(tag.base, locale)]).then(async ([standing, wording]) => {
    if (!standing.allowed) {
      sayWhyNot(tag.base, standing);
      return;
    }
    host.speak(speak(wording));
    await bodyIsThere();
    pageChanged = start(tag, host, locale);
  });
}

function bodyIsThere(): Promise<void> {
  if (document.body) return Promise.resolve();
  return new Promise((resolve) => addEventListener("DOMContentLoaded", () => resolve(), { once: true }));
}

/** Gives what has to be done when the page was exchanged. */
function start(tag: Tag, host: Host, locale: string): () => void {
  const conversation = new Conversation(tag.base, locale, new BrowserStorage("warmline"), () => draw());
  const panel = new Panel(tag.title ?? texts.launcherShort, tag.base, conversation, () => show(false));
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
  host.root.append(panel.element, launcher);
  host.attach();

  const behind = new Behind(host.element);
  const fullScreen = matchMedia(FULL_SCREEN);
  const cover = (): void => {
    const modal = !panel.element.hidden && fullScreen.matches && host.element.isConnected;
    behind.rest(modal);
    panel.element.setAttribute("aria-modal", String(modal));
  };
  fullScreen.addEventListener("change", cover);
  leaveRoomForKeyboard(panel.element);

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
    openState.set(open ? "yes" : "");
    cover();
    if (open) {
      conversation.connect();
      panel.draw(conversation.snapshot());
      panel.log.toNewest();
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
  show(openState.get() === "yes", false);
  const token = linkToken();
  if (token) {
    const moved = conversation.continueFrom(token);
    show(true, false);
    moved.catch(() => {
      panel.linkFailed();
      conversation.connect();
    });
  }
  return cover;
}

/** The token of a link from another channel, taken out of the address: it is good once, and nobody else's business. */
function linkToken(): string | null {
  const token = /^#warmline=([\w-]{43})$/.exec(location.hash)?.[1] ?? null;
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

const tag = ownTag();
if (tag) begin(tag);
else console.error("Warmline: load widget.js from the gateway with a <script> of its own; a copy cannot find it.");
