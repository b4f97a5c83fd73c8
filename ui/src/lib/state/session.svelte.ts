// Who is signed in and how the connection is. The engine owns the truth; this holds its last word.

import type { AccountView, ConnectionView, InviteView, ServerAddress, SignInView, StatusView, ProfileFields } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import type { Backend } from "../backend/backend";

const NOTHING: StatusView = {
  account: null,
  connection: { state: "signed_out" },
  sync: null,
  messages_waiting: 0,
  transfers_waiting: 0,
  contacts_waiting: 0,
  synced_at: null,
  presence: { state: "here", text: "", until: null },
};

export class Session {
  status = $state.raw<StatusView>(NOTHING);
  known = $state(false);

  account = $derived<AccountView | null>(this.status.account);
  connection = $derived<ConnectionView>(this.status.connection);
  online = $derived(this.status.connection.state === "online");

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    this.set(await ask(this.#backend, "status", { do: "status" }));
  }

  set(status: StatusView): void {
    this.status = status;
    this.known = true;
  }

  setConnection(connection: ConnectionView): void {
    this.status = { ...this.status, connection };
  }

  read(text: string): Promise<ServerAddress> {
    return ask(this.#backend, "address", { do: "read_address", text });
  }

  async signUp(server: ServerAddress, name: string, shown: string, password: string, setup: string | null): Promise<void> {
    await this.#backend.run({ do: "sign_up", server, name, display_name: shown, password, setup_code: setup });
    await this.load();
  }

  async signIn(server: ServerAddress, name: string, password: string): Promise<void> {
    await this.#backend.run({ do: "sign_in", server, name, password });
    await this.load();
  }

  async signOut(): Promise<void> {
    await tell(this.#backend, { do: "sign_out" });
    await this.load();
  }

  async setProfile(shown: string): Promise<void> {
    await ask(this.#backend, "account", { do: "profile_set", display_name: shown });
    await this.load();
  }

  /** Says something of oneself in place of what was said before. */
  say = (profile: ProfileFields) => tell(this.#backend, { do: "profile_fields_set", profile });

  async setPassword(old: string, fresh: string): Promise<void> {
    await tell(this.#backend, { do: "password_set", old, new: fresh });
  }

  async connectNow(): Promise<void> {
    await tell(this.#backend, { do: "connect_now" });
  }

  signIns(): Promise<SignInView[]> {
    return ask(this.#backend, "sign_ins", { do: "sign_ins" });
  }

  async endSignIn(device: string): Promise<void> {
    await tell(this.#backend, { do: "sign_in_end", device });
  }

  invite(uses: number, days: number): Promise<InviteView> {
    return ask(this.#backend, "invite", { do: "invite", uses, days });
  }
}
