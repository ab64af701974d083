/** <niro-channel-form>: a dialog that adds a channel or changes one. What is secret goes in and never comes out. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { patch, post } from "./niro-api.js";
import { clean, words } from "./niro-format.js";
import { SEVERITIES, failureNote, option } from "./niro-parts.js";
import { KINDS, channelPath, newSecret } from "./niro-channel-kinds.js";
import "./niro-dialog.js";
import "./niro-selector.js";

class NiroChannelForm extends LitElement {
  static properties = {
    /** The channel to change; null for a new one. */
    channel: { attribute: false },
    kind: { state: true },
    replacing: { state: true },
  };

  static styles = [
    shared,
    css`
      .form { gap: 16px; }
      .kept { padding: 12px; border: 1px solid var(--niro-line); border-radius: var(--niro-radius); background: var(--niro-sunken); }
      .with { display: flex; gap: 8px; }
      .with input { flex: 1; min-width: 0; }
    `,
  ];

  #attempt = new Attempt(this);

  constructor() {
    super();
    Object.assign(this, { channel: null, kind: "webhook", replacing: false });
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.channel) this.kind = this.channel.kind;
    this.replacing = !this.channel || this.channel.settings.length === 0;
  }

  render() {
    const { channel } = this;
    return html`<niro-dialog .heading=${channel ? "Edit channel" : "Add channel"} @niro-close=${this.#close}>
      <form class="form" autocomplete="off" @submit=${this.#save}>
        <div class="pair">
          <label class="field"
            ><span>Name</span
            ><input name="name" required maxlength="100" autofocus placeholder="ops" .defaultValue=${channel?.name ?? ""}
          /></label>
          ${channel ? this.#fixedKind() : this.#kinds()}
        </div>
        ${this.replacing ? this.#fields() : this.#kept()}
        <label class="field"
          ><span>Minimum severity</span>
          <select name="minimumSeverity">
            ${SEVERITIES.slice(0, 3)
              .reverse()
              .map((one) => html`<option value=${one} ?selected=${one === (channel?.minimumSeverity ?? "medium")}>${words(one)}</option>`)}
          </select>
        </label>
        <fieldset>
          <legend>Of which incidents</legend>
          <niro-selector .selector=${channel?.selector ?? {}}></niro-selector>
        </fieldset>
        ${failureNote(this.#attempt)}
        <footer>
          <button type="button" @click=${this.#close}>Cancel</button
          ><button class="primary" ?disabled=${this.#attempt.busy}>${channel ? "Save" : "Add channel"}</button>
        </footer>
      </form>
    </niro-dialog>`;
  }

  #kinds() {
    return html`<label class="field"
      ><span>Kind</span>
      <select name="kind" @change=${(event) => (this.kind = event.target.value)}>
        ${Object.entries(KINDS).map(([kind, { title }]) => option(kind, title, this.kind))}
      </select>
    </label>`;
  }

  #fixedKind() {
    return html`<div class="field"><span>Kind</span><bdi>${clean(KINDS[this.kind]?.title ?? this.kind)}</bdi></div>`;
  }

  #kept() {
    const { settings, target } = this.channel;
    return html`<div class="kept row">
      <p class="grow">
        Kept as they are: <bdi>${clean(settings.join(", "))}</bdi>${target ? html`, to <bdi>${clean(target)}</bdi>` : nothing}. They are sealed and not
        shown.
      </p>
      <button type="button" @click=${() => (this.replacing = true)}>Replace</button>
    </div>`;
  }

  #fields() {
    const fields = KINDS[this.kind]?.fields ?? this.channel.settings.map((name) => ({ name, label: words(name) }));
    return html`<fieldset>
      <legend>Settings</legend>
      ${this.channel ? html`<p class="muted">All of them anew: a kept secret must not go to a changed address.</p>` : nothing}
      ${fields.map((field) => this.#field(field))}
    </fieldset>`;
  }

  #field({ name, label, type = "text", required = false, placeholder = "", hint = "", generate = false }) {
    return html`<div class="field">
      <label for=${name}><b>${label}</b></label>
      <div class="with">
        <input
          id=${name}
          name="setting.${name}"
          type=${type}
          ?required=${required}
          placeholder=${placeholder}
          maxlength="4096"
          spellcheck="false"
          autocomplete="off"
          aria-describedby="${name}-hint"
        />${generate ? html`<button type="button" @click=${this.#generate}>Generate</button>` : nothing}
      </div>
      <small id="${name}-hint">${hint}</small>
    </div>`;
  }

  #generate = () => {
    const input = this.renderRoot.querySelector("#secret");
    input.value = newSecret();
    input.select();
  };

  #save = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const settings = [...form]
      .filter(([name, value]) => name.startsWith("setting.") && value.trim())
      .map(([name, value]) => [name.slice("setting.".length), value.trim()]);
    const body = {
      name: form.get("name").trim(),
      minimumSeverity: form.get("minimumSeverity"),
      selector: this.renderRoot.querySelector("niro-selector").value,
      ...(this.replacing ? { settings: Object.fromEntries(settings) } : {}),
      ...(this.channel ? {} : { kind: this.kind }),
    };
    const call = () => (this.channel ? patch(channelPath(this.channel.id), body) : post("/channels", body));
    if (!(await this.#attempt.run(call))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    this.#close();
  };

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-channel-form", NiroChannelForm);
