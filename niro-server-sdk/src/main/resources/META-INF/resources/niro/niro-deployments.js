/** <niro-deployments>: what Niro keeps applied in one cluster, and one of it opened. */
import { LitElement, html, css, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { list, may } from "./niro-api.js";
import { clean, count } from "./niro-format.js";
import { follow, links, navigate, skeletonRows, staleNote, text } from "./niro-parts.js";
import { grantText } from "./niro-grant.js";
import { deploymentBadge, deploymentPath, driftBadge } from "./niro-deployment-parts.js";
import "./niro-deployment.js";
import "./niro-deployment-form.js";

const COLUMNS = [
  ["deployment", "Deployment"],
  ["status", "Apply"],
  ["reason", "Reason"],
  ["drift", "Drift"],
  ["synced", "Last sync"],
  ["revision number", "Revision"],
];

class NiroDeployments extends LitElement {
  static properties = {
    /** The cluster. */
    cluster: { attribute: false },
    /** Which is open, as in an address: ?deployment=web */
    query: { type: String },
    making: { state: true },
    sent: { state: true },
  };

  static styles = [
    shared,
    css`
      :host { display: grid; gap: 14px; min-width: 0; }
      :host > * { min-width: 0; }
      .head { margin: 0; }
      .grant { display: grid; gap: 10px; padding: 14px 16px; }
      .grant p { overflow-wrap: anywhere; }
      col.deployment { width: 24%; } col.status { width: 150px; } col.drift { width: 130px; } col.synced { width: 116px; } col.revision { width: 90px; }
      @media (max-width: 820px) {
        colgroup, thead { display: none; }
        table, tbody { display: block; }
        tbody tr {
          display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 12px; padding: 10px 14px; border-bottom: 1px solid var(--niro-line);
        }
        tbody tr:last-child { border-bottom: 0; }
        td, td:first-child, td:last-child { height: auto; padding: 0; border: 0; }
        td.deployment { grid-area: 1 / 1 / 3 / 2; } td.status { grid-area: 1 / 2; } td.drift { grid-area: 2 / 2; }
        td.reason { grid-area: 3 / 1 / 4 / 3; white-space: normal; overflow-wrap: anywhere; }
        td.synced { grid-area: 4 / 1; } td.revision { grid-area: 4 / 2; }
        td.status, td.drift { text-align: end; }
        td.synced::before { content: "Synced "; } td.revision::before { content: "Revision "; }
        td.synced, td.revision { font-size: 13px; color: var(--niro-muted); }
      }
    `,
  ];

  #live = new Live(
    this,
    (signal) => list(deploymentPath(this.cluster.id), {}, signal),
    () => `deployments ${this.cluster?.id}`,
  );

  constructor() {
    super();
    Object.assign(this, { query: "", making: false, sent: null });
  }

  get #granted() {
    return this.cluster.capabilities.includes("apply");
  }

  get #opened() {
    return new URLSearchParams(this.query ?? "").get("deployment");
  }

  willUpdate(changed) {
    if (changed.has("query") && this.#opened !== this.sent?.name) this.sent = null;
  }

  render() {
    return html`${this.#grant()} ${this.#opened ? this.#one(this.#opened) : this.#all()}`;
  }

  #one(name) {
    return keyed(
      name,
      html`<niro-deployment
        .cluster=${this.cluster}
        .name=${name}
        .sent=${this.sent?.name === name ? this.sent : null}
        @niro-gone=${this.#gone}
      ></niro-deployment>`,
    );
  }

  #all() {
    const { data } = this.#live;
    return html`<div class="head">
        <div class="grow">
          <h2>Deployments</h2>
          <p class="muted" role="status">${data ? `${count(data.items.length)}, each a set of manifests that Niro keeps applied` : "Loading…"}</p>
        </div>
        ${this.#granted && may("write") ? html`<button class="primary" @click=${() => (this.making = true)}>Apply manifests…</button>` : nothing}
      </div>
      ${staleNote(this.#live)} ${data?.items.length === 0 ? this.#none() : this.#table(data)} ${this.making ? this.#form() : nothing}`;
  }

  #none() {
    return html`<section class="panel empty">
      <p>None yet. <code>niro apply -f FOLDER --cluster ${clean(this.cluster.name)} --name web</code> makes one.</p>
    </section>`;
  }

  #grant() {
    if (this.#granted) return nothing;
    if (this.cluster.enrolledAt === null) return html`<p class="muted">Its agent has not come yet. Manifests can be applied when it has.</p>`;
    return html`<section class="panel grant" aria-label="Not granted">
      <p>The agent of ${text(this.cluster.name)} may not change objects, so nothing can be applied there.</p>
      ${
        may("write")
          ? html`<p>To grant it that, run this where you installed it, with whatever else you gave it then. <code>NIRO_APPLY_SCOPE=admin</code> adds permissions and cluster-wide kinds.</p>
              ${grantText(this.cluster.capabilities, "apply")}`
          : nothing
      }
    </section>`;
  }

  #table(data) {
    return html`<div class="panel">
      <table aria-label="Deployments">
        <colgroup>
          ${COLUMNS.map(([kind]) => html`<col class=${kind} />`)}
        </colgroup>
        <thead>
          <tr>
            ${COLUMNS.map(([kind, label]) => html`<th scope="col" class=${kind}>${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${
            data
              ? repeat(
                  data.items,
                  ({ name }) => name,
                  (deployment) => this.#row(deployment),
                )
              : skeletonRows(COLUMNS.length, 3)
          }
        </tbody>
      </table>
    </div>`;
  }

  #row(deployment) {
    const { name, namespace, revision, reason, lastSyncAt, drift } = deployment;
    const href = links.cluster(this.cluster.id, "deployments", { deployment: name });
    return html`<tr>
      <td class="deployment"><a class="name" href=${href} @click=${follow}>${text(name)}</a><span class="sub"><bdi>${clean(namespace)}</bdi></span></td>
      <td class="status">${deploymentBadge(deployment)}</td>
      <td class="reason muted">${reason ? html`<bdi title=${clean(reason)}>${clean(reason)}</bdi>` : nothing}</td>
      <td class="drift">${driftBadge(drift)}</td>
      <td class="synced"><niro-ago .at=${lastSyncAt}></niro-ago></td>
      <td class="revision number">${count(revision)}</td>
    </tr>`;
  }

  #form() {
    return html`<niro-deployment-form
      .cluster=${this.cluster.id}
      @niro-close=${() => (this.making = false)}
      @niro-sent=${this.#made}
    ></niro-deployment-form>`;
  }

  #made = ({ detail }) => {
    Object.assign(this, { making: false, sent: detail });
    navigate(this, links.cluster(this.cluster.id, "deployments", { deployment: detail.name }));
  };

  #gone = () => navigate(this, links.cluster(this.cluster.id, "deployments"));
}

customElements.define("niro-deployments", NiroDeployments);
