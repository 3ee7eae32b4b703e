/** The desk's calls to the gateway. The session is a cookie that scripts cannot read; writes carry its CSRF value. */

import { type Call, requestJson } from "../shared/api";
import type { ListName, Outcome, Session, Ticket, TicketDetail } from "./protocol";

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

  async tickets(list: ListName): Promise<readonly Ticket[]> {
    return (await this.call<{ tickets: Ticket[] }>(`tickets?list=${list}`)).tickets;
  }

  ticket(id: string): Promise<TicketDetail> {
    return this.call(this.path(id));
  }

  claim(id: string): Promise<Ticket> {
    return this.call(this.path(id, "claim"), { method: "POST", body: {} });
  }

  send(id: string, clientSeq: number, text: string): Promise<{ seq: number }> {
    return this.call(this.path(id, "messages"), { method: "POST", body: { client_seq: clientSeq, text } });
  }

  returnToBot(id: string, note: string): Promise<Ticket> {
    return this.call(this.path(id, "return"), { method: "POST", body: { note } });
  }

  resolve(id: string, outcome: Outcome, note: string): Promise<Ticket> {
    return this.call(this.path(id, "resolve"), { method: "POST", body: { outcome, note } });
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
