/** What somebody chose for this browser; nothing of a customer's. */

const DEFAULTS = { sound: false, notice: false, questionMark: true };
type Name = keyof typeof DEFAULTS;

export const preferences = {
  get(name: Name): boolean {
    try {
      const kept = localStorage.getItem(`warmline-desk/${name}`);
      return kept === null ? DEFAULTS[name] : kept === "yes";
    } catch {
      return DEFAULTS[name];
    }
  },
  set(name: Name, value: boolean): void {
    try {
      localStorage.setItem(`warmline-desk/${name}`, value ? "yes" : "no");
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  },
};
