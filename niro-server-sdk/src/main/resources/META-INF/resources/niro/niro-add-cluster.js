/** <niro-add-cluster>: a dialog that names a cluster, shows its install command and waits for the first heartbeat. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { everySecond } from "./niro-live.js";
import { clusterPath, get, now, post } from "./niro-api.js";
import { clean, countdown } from "./niro-format.js";
import { ENVIRONMENTS, icon, links, navigate, text } from "./niro-parts.js";

const LOOK_EVERY_SECONDS = 3;

class NiroAddCluster extends LitElement {
  static properties = {
    shown: { state: true },
    cluster: { state: true },
    enrollment: { state: true },
    failure: { state: true },
    busy: { state: true },
    copied: { state: true },
    left: { state: true },
  };

  static styles = [
    shared,
    css`
      dialog {
        width: min(620px, calc(100vw - 24px)); padding: 0; color: var(--niro-text); background: var(--niro-raised);
        border: 1px solid var(--niro-line); border-radius: 10px; box-shadow: var(--niro-shadow);
      }
      dialog::backdrop { background: rgb(10 14 20 / 45%); }
      .body { padding: 20px; display: grid; gap: 16px; }
      header { display: flex; align-items: center; padding: 14px 20px; border-bottom: 1px solid var(--niro-line); }
      footer { display: flex; justify-content: flex-end; gap: 8px; }
      form { display: grid; gap: 16px; }
      .two { display: grid; grid-template-columns: 1fr 180px; gap: 12px; }
      .command { display: grid; gap: 8px; }
      pre {
        margin: 0; padding: 12px; max-height: 180px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
        background: var(--niro-sunken); border: 1px solid var(--niro-line); border-radius: var(--niro-radius);
        font-family: var(--niro-mono); font-size: 12.5px; user-select: all;
      }
      .state {
        display: flex; gap: 10px; align-items: center; padding: 12px; border: 1px solid var(--niro-line);
        border-radius: var(--niro-radius); background: var(--niro-sunken);
      }
      .state svg { width: 18px; height: 18px; flex: none; color: var(--tone); }
      .state.healthy { background: var(--niro-healthy-soft); border-color: var(--niro-healthy); }
      @media (max-width: 520px) { .two { grid-template-columns: 1fr; } }
    `,
  ];

  #stop = null;
  #ticks = 0;
  #enrolledBefore = null;

  /** Shows the dialog: empty, or with a new token for a cluster that is there. */
  async open(cluster = null, enrollment = null) {
    Object.assign(this, { shown: true, cluster, enrollment, failure: null, busy: false, copied: false, left: "" });
    this.#enrolledBefore = cluster?.enrolledAt ?? null;
    await this.updateComplete;
    this.renderRoot.querySelector("dialog").showModal();
    this.#watch();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop?.();
  }

  render() {
    if (!this.shown) return nothing;
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <header>
        <h2 id="title" class="grow">
          ${this.cluster ? html`Install the agent on ${text(this.cluster.name)}` : "Add cluster"}
        </h2>
        <button class="plain" aria-label="Close" @click=${this.#close}>✕</button>
      </header>
      <div class="body">${this.cluster ? this.#install() : this.#form()}</div>
    </dialog>`;
  }

  get #arrived() {
    return this.cluster.lastHeartbeatAt !== null && this.cluster.enrolledAt !== this.#enrolledBefore;
  }

  #form() {
    return html`<form @submit=${this.#create}>
      <p class="muted">The cluster only reaches out over HTTPS; nothing has to be opened on its side.</p>
      <div class="two">
        <label class="field"
          ><span>Name</span
          ><input
            name="name"
            required
            maxlength="100"
            autocomplete="off"
            spellcheck="false"
            placeholder="berlin-edge-1"
            autofocus
        /></label>
        <label class="field"
          ><span>Environment</span>
          <select name="environment">
            ${ENVIRONMENTS.map((one) => html`<option ?selected=${one === "unspecified"}>${one}</option>`)}
          </select>
        </label>
      </div>
      ${this.failure ? html`<p class="wrong" role="alert">${clean(this.failure.message)}</p>` : nothing}
      <footer>
        <button type="button" @click=${this.#close}>Cancel</button
        ><button class="primary" ?disabled=${this.busy}>Create and show the command</button>
      </footer>
    </form>`;
  }

  #create = async (event) => {
    event.preventDefault();
    const { name, environment } = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    this.failure = null;
    try {
      const made = await post("/clusters", { name: name.trim(), environment });
      Object.assign(this, { cluster: made.cluster, enrollment: made.enrollment });
      this.dispatchEvent(new CustomEvent("niro-changed"));
      this.#tick();
    } catch (failure) {
      this.failure = failure;
    }
    this.busy = false;
  };

  #install() {
    const { installCommand, installHint, token } = this.enrollment;
    const arrived = this.#arrived;
    return html` ${
        arrived
          ? nothing
          : html`<div class="command">
              <p>
                ${installCommand ? "Run this where kubectl reaches the cluster:" : this.#byHand(installHint)}
              </p>
              <pre tabindex="0" aria-label=${installCommand ? "Install command" : "Enrollment token"}>
${installCommand ?? token}</pre>
              <div class="row">
                <button class="primary" @click=${this.#copy}>
                  ${this.copied ? "Copied" : installCommand ? "Copy command" : "Copy token"}
                </button>
                <span class="hint grow" role="timer"
                  >${this.#validity()}</span
                >
                ${this.left === "0:00" ? html`<button ?disabled=${this.busy} @click=${this.#renew}>New token</button>` : nothing}
              </div>
            </div>`
      }
      <div class="state ${arrived ? "healthy" : "pending"}" role="status">
        ${icon(arrived ? "healthy" : "pending")}
        <span class="grow">${arrived ? this.#welcome() : "Waiting for the first heartbeat…"}</span>
      </div>
      ${this.failure ? html`<p class="wrong" role="alert">${clean(this.failure.message)}</p>` : nothing}
      <footer>
        <button @click=${this.#close}>Close</button>
        ${arrived ? html`<button class="primary" @click=${this.#show}>Open cluster</button>` : nothing}
      </footer>`;
  }

  #byHand(hint) {
    return html`${clean(hint)} Start the agent by hand with this token:`;
  }

  #validity() {
    if (this.left === "0:00") return "The token has expired.";
    return html`The token works once and expires in <b>${this.left}</b>. It is shown only now.`;
  }

  #welcome() {
    return html`<b>The first heartbeat has arrived.</b> ${text(this.cluster.name)} is part of the fleet.`;
  }

  #copy = async () => {
    await navigator.clipboard.writeText(this.enrollment.installCommand ?? this.enrollment.token).then(
      () => (this.copied = true),
      () => getSelection().selectAllChildren(this.renderRoot.querySelector("pre")),
    );
  };

  #renew = async () => {
    this.busy = true;
    try {
      Object.assign(this, {
        enrollment: await post(clusterPath(this.cluster.id, "/enrollment"), {}),
        copied: false,
        failure: null,
      });
      this.#tick();
    } catch (failure) {
      this.failure = failure;
    }
    this.busy = false;
  };

  #watch() {
    this.#stop?.();
    this.#ticks = 0;
    this.#stop = everySecond(() => this.#tick());
    this.#tick();
  }

  #tick() {
    if (!this.enrollment || this.#arrived) return;
    this.left = countdown(this.enrollment.expiresAt, now());
    if (++this.#ticks % LOOK_EVERY_SECONDS === 0) this.#look(this.cluster.id);
  }

  async #look(id) {
    const cluster = await get(clusterPath(id)).catch(() => null);
    if (!cluster || this.cluster?.id !== id) return;
    this.cluster = cluster;
    if (this.#arrived) this.dispatchEvent(new CustomEvent("niro-changed"));
  }

  #show = () => {
    const target = links.cluster(this.cluster.id);
    this.#close();
    navigate(this, target);
  };

  #close = () => this.renderRoot.querySelector("dialog").close();

  #closed = () => {
    this.#stop?.();
    this.#stop = null;
    Object.assign(this, { shown: false, cluster: null, enrollment: null });
  };
}

customElements.define("niro-add-cluster", NiroAddCluster);
