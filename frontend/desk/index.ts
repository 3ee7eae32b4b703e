/** The desk page: signed in or not. */

import { ApiError } from "../shared/api";
import { backoff, pause } from "../shared/backoff";
import { h } from "../shared/dom";
import { DeskApi } from "./api";
import { Desk } from "./desk";
import { Drafts } from "./drafts";
import type { Session } from "./protocol";
import { signInForm } from "./sign_in";

const api = new DeskApi();
let desk: Desk | null = null;

function show(element: HTMLElement): void {
  document.body.replaceChildren(element);
}

function signedIn(session: Session): void {
  desk = new Desk(api, session, new Drafts(session.agent.id), signedOut);
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
