/** Small screens: the chat takes all of them, so the page behind it rests, and it makes room for the keyboard. */

/** The same as in widget.shadow.css: small or strongly zoomed. */
export const FULL_SCREEN = "(max-width: 479px), (max-height: 519px)";

const NEVER_FOCUSED = new Set(["HEAD", "SCRIPT", "STYLE"]);
const ZOOMED = 1.01; // a browser's own rounding is below that

/** While the chat covers the page, nothing of the page can be reached; the page's own `inert` is left alone. */
export class Behind {
  private readonly resting = new Set<HTMLElement>();

  constructor(private readonly host: Element) {}

  rest(covered: boolean): void {
    const page = covered ? [...document.documentElement.children] : [];
    for (const element of this.resting) {
      if (page.includes(element)) continue;
      element.inert = false;
      this.resting.delete(element);
    }
    for (const element of page) {
      if (!(element instanceof HTMLElement) || element === this.host || NEVER_FOCUSED.has(element.tagName)) continue;
      if (element.inert) continue;
      element.inert = true;
      this.resting.add(element);
    }
  }
}

/** Tells the style sheet what a keyboard on the screen leaves free; layouts alone do not shrink for it. */
export function leaveRoomForKeyboard(panel: HTMLElement): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const follow = (): void => {
    const covered = Math.round(innerHeight - seen.height - seen.offsetTop);
    // Zoomed in with two fingers it is smaller too, but then the visitor moves it about.
    const keyboard = seen.scale < ZOOMED && (covered > 0 || seen.offsetTop > 0);
    const set = (name: string, pixels: number): void => {
      if (keyboard) panel.style.setProperty(name, `${pixels}px`);
      else panel.style.removeProperty(name);
    };
    set("--wl-top", seen.offsetTop);
    set("--wl-height", seen.height);
    set("--wl-covered", covered);
  };
  seen.addEventListener("resize", follow);
  seen.addEventListener("scroll", follow);
  follow();
}
