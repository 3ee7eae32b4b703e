/** The audit log: who read and did what, newest first. */

import { dayAndTime } from "../shared/clock";
import { h } from "../shared/dom";
import type { DeskApi } from "./api";
import { readable, valueText } from "./names";
import { button, LoadingPage, table } from "./page";
import type { AuditRecord } from "./protocol";

export class AuditPage extends LoadingPage {
  readonly title = "Audit log";
  private records: AuditRecord[] = [];

  constructor(
    private readonly api: DeskApi,
    onRefused: (error: unknown) => boolean,
    private readonly onOpen: (ticketId: string) => void,
  ) {
    super(onRefused);
  }

  protected async load(): Promise<void> {
    this.records = [];
    await this.more(null);
  }

  private async more(before: number | null): Promise<void> {
    const { records, next } = await this.api.audit(before);
    this.records.push(...records);
    const rows = this.records.map(({ at, agent, action, ticket_id, subject, detail }) => [
      dayAndTime(at),
      agent?.name ?? "–",
      readable(action),
      ticket_id === null
        ? (subject?.name ?? "")
        : button(`Ticket ${ticket_id.slice(-6)}`, "link", () => this.onOpen(ticket_id)),
      Object.entries(detail)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `${readable(name)}: ${valueText(value)}`)
        .join(", "),
    ]);
    this.body.replaceChildren(
      h(
        "p",
        { class: "small" },
        "Nobody can change or delete an entry, and nothing that customers wrote is recorded here.",
      ),
      table("Newest first", ["When", "Who", "Did", "To", "Details"], rows, "Nothing yet."),
    );
    if (next !== null) {
      const load = button("Show older", "", () => void this.attempt(() => this.more(next)));
      this.body.append(h("p", {}, load));
    }
  }
}
