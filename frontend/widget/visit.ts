/** What outlives a reload of this tab and nothing more: whether the chat is open, and words that were not sent. */

function kept(key: string): { get(): string; set(value: string): void } {
  let memory = "";
  return {
    get(): string {
      try {
        return sessionStorage.getItem(key) ?? memory;
      } catch {
        return memory;
      }
    },
    set(value: string): void {
      memory = value;
      try {
        if (value === "") sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
      } catch {
        // Forbidden storage: the next page starts with a closed chat and an empty field.
      }
    },
  };
}

/** "yes" while the chat is open. */
export const openState = kept("warmline:open");
export const draft = kept("warmline:draft");
