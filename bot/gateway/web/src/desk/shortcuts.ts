/** Alt and one key, wherever the focus is: letters alone would get in the way of writing. */

import { dialogOpen } from "./dialogs";

export interface Shortcuts {
  step(by: 1 | -1): void;
  oldest(): void;
  claim(): void;
  write(): void;
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
    KeyC: acts.claim,
    KeyM: acts.write,
    KeyB: acts.returnToBot,
    KeyR: acts.resolve,
    KeyK: acts.help,
  };
  const listen = (event: KeyboardEvent): void => {
    const act = keys[event.code];
    if (!act || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || dialogOpen()) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
