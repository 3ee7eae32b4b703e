/** Alt and one key, wherever the focus is: letters alone would get in the way of writing. Only "?" stands alone. */

import { dialogOpen } from "./ask";
import { preferences } from "./preferences";

export interface Shortcuts {
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
    const act = keys[event.code];
    if (!act || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || dialogOpen()) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
