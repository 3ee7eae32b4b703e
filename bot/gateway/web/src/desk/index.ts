/** The desk page: signed in or not. */

import { ApiError } from "../shared/api";
import { backoff, pause } from "../shared/backoff";
import { h } from "../shared/dom";
import { DeskApi } from "./api";
import { Desk } from "./desk";
import type { Session } from "./protocol";
import { signInForm } from "./sign_in";

const api = new DeskApi();
let desk: Desk | null = null;
/** By agent: two may share a computer. */
const drafts = new Map<string, Map<string, string>>();

function show(element: HTMLElement): void {
  document.body.replaceChildren(element);
}

function signedIn(session: Session): void {
  const own = drafts.get(session.agent.id) ?? new Map<string, string>();
  drafts.set(session.agent.id, own);
  desk = new Desk(api, session, own, signedOut);
  show(desk.element);
}

function signedOut(why: string): void {
  desk?.close();
  desk = null;
  show(signInForm(api, why, signedIn));
  document.getElementById("username")?.focus();
}

async function start(): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      signedIn(await api.session());
      return;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        signedOut("");
        return;
      }
      show(
        h("main", { class: "sign-in-page" }, h("p", { role: "status" }, "The server cannot be reached. Trying again…")),
      );
      await pause(backoff(attempt));
    }
  }
}

void start();
