/** <niro-deployment>: one managed deployment: how it is, what became of its objects, drift, history, and what can be done about it. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { clusterPath, finished, get, list, may, post, remove } from "./niro-api.js";
import { clean, sentence } from "./niro-format.js";
import { beginning, failureNote, follow, links, staleNote, text } from "./niro-parts.js";
import { deploymentPath } from "./niro-deployment-parts.js";
import "./niro-deployment-conflicts.js";
import "./niro-deployment-drift.js";
import "./niro-deployment-findings.js";
import "./niro-deployment-form.js";
import "./niro-deployment-head.js";
import "./niro-deployment-history.js";
import "./niro-deployment-order.js";
import "./niro-deployment-results.js";

/** Incidents about a deployment, and the states in which there may be one. */
const INCIDENTS = ["deployment_failed", "drift_detected"];
const FAILED = ["partial", "failed"];

/** Sends `niro-gone` when the reader made the deployment go. */
class NiroDeployment extends LitElement {
  static properties = {
    /** The cluster. */
    cluster: { attribute: false },
    /** The deployment's name. */
    name: { type: String },
    /** What the API answered when it was made just now; else null. */
    sent: { attribute: false },
    asking: { state: true },
    findings: { state: true },
    said: { state: true },
  };

  static styles = [
    shared,
    css`
      :host { display: grid; gap: 14px; min-width: 0; }
      :host > * { min-width: 0; }
      .panel > header { align-items: center; flex-wrap: wrap; }
      .calm { padding: 0 16px 14px; color: var(--niro-muted); }
      .note { margin: 0; }
      .way { font-size: 13px; }
    `,
  ];

  #attempt = new Attempt(this);
  #left = new AbortController();
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => `deployment ${this.cluster?.id} ${this.name}`,
  );

  constructor() {
    super();
    Object.assign(this, { sent: null, asking: null, findings: [], said: "" });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#left = new AbortController();
    if (this.sent) this.#follow(this.sent);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#left.abort();
  }

  /** The list tells when something changed; what is long is loaded only then. */
  async #load(signal) {
    const { items } = await list(deploymentPath(this.cluster.id), {}, signal);
    const row = items.find(({ name }) => name === this.name);
    if (!row) return { row: null };
    const known = this.#live.data;
    const mark = JSON.stringify(row);
    const same = known?.mark === mark;
    const path = (rest = "") => deploymentPath(this.cluster.id, this.name, rest);
    const settled = same && known.history.every(({ status }) => status !== "pending");
    const [deployment, history, incidents] = await Promise.all([
      same ? known.deployment : get(path(), {}, signal),
      settled ? known.history : get(path("/history"), {}, signal).then((page) => page.items),
      this.#incidents(row, signal),
    ]);
    return { mark, row, deployment, history, incidents };
  }

  async #incidents({ applyStatus, drift }, signal) {
    if (!FAILED.includes(applyStatus) && drift?.state !== "drifted") return [];
    const firing = await list(clusterPath(this.cluster.id, "/incidents"), { type: INCIDENTS, state: "firing" }, signal);
    return firing.items.filter(({ scope }) => scope === `managed/${this.name}`);
  }

  get #granted() {
    return this.cluster.capabilities.includes("apply");
  }

  get #active() {
    const row = this.#live.data?.row;
    return may("write") && this.#granted && row !== null && !row?.deleting;
  }

  render() {
    const back = links.cluster(this.cluster.id, "deployments");
    const data = this.#live.data;
    return html`<p class="way"><a href=${back} @click=${follow}>← Deployments</a></p>
      ${staleNote(this.#live)} ${data?.deployment ? this.#all(data) : this.#nothing(data)}`;
  }

  #nothing(data) {
    if (!data) return html`<h2 class="muted">Loading…</h2>`;
    return html`<section class="panel empty">
      <h2>There is no deployment ${text(this.name)}</h2>
      <p>It was deleted, or never made.</p>
    </section>`;
  }

  #all({ deployment, history, incidents }) {
    return html`<niro-deployment-head .deployment=${deployment}></niro-deployment-head> ${this.#buttons(deployment)} ${failureNote(this.#attempt)}
      ${this.said ? html`<p class="note" role="status"><bdi>${this.said}</bdi></p>` : nothing} ${incidents.map((incident) => this.#trouble(incident))}
      ${
        this.findings.length
          ? html`<niro-deployment-findings .findings=${this.findings} @niro-close=${() => (this.findings = [])}></niro-deployment-findings>`
          : nothing
      }
      ${this.#conflicts(deployment)} ${this.#drift(deployment)} ${this.#objects(deployment)} ${this.#history(deployment, history)} ${this.#dialog(deployment)}`;
  }

  #buttons({ applyStatus, deleting }) {
    if (!may("write")) return nothing;
    const { busy } = this.#attempt;
    const ask = (order, label, kind = "") => html`<button class=${kind} ?disabled=${busy} @click=${() => this.#ask(order)}>${label}</button>`;
    return html`<div class="row">
      ${
        this.#active
          ? html`${ask("form", "Other manifests…")} ${ask("apply", "Apply again…")}
              <button ?disabled=${busy} @click=${this.#compare}>Look for drift</button>`
          : nothing
      }
      ${applyStatus === "pending" ? html`<button ?disabled=${busy} @click=${this.#cancel}>Cancel the ${deleting ? "deletion" : "apply"}</button>` : nothing}
      ${ask("delete", this.#granted ? "Delete…" : "Forget…", "danger")}
    </div>`;
  }

  #trouble(incident) {
    const href = links.cluster(this.cluster.id, "incidents", { incident: incident.id });
    return html`<p class="note" role="status">
      <span><a href=${href} @click=${follow}>${beginning(sentence(incident.summary))}</a> is an open incident.</span>
    </p>`;
  }

  #conflicts({ conflicts }) {
    const open = (conflicts ?? []).filter(({ taken }) => !taken);
    if (open.length === 0) return nothing;
    return html`<niro-deployment-conflicts
      .conflicts=${open}
      .active=${this.#active && !this.#attempt.busy}
      @niro-adopt=${() => this.#again({ adopt: true })}
    ></niro-deployment-conflicts>`;
  }

  #drift({ drift, applyStatus }) {
    const drifted = drift?.state === "drifted";
    return html`<section class="panel" aria-label="Drift">
      <header>
        <h2>Drift</h2>
        ${drift ? html`<span class="muted">compared <niro-ago .at=${drift.checkedAt}></niro-ago></span>` : nothing}<span class="grow"></span>
        ${
          drifted && this.#active
            ? html`<button class="primary" ?disabled=${this.#attempt.busy || applyStatus === "pending"} @click=${() => this.#again({})}>Revert</button>`
            : nothing
        }
      </header>
      ${drift ? html`<niro-deployment-drift .drift=${drift}></niro-deployment-drift>` : html`<p class="calm">Nobody has looked yet.</p>`}
    </section>`;
  }

  #objects({ objects, applyStatus }) {
    return html`<section class="panel" aria-label="Objects">
      <header>
        <h2>Objects</h2>
        <span class="muted">of the newest apply that reported</span>
      </header>
      ${
        objects
          ? html`<niro-deployment-results .objects=${objects}></niro-deployment-results>`
          : html`<p class="calm">${applyStatus === "pending" ? "Waiting for the agent…" : "The agent has not reported any."}</p>`
      }
    </section>`;
  }

  #history(deployment, applies) {
    return html`<section class="panel" aria-label="History">
      <header>
        <h2>History</h2>
        <span class="muted">the newest 20 applies</span>
      </header>
      <niro-deployment-history
        .deployment=${deployment}
        .applies=${applies}
        .active=${this.#active}
        @niro-rollback=${({ detail }) => this.#ask("rollback", detail)}
      ></niro-deployment-history>
    </section>`;
  }

  #dialog(deployment) {
    if (!this.asking) return nothing;
    const close = () => (this.asking = null);
    const sent = ({ detail }) => {
      close();
      this.#follow(detail);
    };
    if (this.asking.order === "form")
      return html`<niro-deployment-form
        .cluster=${this.cluster.id}
        .deployment=${deployment}
        @niro-close=${close}
        @niro-sent=${sent}
      ></niro-deployment-form>`;
    return html`<niro-deployment-order
      .deployment=${deployment}
      .order=${this.asking.order}
      .revision=${this.asking.revision}
      .granted=${this.#granted}
      @niro-close=${close}
      @niro-sent=${sent}
      @niro-forgotten=${() => this.dispatchEvent(new CustomEvent("niro-gone"))}
    ></niro-deployment-order>`;
  }

  #ask(order, revision = null) {
    Object.assign(this, { asking: { order, revision }, said: "" });
  }

  async #again(options) {
    this.said = "";
    const answer = await this.#attempt.run(() => post(deploymentPath(this.cluster.id, this.name, "/apply"), options));
    if (answer) await this.#follow(answer);
  }

  #compare = async () => {
    this.said = "Comparing…";
    const command = await this.#attempt.run(() => post(deploymentPath(this.cluster.id, this.name, "/diff")));
    this.said = command ? "Waiting for the agent to compare…" : "";
    if (!command) return;
    const ended = await this.#ended(command.id);
    if (!ended || ended.state === "succeeded") this.said = "";
    else this.said = ended.finishedAt ? `The comparison ended ${clean(ended.state)}: ${clean(ended.reason)}` : "The agent has not answered yet; what it finds is shown here when it has.";
  };

  #cancel = async () => {
    const path = clusterPath(this.cluster.id, `/commands/${encodeURIComponent(this.#live.data.row.command)}`);
    await this.#attempt.run(() => remove(path));
    await this.#live.refresh();
  };

  /** Shows what an answer tells, and what comes of its command as soon as that is known. */
  async #follow(answer) {
    this.findings = answer.findings ?? [];
    await this.#live.refresh();
    await this.#ended(answer.command ?? answer.id);
  }

  /** The command once it is finished, or as it is after a while; null when that is not known. */
  async #ended(command) {
    const ended = await finished(this.cluster.id, command, this.#left.signal).catch(() => null);
    if (this.isConnected) await this.#live.refresh();
    return ended;
  }
}

customElements.define("niro-deployment", NiroDeployment);
