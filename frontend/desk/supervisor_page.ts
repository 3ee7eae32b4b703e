/** The supervisor's page: who waits, who works, whether people are answered in time, whether promises were kept. */

import { age } from "../shared/clock";
import { h } from "../shared/dom";
import type { DeskApi } from "./api";
import { nameOf, percent, readable } from "./names";
import { button, figure, LoadingPage, table } from "./page";
import type { Colleague, Supervision, Ticket } from "./protocol";

const EVERY = 10_000; // ms; ages are shown in minutes

export class SupervisorPage extends LoadingPage {
  readonly title = "Right now";
  private timer = 0;

  constructor(
    private readonly api: DeskApi,
    onRefused: (error: unknown) => boolean,
    private readonly onOpen: (ticketId: string) => void,
  ) {
    super(onRefused);
  }

  override open(): void {
    super.open();
    this.timer = window.setInterval(() => {
      if (!document.hidden) void this.attempt(() => this.load());
    }, EVERY);
  }

  override close(): void {
    window.clearInterval(this.timer);
  }

  protected async load(): Promise<void> {
    const now = await this.api.supervision();
    const focused = document.activeElement;
    // Who reads or tabs through the tables is not disturbed.
    if (focused instanceof HTMLElement && this.body.contains(focused)) return;
    this.body.replaceChildren(
      this.figures(now),
      this.waiting(now),
      agents(now),
      reasons(now),
      promises(now),
      losses(now),
    );
  }

  private figures({ waiting, waiting_count, agents: team, levels }: Supervision): HTMLElement {
    const online = team.filter(({ presence }) => presence === "online");
    const room = online.reduce((sum, { capacity, conversations }) => sum + Math.max(0, capacity - conversations), 0);
    const waits = waiting.map(({ waiting_seconds }) => waiting_seconds ?? 0);
    const longest = waits.length === 0 ? null : Math.max(...waits);
    return h(
      "div",
      { class: "figures" },
      figure(String(waiting_count), "wait", longest === null ? "nobody just now" : `longest ${age(longest)}`),
      figure(String(online.length), "online", `room for ${room} more`),
      figure(
        levels.in_time === null ? "–" : percent(levels.in_time),
        `answered within ${levels.target_seconds / 60} min`,
        `${levels.answered} in seven days`,
      ),
      figure(spell(levels.p50_seconds), "half waited less", `nine of ten: ${spell(levels.p90_seconds)}`),
      figure(String(levels.abandoned), "left the queue", `of ${levels.tickets} in seven days`),
    );
  }

  private waiting({ waiting, waiting_count }: Supervision): HTMLElement {
    const rows = waiting.map((ticket: Ticket) => [
      ticket.place ? `${ticket.place}.` : "later",
      button(nameOf(ticket), "link", () => this.onOpen(ticket.id)),
      ticket.reason.text,
      ticket.priority,
      `${ticket.skill}, ${ticket.language}`,
      age(ticket.waiting_seconds ?? 0),
    ]);
    const heads = ["Place", "Customer", "Why", "Priority", "Skill, language", "Waits"];
    const shown = table("Who waits", heads, rows, "Nobody is waiting.");
    if (waiting_count > waiting.length) {
      shown.append(
        h("p", { class: "small" }, `The first ${waiting.length} of ${waiting_count}; the lists have all of them.`),
      );
    }
    return shown;
  }
}

function agents({ agents: team }: Supervision): HTMLElement {
  const rows = team.map(({ name, presence, conversations, capacity, skills, languages }: Colleague) => [
    name,
    h("span", { class: `tag ${presence === "online" ? "good" : ""}` }, presence),
    `${conversations} of ${capacity}`,
    skills.length > 0 ? skills.join(", ") : "general",
    languages.join(", "),
  ]);
  return table(
    "Who works",
    ["Name", "Presence", "Conversations", "Skills", "Languages"],
    rows,
    "Nobody is answering yet.",
  );
}

function reasons({ reasons: counted }: Supervision): HTMLElement {
  const most = Math.max(1, ...counted.map(({ count }) => count));
  const rows = counted.map(({ code, count }) => [
    readable(code),
    String(count),
    h("meter", { min: 0, max: most, value: count, "aria-label": `${readable(code)}: ${count}` }),
  ]);
  return table(
    "Why people came, seven days",
    ["Reason", "Times", "(Compared)"],
    rows,
    "Nobody has been handed over yet.",
  );
}

function promises({ promises: kept }: Supervision): HTMLElement {
  const rows =
    kept.count === 0
      ? []
      : [
          [
            "Half wait less (P50)",
            spell(kept.p50_promised_seconds),
            spell(kept.real_p50_seconds),
            share(kept.p50_covered),
          ],
          [
            "Nine of ten (P90)",
            spell(kept.p90_promised_seconds),
            spell(kept.real_p90_seconds),
            share(kept.p90_covered),
          ],
        ];
  return table(
    `Waiting times, promised and actual${kept.count > 0 ? `, ${kept.count} customers` : ""}`,
    ["(Share)", "Promised, mean", "Real", "Kept"],
    rows,
    "No waiting time has been promised yet: it takes some history first.",
  );
}

/** What a forecast is worth: how far off it was, beside the simplest one that there is. */
function losses({ promises: kept }: Supervision): HTMLElement {
  const [ours, mean] = [kept.pinball_seconds, kept.moving_mean_pinball_seconds];
  const rows =
    ours === null || mean === null
      ? []
      : [
          ["Our forecast", spell(ours), mean > 0 ? percent(ours / mean) : "–"],
          ["Mean of the last 50 waits", spell(mean), "100 %"],
        ];
  return table(
    `How far off the waiting times were${kept.compared > 0 ? `, ${kept.compared} customers` : ""}`,
    ["(Forecast)", "Pinball loss, mean", "Share"],
    rows,
    "No promised wait has ended yet that could be compared.",
  );
}

function share(value: number | null): string {
  return value === null ? "–" : percent(value);
}

function spell(seconds: number | null): string {
  if (seconds === null) return "–";
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 6) / 10} min`;
}
