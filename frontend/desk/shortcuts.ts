/**
 * Alt and one key, wherever nobody writes: in a field each key belongs to who types, and with Alt many keyboards write
 * letters (Option on a Mac, AltGr elsewhere). Escape leaves the field. Only "?" stands alone.
 */

import { dialogOpen } from "./ask";
import { preferences } from "./preferences";

export interface Shortcuts {
  /** The field was left: reading goes on. */
  leave(): void;
  step(by: 1 | -1): void;
  oldest(): void;
  next(): void;
  claim(): void;
  write(): void;
  toggle(): void;
  ask(): void;
  search(): void;
  use(number: number): void;
  transfer(): void;
  snooze(): void;
  returnToBot(): void;
  resolve(): void;
  help(): void;
}

/** Gives the function that stops listening. */
export function listenForShortcuts(acts: Shortcuts): () => void {
  // Physical keys: with Alt, many keyboards write other characters than those printed on the key.
  const keys: Record<string, () => void> = {
    ArrowDown: () => acts.step(1),
    ArrowUp: () => acts.step(-1),
    KeyN: acts.oldest,
    KeyX: acts.next,
    KeyC: acts.claim,
    KeyM: acts.write,
    KeyJ: acts.toggle,
    KeyO: acts.ask,
    KeyF: acts.search,
    KeyT: acts.transfer,
    KeyS: acts.snooze,
    Digit1: () => acts.use(1),
    Digit2: () => acts.use(2),
    Digit3: () => acts.use(3),
    KeyB: acts.returnToBot,
    KeyR: acts.resolve,
    KeyK: acts.help,
  };
  const listen = (event: KeyboardEvent): void => {
    if (event.key === "?" && preferences.get("questionMark") && !dialogOpen() && !writing(event.target)) {
      event.preventDefault();
      acts.help();
      return;
    }
    if (event.key === "Escape" && !event.defaultPrevented && !dialogOpen() && leavable(event.target)) {
      event.target.blur();
      acts.leave();
      return;
    }
    const act = keys[event.code];
    if (!act || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || dialogOpen()) return;
    if (event.isComposing || event.getModifierState("AltGraph") || writing(event.target)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

/** A search that holds words is emptied by the first Escape. */
function leavable(target: EventTarget | null): target is HTMLElement {
  return writing(target) && !(target instanceof HTMLInputElement && target.type === "search" && target.value !== "");
}

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
