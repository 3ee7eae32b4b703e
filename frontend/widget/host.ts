/**
 * The widget's place on the page: one element under <html>, out of reach of the page's rules, that comes back when the
 * page throws it away. What is in its shadow root inherits nothing from outside but the `root` element's own settings.
 */

import { h } from "../shared/dom";

// A page that takes it away each time it comes back wants it gone.
const MOST_RETURNS = 50;

export class Host {
  readonly element = document.createElement("warmline-chat");
  readonly root: HTMLElement;
  private wanted = false;
  private returns = 0;
  private readonly observer = new MutationObserver(() => this.look());

  constructor(
    css: string,
    private readonly onPageChange: () => void,
  ) {
    this.element.id = "warmline";
    // Pages with shortcuts leave alone what is being written in. Theirs that were there before us hear keys (keys.ts).
    Object.defineProperty(this.element, "isContentEditable", { value: true });
    const shadow = this.element.attachShadow({ mode: "open" });
    // A constructed style sheet passes a page's strict content security policy, a <style> element would not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    this.root = h("div", { class: "root" });
    shadow.appendChild(this.root);
  }

  /** Which language its words are in. */
  speak({ lang, dir }: { readonly lang: string; readonly dir: string }): void {
    this.root.lang = lang;
    this.root.dir = dir;
  }

  attach(): void {
    this.wanted = true;
    this.look();
  }

  /** See to it that it is there, once it was attached. */
  look(): void {
    const page = document.documentElement;
    if (!this.wanted || !page) return;
    // The page may have exchanged even <html>. Only who comes and goes right below is watched: pages change deeper all
    // the time.
    this.observer.disconnect();
    this.observer.observe(document, { childList: true });
    this.observer.observe(page, { childList: true });
    if (this.element.parentNode !== page && this.returns <= MOST_RETURNS) {
      this.returns++;
      page.appendChild(this.element);
      this.raise();
    }
    this.onPageChange();
  }

  /** Above everything, also where <html> itself is moved, turned or filtered; older browsers go by the z-index. */
  private raise(): void {
    if (typeof this.element.showPopover !== "function") return;
    try {
      this.element.popover = "manual";
      this.element.showPopover();
    } catch {
      this.element.removeAttribute("popover");
    }
  }
}
