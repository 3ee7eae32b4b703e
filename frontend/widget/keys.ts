/**
 * What is typed into the widget stays there: the page hears no key, no letter and nothing that is pasted.
 *
 * A listener of the page that catches events on their way down (`capture`) would come before ours, so ours stands at the
 * window itself, where the way begins; the widget gets a copy that never leaves its shadow root. Only a page that
 * listens there too, and began before our script ran, still hears keys, from an element that says it is being written in.
 */

// With `textInput`, which Chromium sends beside `beforeinput`.
const SAY_WHAT_IS_TYPED = [
  "keydown",
  "keypress",
  "keyup",
  "beforeinput",
  "input",
  "textInput",
  "compositionstart",
  "compositionupdate",
  "compositionend",
  "copy",
  "cut",
  "paste",
];
// The page's own dialogs close and keep the focus with them.
const THE_PAGES_TOO = ["Escape", "Tab"];
const COMPOSING = 229; // keyCode of every key that belongs to an input method

export function keepTyping(host: Element): void {
  for (const type of SAY_WHAT_IS_TYPED) {
    addEventListener(type, (event) => hold(host, event), { capture: true });
  }
}

function hold(host: Element, event: Event): void {
  // From outside a shadow root, everything in it is its host.
  if (event.target !== host) return;
  // By what they carry and not by their class, which pages replace.
  if (THE_PAGES_TOO.includes((event as KeyboardEvent).key)) return;
  event.stopImmediatePropagation();
  const within = event.composedPath()[0];
  const copy = copyOf(event);
  if (!copy || !within) return;
  within.dispatchEvent(copy);
  if (copy.defaultPrevented) event.preventDefault();
}

/** What our own listeners want to hear, and only inside. */
function copyOf(event: Event): Event | null {
  const inside = { bubbles: true, cancelable: event.cancelable, composed: false };
  if (event.type === "input") return new Event("input", inside);
  if (event.type !== "keydown") return null;
  const { key, code, keyCode, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat } = event as KeyboardEvent;
  if (keyCode === COMPOSING) return null;
  return new KeyboardEvent("keydown", {
    ...inside,
    key,
    code,
    shiftKey,
    ctrlKey,
    altKey,
    metaKey,
    isComposing,
    repeat,
  });
}
