/** The desk's calls to the gateway. The session is a cookie that scripts cannot read; writes carry its CSRF value. */

import { type Call, requestJson } from "../shared/api";
import type {
  AuditRecord,
  Canned,
  Colleague,
  Entry,
  Found,
  ListName,
  Outcome,
  Presence,
  Promise_,
  Session,
  SuggestionReport,
  Supervision,
  Ticket,
  TicketDetail,
  TicketPage,
  User,
  Verdict,
  WrapUp,
} from "./protocol";
import type { Outgoing } from "./story";

export interface Returned {
  readonly note: string;
  readonly outcome: "returned" | "solved" | "not_solved";
  readonly commitments: readonly Promise_[];
  readonly changed_slots: Readonly<Record<string, string>>;
}

export interface Resolved {
  readonly outcome: Outcome;
  readonly note: string;
  readonly commitments: readonly Promise_[];
}

export interface Within {
  readonly since: string;
  readonly until: string;
}

export interface Transferred {
  readonly to_agent_id: string | null;
  readonly skill: string | null;
  readonly note: string;
}

/** What an agent can do, and how many conversations at once. */
export interface Work {
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly capacity: number;
}

export class DeskApi {
  private csrf = "";

  async signIn(username: string, password: string): Promise<Session> {
    return this.keep(await this.call<Session>("session", { method: "POST", body: { username, password } }));
  }

  /** The session of this browser; refused with 401 when there is none. */
  async session(): Promise<Session> {
    return this.keep(await this.call<Session>("session"));
  }

  signOut(): Promise<void> {
    return this.call("session", { method: "DELETE" });
  }

  /** One page; `within` bounds the moments at which they came. */
  tickets(list: ListName, cursor: string | null = null, within: Within | null = null): Promise<TicketPage> {
    const query = new URLSearchParams({ list });
    if (cursor !== null) query.set("cursor", cursor);
    if (within !== null) {
      query.set("since", within.since);
      query.set("until", within.until);
    }
    return this.call(`tickets?${query}`);
  }

  /** A list of open conversations, to its end. */
  async wholeList(list: ListName): Promise<readonly Ticket[]> {
    const tickets: Ticket[] = [];
    let cursor: string | null = null;
    do {
      const page: TicketPage = await this.tickets(list, cursor);
      tickets.push(...page.tickets);
      cursor = page.next;
    } while (cursor !== null);
    return tickets;
  }

  ticket(id: string): Promise<TicketDetail> {
    return this.call(this.path(id));
  }

  claim(id: string): Promise<Ticket> {
    return this.call(this.path(id, "claim"), { method: "POST", body: {} });
  }

  async next(): Promise<Ticket | null> {
    return (await this.post<{ ticket: Ticket | null }>("next")).ticket;
  }

  /** A reply to the customer, or a note to colleagues. */
  send(id: string, { clientSeq, kind, text, suggestion, mentions }: Outgoing): Promise<{ seq: number }> {
    if (kind === "note") return this.post(this.path(id, "notes"), { client_seq: clientSeq, text, mentions });
    return this.post(this.path(id, "messages"), { client_seq: clientSeq, text, suggestion });
  }

  typing(id: string): Promise<void> {
    return this.post(this.path(id, "typing"));
  }

  returnToBot(id: string, given: Returned): Promise<Ticket> {
    return this.post(this.path(id, "return"), given);
  }

  resolve(id: string, given: Resolved): Promise<Ticket> {
    return this.post(this.path(id, "resolve"), given);
  }

  transfer(id: string, given: Transferred): Promise<Ticket> {
    return this.post(this.path(id, "transfer"), given);
  }

  /** Null takes it back at once. */
  snooze(id: string, until: string | null): Promise<Ticket> {
    return this.post(this.path(id, "snooze"), { until });
  }

  release(id: string): Promise<Ticket> {
    return this.post(this.path(id, "release"));
  }

  wrapUp(id: string): Promise<WrapUp> {
    return this.call(this.path(id, "wrap-up"));
  }

  reject(id: string, seq: number, offer: number): Promise<void> {
    return this.post(this.path(id, `suggestions/${seq}/reject`), { offer });
  }

  /** Gives the turn's trace with its mark. */
  async mark(id: string, seq: number, verdict: Verdict | null, meant: string | null): Promise<Entry> {
    return (await this.post<{ entry: Entry }>(this.path(id, `turns/${seq}/mark`), { verdict, meant })).entry;
  }

  async search(query: string): Promise<readonly Found[]> {
    return (await this.post<{ results: Found[] }>("search", { query })).results;
  }

  async team(): Promise<readonly Colleague[]> {
    return (await this.call<{ agents: Colleague[] }>("team")).agents;
  }

  choosePresence(presence: Presence): Promise<void> {
    return this.post("presence", { presence });
  }

  async canned(): Promise<readonly Canned[]> {
    return (await this.call<{ replies: Canned[] }>("canned")).replies;
  }

  saveCanned(id: string | null, given: { shortcut: string; title: string; text: string }): Promise<unknown> {
    return this.post(id === null ? "canned" : `canned/${encodeURIComponent(id)}`, given);
  }

  /** A first set of replies, for a team that has none. */
  startCanned(): Promise<unknown> {
    return this.post("canned/starter");
  }

  removeCanned(id: string): Promise<void> {
    return this.call(`canned/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  supervision(): Promise<Supervision> {
    return this.call("supervision");
  }

  suggestions(): Promise<SuggestionReport> {
    return this.call("suggestions");
  }

  async users(): Promise<readonly User[]> {
    return (await this.call<{ users: User[] }>("users")).users;
  }

  createUser(given: {
    username: string;
    name: string;
    role: string;
    work: Work | null;
  }): Promise<{ user: User; password: string }> {
    return this.post("users", given);
  }

  async changeUser(id: string, change: object): Promise<User> {
    return (await this.post<{ user: User }>(`users/${encodeURIComponent(id)}`, change)).user;
  }

  async newPassword(id: string): Promise<string> {
    return (await this.post<{ password: string }>(`users/${encodeURIComponent(id)}/password`)).password;
  }

  changePassword(old: string, fresh: string): Promise<void> {
    return this.post("password", { old, new: fresh });
  }

  audit(before: number | null): Promise<{ records: readonly AuditRecord[]; next: number | null }> {
    return this.call(`audit${before === null ? "" : `?before=${before}`}`);
  }

  private post<T>(path: string, body: object = {}): Promise<T> {
    return this.call<T>(path, { method: "POST", body });
  }

  private path(id: string, rest?: string): string {
    return `tickets/${encodeURIComponent(id)}${rest ? `/${rest}` : ""}`;
  }

  private keep(session: Session): Session {
    this.csrf = session.csrf;
    return session;
  }

  private call<T>(path: string, call: Call = {}): Promise<T> {
    const headers = this.csrf ? { "X-Warmline-CSRF": this.csrf } : {};
    return requestJson<T>(`/api/desk/${path}`, { ...call, headers });
  }
}
