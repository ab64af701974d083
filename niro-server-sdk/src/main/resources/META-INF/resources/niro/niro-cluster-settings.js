/** <niro-cluster-settings>: name, environment, labels, thresholds; policies; the agent's image; a new token or key; delete. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { clusterPath, may, patch, post, remove } from "./niro-api.js";
import { clean, labelLines, labelsOf } from "./niro-format.js";
import { ENVIRONMENTS, text } from "./niro-parts.js";
import "./niro-add-cluster.js";
import "./niro-agent-update.js";
import "./niro-cluster-policy.js";

class NiroClusterSettings extends LitElement {
  static properties = {
    cluster: { attribute: false },
    draft: { state: true },
    failure: { state: true },
    said: { state: true },
    typed: { state: true },
    deleteFailure: { state: true },
    enrollFailure: { state: true },
    keyFailure: { state: true },
    keyAsked: { state: true },
    busy: { state: true },
  };

  static styles = [
    shared,
    css`
      :host { display: grid; gap: 16px; max-width: 760px; }
      .panel, fieldset { display: grid; gap: 14px; min-width: 0; }
      .panel { padding: 16px; }
      fieldset { margin: 0; padding: 0; border: 0; }
      .two { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; align-items: start; }
      textarea { min-height: 76px; resize: vertical; font-family: var(--niro-mono); font-size: 13px; }
      input, select { width: 100%; }
      input[type="checkbox"] { width: 16px; min-height: 16px; margin: 0; }
      .check { display: flex; gap: 8px; align-items: center; }
      .check input { flex: none; }
      .saved { color: var(--niro-healthy); }
      .delete { border-color: var(--niro-critical); }
      code { padding: 1px 5px; background: var(--niro-sunken); border-radius: 4px; }
      .delete input { width: min(360px, 100%); }
      @media (max-width: 600px) { .two { grid-template-columns: 1fr; } }
    `,
  ];

  constructor() {
    super();
    Object.assign(this, {
      draft: null,
      failure: null,
      said: "",
      typed: "",
      deleteFailure: null,
      enrollFailure: null,
      keyFailure: null,
      keyAsked: "",
      busy: false,
    });
  }

  /** What the form shows: what the cluster has, until somebody types. */
  get #values() {
    const { name, environment, labels, unknownAfterSeconds, offlineAfterSeconds } = this.cluster;
    return (
      this.draft ?? {
        name,
        environment,
        labels: labelLines(labels),
        unknownAfterSeconds: unknownAfterSeconds ?? "",
        offlineAfterSeconds: offlineAfterSeconds ?? "",
      }
    );
  }

  render() {
    return html`${this.#form()} <niro-cluster-policy .cluster=${this.cluster}></niro-cluster-policy>
      <niro-agent-update .cluster=${this.cluster}></niro-agent-update> ${may("write") ? [this.#token(), this.#key()] : nothing} ${may("administer") ? this.#delete() : nothing}<niro-add-cluster
        @niro-changed=${() => this.#changed()}
      ></niro-add-cluster>`;
  }

  #form() {
    const values = this.#values;
    return html`<form class="panel" @submit=${this.#save} @input=${this.#type}>
      <h2>Cluster</h2>
      <fieldset ?disabled=${!may("write")}>${this.#fields(values)}</fieldset>
      ${this.failure ? html`<p class="wrong" role="alert">${clean(this.failure.message)}</p>` : nothing}
      ${may("write") ? this.#saveRow() : nothing}
    </form>`;
  }

  #saveRow() {
    return html`<div class="row">
      <button class="primary" ?disabled=${!this.draft || this.busy}>Save</button>
      ${this.draft ? html`<button type="button" @click=${this.#discard}>Discard</button>` : nothing}
      <span class="saved" role="status">${this.said}</span>
    </div>`;
  }

  #fields(values) {
    return html`
      <div class="two">
        <label class="field"
          ><span>Name</span
          ><input name="name" required maxlength="100" autocomplete="off" spellcheck="false" .value=${values.name}
        /></label>
        <label class="field"
          ><span>Environment</span>
          <select name="environment">
            ${ENVIRONMENTS.map((one) => html`<option .selected=${one === values.environment}>${one}</option>`)}
          </select>
        </label>
      </div>
      <label class="field"
        ><span>Labels</span
        ><textarea name="labels" spellcheck="false" placeholder="region=eu-central" .value=${values.labels}></textarea
        ><small>One <code>key=value</code> per line</small></label
      >
      <div class="two">
        ${this.#threshold("unknownAfterSeconds", "Unknown after", values.unknownAfterSeconds)}
        ${this.#threshold("offlineAfterSeconds", "Offline after", values.offlineAfterSeconds)}
      </div>
    `;
  }

  #threshold(name, label, value) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        name=${name}
        type="number"
        min="1"
        step="1"
        inputmode="numeric"
        placeholder="server's setting"
        .value=${String(value)}
      /><small>Seconds without a heartbeat</small></label
    >`;
  }

  #type = (event) => {
    this.draft = Object.fromEntries(new FormData(event.currentTarget));
    this.said = "";
  };

  #discard = () => Object.assign(this, { draft: null, failure: null });

  #save = async (event) => {
    event.preventDefault();
    const saved = await this.#attempt("failure", () => patch(clusterPath(this.cluster.id), this.#change()));
    if (!saved) return;
    Object.assign(this, { cluster: saved, draft: null, said: "Saved" });
    this.#changed();
  };

  /** Only what differs, so that two people who change different things do not undo each other. */
  #change() {
    const { name, environment, labels, unknownAfterSeconds, offlineAfterSeconds } = this.draft;
    const seconds = (value) => (value === "" ? null : Number(value));
    const wanted = {
      name: name.trim(),
      environment,
      labels: labelsOf(labels),
      unknownAfterSeconds: seconds(unknownAfterSeconds),
      offlineAfterSeconds: seconds(offlineAfterSeconds),
    };
    return Object.fromEntries(
      Object.entries(wanted).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(this.cluster[field])),
    );
  }

  #token() {
    const enrolled = this.cluster.enrolledAt !== null;
    return html`<form class="panel" @submit=${this.#enroll}>
      <h2>Enrollment</h2>
      <p class="muted">A new token comes with a new install command; the token before it stops working.</p>
      <label class="check" ?hidden=${!enrolled}>
        <input type="checkbox" name="takeOver" />
        <span>The new agent may take over from the one that works now</span>
      </label>
      ${this.enrollFailure ? html`<p class="wrong" role="alert">${clean(this.enrollFailure.message)}</p>` : nothing}
      <div class="row"><button ?disabled=${this.busy}>New token</button></div>
    </form>`;
  }

  #enroll = async (event) => {
    event.preventDefault();
    const takeOver = new FormData(event.target).has("takeOver");
    const enrollment = await this.#attempt("enrollFailure", () =>
      post(clusterPath(this.cluster.id, "/enrollment"), { takeOver }),
    );
    if (enrollment) this.renderRoot.querySelector("niro-add-cluster").open(this.cluster, enrollment);
  };

  #key() {
    if (this.cluster.enrolledAt === null) return nothing;
    return html`<form class="panel" @submit=${this.#rotate}>
      <h2>Key</h2>
      <p class="muted">
        The agent replaces its key by a new one with its next heartbeat. The old key works until the new one does.
      </p>
      ${this.keyFailure ? html`<p class="wrong" role="alert">${clean(this.keyFailure.message)}</p>` : nothing}
      <div class="row">
        <button ?disabled=${this.busy}>Replace the key</button>
        <span class="saved" role="status">${this.keyAsked}</span>
      </div>
    </form>`;
  }

  #rotate = async (event) => {
    event.preventDefault();
    const asked = await this.#attempt("keyFailure", () => post(clusterPath(this.cluster.id, "/rotate-key"), {}));
    this.keyAsked = asked ? "Asked for; the timeline says when it is done" : "";
  };

  #delete() {
    return html`<form class="panel delete" @submit=${this.#remove}>
      <h2>Delete</h2>
      <p>
        Niro forgets the cluster and refuses its agent from then on. Nothing in the cluster is touched: the agent goes
        on running there until you remove it with <code>kubectl delete namespace niro-system</code>.
      </p>
      <label class="field"
        ><span>Type <bdi>${text(this.cluster.name)}</bdi> to confirm</span
        ><input
          name="confirm"
          autocomplete="off"
          spellcheck="false"
          .value=${this.typed}
          @input=${(event) => (this.typed = event.target.value)}
      /></label>
      ${this.deleteFailure ? html`<p class="wrong" role="alert">${clean(this.deleteFailure.message)}</p>` : nothing}
      <div class="row">
        <button class="danger" ?disabled=${this.typed !== this.cluster.name || this.busy}>Delete cluster</button>
      </div>
    </form>`;
  }

  #remove = async (event) => {
    event.preventDefault();
    if (this.typed !== this.cluster.name) return;
    const done = await this.#attempt("deleteFailure", () =>
      remove(clusterPath(this.cluster.id), { confirm: this.typed }).then(() => true),
    );
    if (done) this.dispatchEvent(new CustomEvent("niro-deleted"));
  };

  /** The call's answer; null when it failed, and then `failure` says why. */
  async #attempt(failure, call) {
    Object.assign(this, { busy: true, [failure]: null });
    try {
      return await call();
    } catch (problem) {
      this[failure] = problem;
      return null;
    } finally {
      this.busy = false;
    }
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("niro-changed"));
  }
}

customElements.define("niro-cluster-settings", NiroClusterSettings);
