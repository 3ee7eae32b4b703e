/** What somebody chose for this browser; nothing of a customer's. */

const DEFAULTS = {
  sound: false,
  notice: false,
  questionMark: true,
  understood: false,
  "open-mine": true,
  "open-waiting": true,
  "open-team": true,
  "open-all": false,
};
export type Name = keyof typeof DEFAULTS;

export const preferences = {
  get(name: Name, otherwise = DEFAULTS[name]): boolean {
    try {
      const kept = localStorage.getItem(`warmline-desk/${name}`);
      return kept === null ? otherwise : kept === "yes";
    } catch {
      return otherwise;
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
