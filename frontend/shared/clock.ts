/** Times as people read them. */

export function timeOfDay(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.valueOf()) ? "" : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function dayAndTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.valueOf())) return "";
  return date.toLocaleString([], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export interface NearDays {
  readonly today: string;
  readonly yesterday: string;
}

/** The reader's own day of a moment, as "today", "yesterday" or "Thursday 26 November"; "" for no moment. */
export function dayName(at: string, now: Date, near: NearDays, locale: string[] | string = []): string {
  const date = new Date(at);
  if (Number.isNaN(date.valueOf())) return "";
  if (sameDay(date, now)) return near.today;
  // By the calendar and not by 24 hours: a day with a change of the clock has 23 or 25.
  if (sameDay(date, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return near.yesterday;
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", ...year });
}

function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

/** "now", "4 min", "2 h 05", "3 days". */
export function age(seconds: number): string {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day" : `${days} days`;
}
