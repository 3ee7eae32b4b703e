/** The list without an end: asked for when somebody unfolds it, the newest first, a page at a time or one day of it. */

import { ApiError } from "../shared/api";
import { h } from "../shared/dom";
import type { DeskApi, Within } from "./api";
import type { Ticket } from "./protocol";

export class Archive {
  readonly element: HTMLElement;
  private readonly day = h("input", { type: "date", id: "archive-day" });
  private readonly older: HTMLButtonElement;
  private readonly state = h("p", { class: "small", role: "status" });
  /** Where the next page begins; undefined before the first. */
  private cursor: string | null | undefined = undefined;
  private reach: string | null = null;
  private asked = 0;

  constructor(
    private readonly api: Pick<DeskApi, "tickets">,
    /** Takes a page in while it is on its way. */
    private readonly take: (ask: () => Promise<readonly Ticket[]>) => Promise<void>,
    private readonly onRefused: (error: unknown) => boolean,
  ) {
    this.day.addEventListener("change", () => void this.begin());
    this.older = h("button", { type: "button", class: "link", on: { click: () => void this.more() } }, "Show older");
    this.older.hidden = true;
    this.element = h(
      "div",
      { class: "archive" },
      h("label", { for: "archive-day" }, "Of the day"),
      this.day,
      this.state,
    );
  }

  /** What stands below the rows. */
  get foot(): HTMLElement {
    return this.older;
  }

  /** The first page, where it is not here yet. */
  open(): void {
    if (this.cursor === undefined) void this.begin();
  }

  /** Whether a ticket belongs to what is shown: of the day, or as far back as it was read. */
  shows({ created_at }: Ticket): boolean {
    const within = this.within();
    const at = Date.parse(created_at);
    if (within !== null) return Date.parse(within.since) <= at && at < Date.parse(within.until);
    return this.reach === null || at >= Date.parse(this.reach);
  }

  private async begin(): Promise<void> {
    this.cursor = undefined;
    this.reach = null;
    await this.more();
  }

  private async more(): Promise<void> {
    const asked = ++this.asked;
    this.state.textContent = "Loading…";
    try {
      await this.take(async () => {
        const page = await this.api.tickets("all", this.cursor ?? null, this.within());
        if (asked !== this.asked) return [];
        this.cursor = page.next;
        this.reach = page.next === null ? null : (page.tickets[0]?.created_at ?? null);
        return page.tickets;
      });
      if (asked === this.asked) this.state.textContent = "";
    } catch (error) {
      if (asked !== this.asked || this.onRefused(error)) return;
      this.state.textContent = error instanceof ApiError ? error.message : "The server cannot be reached.";
    }
    this.older.hidden = this.cursor === null || this.cursor === undefined;
  }

  private within(): Within | null {
    return dayOf(this.day.value);
  }
}

/** The agent's own day, from midnight to midnight; a day with a change of the clock has 23 or 25 hours. */
export function dayOf(day: string): Within | null {
  const found = /^(\d{4,6})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return null;
  const [year, month, date] = found.slice(1).map(Number) as [number, number, number];
  const midnight = (plus: number): string => new Date(year, month - 1, date + plus).toISOString();
  return { since: midnight(0), until: midnight(1) };
}
