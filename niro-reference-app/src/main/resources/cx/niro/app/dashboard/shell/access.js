/** <niro-access>: API tokens, users and one's own password: what belongs to this program and not to the library. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "/niro/niro-style.js";
import { Live } from "/niro/niro-live.js";
import { Attempt } from "/niro/niro-state.js";
import { list, now, post, put, remove } from "/niro/niro-api.js";
import { clean, full, short, words } from "/niro/niro-format.js";
import { failureNote, staleNote, text } from "/niro/niro-parts.js";
import { ROLES } from "/shell/access-forms.js";

const AT_MOST = 1000;
const NEAR_MILLIS = 7 * 86400000;

class NiroAccess extends LitElement {
  static properties = {
    /** Who is signed in: e-mail and role; null until that is known. */
    user: { attribute: false },
    dialog: { state: true },
    confirming: { state: true },
    changed: { state: true },
  };

  static styles = [
    shared,
    css`
      .all { display: grid; gap: 16px; }
      .panel > header { align-items: center; padding-bottom: 12px; }
      ul { list-style: none; }
      li {
        display: grid; grid-template-columns: minmax(0, 1.4fr) 90px minmax(0, 1fr) minmax(0, 1fr) 190px; gap: 4px 14px; align-items: center;
        min-height: 52px; padding: 8px 16px; border-top: 1px solid var(--niro-line);
      }
      li > * { min-width: 0; overflow-wrap: anywhere; }
      .actions { justify-self: end; }
      .none { padding: 0 16px 14px; }
      .password { padding: 16px; max-width: 560px; }
      .panel > .wrong, .panel > .note { margin: 0 16px 12px; }
      @media (max-width: 820px) { li { grid-template-columns: minmax(0, 1fr) auto; padding: 10px 14px; } li > .actions { grid-column: 1 / -1; justify-self: start; } }
    `,
  ];

  #attempt = new Attempt(this);
  #password = new Attempt(this);
  #live = new Live(this, (signal) => this.#load(signal));

  /** Users are for owners and admins; nobody else is told that there are any. */
  async #load(signal) {
    const [tokens, members] = await Promise.all([
      list("/tokens", {}, signal, AT_MOST),
      list("/members", {}, signal, AT_MOST).catch((failure) => {
        if (failure.status === 403) return null;
        throw failure;
      }),
    ]);
    return { tokens: tokens.items, members: members?.items ?? null };
  }

  render() {
    const data = this.#live.data;
    return html`<div class="head"><h1>Access</h1></div>
      ${staleNote(this.#live)} ${failureNote(this.#attempt)}
      <div class="all">
        ${data ? html`${this.#tokens(data.tokens)} ${data.members ? this.#members(data.members) : nothing}` : html`<p class="muted">Loading…</p>`}
        ${this.#ownPassword()}
      </div>
      ${this.#dialogs()}`;
  }

  #tokens(tokens) {
    return html`<section class="panel" aria-label="API tokens">
      <header>
        <h2>API tokens</h2>
        <span class="grow"></span><button class="primary" @click=${() => (this.dialog = { name: "token" })}>New token</button>
      </header>
      ${tokens.length === 0 ? html`<p class="muted none">None. Scripts and the command line need one.</p>` : nothing}
      <ul>
        ${tokens.map((token) => this.#token(token))}
      </ul>
    </section>`;
  }

  #token(token) {
    const { id, name, role, createdBy, createdAt, lastUsedAt, expiresAt } = token;
    const near = expiresAt && Date.parse(expiresAt) - now() < NEAR_MILLIS;
    return html`<li>
      <div>
        <span class="name">${text(name)}</span>
        <span class="sub" title=${full(createdAt)}>by <bdi>${clean(createdBy)}</bdi>, <niro-ago .at=${createdAt}></niro-ago></span>
      </div>
      <div>${words(role)}</div>
      <div class="muted">${lastUsedAt ? html`used <niro-ago .at=${lastUsedAt}></niro-ago>` : "never used"}</div>
      <div class=${near ? "wrong" : "muted"} title=${full(expiresAt)}>${expiresAt ? `until ${short(expiresAt, now())}` : "without an end"}</div>
      ${this.#reaches(role) ? this.#sure(`token ${id}`, "Revoke", () => remove(`/tokens/${encodeURIComponent(id)}`)) : html`<span></span>`}
    </li>`;
  }

  #members(members) {
    return html`<section class="panel" aria-label="Users">
      <header>
        <h2>Users</h2>
        <span class="grow"></span><button class="primary" @click=${() => (this.dialog = { name: "member" })}>Invite user</button>
      </header>
      <ul>
        ${members.map((member) => this.#member(member, members))}
      </ul>
    </section>`;
  }

  /** Nobody has a say over somebody stronger. */
  #reaches(role) {
    return ROLES.indexOf(this.user?.role) >= ROLES.indexOf(role);
  }

  #member(member, members) {
    const { id, email, role, state, createdAt } = member;
    const own = email === this.user?.email;
    const lastOwner = role === "owner" && members.filter((one) => one.role === "owner").length === 1;
    return html`<li>
      <div>
        <span class="name">${text(email)}</span>${own ? html` <span class="muted">you</span>` : nothing}
        <span class="sub">added ${short(createdAt, now())}</span>
      </div>
      <div>${words(role)}</div>
      <div>${state === "invited" ? html`<span class="tag warn" title="Has not chosen a password yet">invited</span>` : html`<span class="muted">active</span>`}</div>
      <div>
        ${own || !this.#reaches(role) ? nothing : html`<button ?disabled=${this.#attempt.busy} @click=${() => this.#invite(member)}>New link</button>`}
      </div>
      ${this.#reaches(role) && !lastOwner ? this.#sure(`member ${id}`, "Remove", () => remove(`/members/${encodeURIComponent(id)}`)) : html`<span></span>`}
    </li>`;
  }

  /** A button that asks once more. */
  #sure(key, what, call) {
    if (this.confirming !== key)
      return html`<div class="actions"><button @click=${() => (this.confirming = key)}>${what}</button></div>`;
    return html`<div class="actions row">
      <button class="danger" ?disabled=${this.#attempt.busy} @click=${() => this.#change(call)}>Really ${what.toLowerCase()}</button>
      <button class="plain" @click=${() => (this.confirming = null)}>Keep</button>
    </div>`;
  }

  async #change(call) {
    const done = await this.#attempt.run(call);
    this.confirming = null;
    if (done) await this.#live.refresh();
  }

  async #invite({ id }) {
    const made = await this.#attempt.run(() => post(`/members/${encodeURIComponent(id)}/invitation`));
    if (made) this.dialog = { name: "member", made };
  }

  #ownPassword() {
    return html`<section class="panel" aria-label="Password">
      <form class="form password" @submit=${this.#savePassword}>
        <h2>Your password</h2>
        <input type="email" autocomplete="username" hidden .value=${this.user?.email ?? ""} />
        <label class="field"
          ><span>Current password</span><input name="currentPassword" type="password" autocomplete="current-password" required maxlength="256"
        /></label>
        <label class="field"
          ><span>New password</span
          ><input name="newPassword" type="password" autocomplete="new-password" required minlength="12" maxlength="256" /><small
            >At least 12 characters. All your sessions end; your tokens go on.</small
          ></label
        >
        ${failureNote(this.#password)}
        <div><button ?disabled=${this.#password.busy}>Change password</button></div>
      </form>
    </section>`;
  }

  #savePassword = async (event) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.target));
    if (await this.#password.run(() => put("/members/me/password", body))) location.assign("/login");
  };

  #dialogs() {
    const closed = () => (this.dialog = null);
    const changed = () => this.#live.refresh();
    if (this.dialog?.name === "token")
      return html`<niro-new-token .role=${this.user?.role ?? "viewer"} @niro-close=${closed} @niro-changed=${changed}></niro-new-token>`;
    if (this.dialog?.name === "member")
      return html`<niro-new-member
        .role=${this.user?.role ?? "viewer"}
        .made=${this.dialog.made ?? null}
        @niro-close=${closed}
        @niro-changed=${changed}
      ></niro-new-member>`;
    return nothing;
  }
}

customElements.define("niro-access", NiroAccess);
