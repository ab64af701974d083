/** The dialogs of <niro-access>: what they make is shown this once. */
import { LitElement, html, css } from "lit";
import { shared } from "/niro/niro-style.js";
import { Attempt } from "/niro/niro-state.js";
import { post } from "/niro/niro-api.js";
import { clean, full, words } from "/niro/niro-format.js";
import { failureNote } from "/niro/niro-parts.js";
import "/niro/niro-dialog.js";

/** From the weakest to the strongest. */
export const ROLES = ["viewer", "member", "admin", "owner"];
const DAY = 86400;
const LIFETIMES = [
  [30 * DAY, "30 days"],
  [90 * DAY, "90 days"],
  [365 * DAY, "1 year"],
  ["", "Until it is revoked"],
];

/** A dialog with a form, and once it was sent with what must be copied now. */
class OnceDialog extends LitElement {
  static properties = {
    /** The strongest role that may be given. */
    role: { type: String },
    made: { attribute: false },
    copied: { state: true },
  };

  static styles = [shared, css`.form { gap: 16px; } .once { display: grid; gap: 14px; }`];

  attempt = new Attempt(this);

  constructor() {
    super();
    Object.assign(this, { role: "viewer", made: null, copied: false });
  }

  get roles() {
    return ROLES.slice(0, ROLES.indexOf(this.role) + 1);
  }

  roleField(chosen) {
    return html`<label class="field"
      ><span>Role</span>
      <select name="role">
        ${this.roles.map((one) => html`<option value=${one} ?selected=${one === chosen}>${words(one)}</option>`)}
      </select>
      <small>Viewers look; members change clusters and send commands; admins also delete, and see to users and channels</small></label
    >`;
  }

  once(title, note, secret, label) {
    return html`<niro-dialog .heading=${title} @niro-close=${this.close}>
      <div class="once">
        <p>${note}</p>
        <pre class="secret" tabindex="0" aria-label=${label}>${clean(secret)}</pre>
        <div class="row">
          <button class="primary" autofocus @click=${() => this.#copy(secret)}>${this.copied ? "Copied" : "Copy"}</button>
          <span class="quiet" role="status">${this.copied ? "Copied" : ""}</span>
          <button @click=${this.close}>Done</button>
        </div>
      </div>
    </niro-dialog>`;
  }

  #copy = (secret) =>
    navigator.clipboard.writeText(secret).then(
      () => (this.copied = true),
      () => getSelection().selectAllChildren(this.renderRoot.querySelector("pre")),
    );

  buttons(label) {
    return html`${failureNote(this.attempt)}
      <footer>
        <button type="button" @click=${this.close}>Cancel</button
        ><button class="primary" ?disabled=${this.attempt.busy}>${label}</button>
      </footer>`;
  }

  async make(path, body) {
    const made = await this.attempt.run(() => post(path, body));
    if (!made) return;
    this.made = made;
    this.dispatchEvent(new CustomEvent("niro-changed"));
  }

  close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

class NiroNewToken extends OnceDialog {
  render() {
    if (this.made)
      return this.once("The token was made", "Copy it now: it is shown only this once.", this.made.secret, "API token");
    return html`<niro-dialog heading="New API token" @niro-close=${this.close}>
      <form class="form" @submit=${this.#create}>
        <label class="field"
          ><span>Name</span><input name="name" required maxlength="100" autocomplete="off" spellcheck="false" placeholder="ci" autofocus
        /></label>
        <div class="pair">
          ${this.roleField("viewer")}
          <label class="field"
            ><span>Lives for</span>
            <select name="lifetime">
              ${LIFETIMES.map(([seconds, label]) => html`<option value=${seconds} ?selected=${seconds === 90 * DAY}>${label}</option>`)}
            </select>
          </label>
        </div>
        ${this.buttons("Make token")}
      </form>
    </niro-dialog>`;
  }

  #create = (event) => {
    event.preventDefault();
    const { name, role, lifetime } = Object.fromEntries(new FormData(event.target));
    return this.make("/tokens", { name: name.trim(), role, lifetimeSeconds: lifetime ? Number(lifetime) : null });
  };
}

class NiroNewMember extends OnceDialog {
  render() {
    if (this.made) {
      const { member, invitation } = this.made;
      const note = html`Send this link to <bdi>${clean(member.email)}</bdi> in private. It chooses the password, works once and until
        ${full(invitation.expiresAt)}, and is shown only now.`;
      return this.once("The invitation", note, location.origin + invitation.path, "Invitation link");
    }
    return html`<niro-dialog heading="Invite user" @niro-close=${this.close}>
      <form class="form" @submit=${this.#create}>
        <label class="field"
          ><span>E-mail</span><input name="email" type="email" required maxlength="254" autocomplete="off" autofocus
        /></label>
        ${this.roleField("member")} ${this.buttons("Make the link")}
      </form>
    </niro-dialog>`;
  }

  #create = (event) => {
    event.preventDefault();
    const { email, role } = Object.fromEntries(new FormData(event.target));
    return this.make("/members", { email: email.trim(), role });
  };
}

customElements.define("niro-new-token", NiroNewToken);
customElements.define("niro-new-member", NiroNewMember);
