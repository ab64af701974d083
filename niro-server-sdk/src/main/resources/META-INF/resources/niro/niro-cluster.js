/** <niro-cluster>: one cluster with its tabs. */
import { LitElement, html, css, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { clusterPath, get } from "./niro-api.js";
import { count, counted, sentence, version } from "./niro-format.js";
import { environmentTag, follow, links, since, staleNote, statusBadge, text } from "./niro-parts.js";
import "./niro-cluster-overview.js";
import "./niro-cluster-workloads.js";
import "./niro-deployments.js";
import "./niro-findings.js";
import "./niro-incidents.js";
import "./niro-cluster-timeline.js";
import "./niro-cluster-settings.js";

const TABS = ["overview", "incidents", "workloads", "deployments", "findings", "timeline", "settings"];

class NiroCluster extends LitElement {
  static properties = {
    /** The cluster's id. */
    cluster: { type: String },
    /** overview, incidents, workloads, deployments, findings, timeline or settings. */
    tab: { type: String },
    /** The filters of the tab, as in an address. */
    query: { type: String },
    deleted: { state: true },
  };

  static styles = [
    shared,
    css`
      .way { font-size: 13px; margin-bottom: 6px; }
      .title { display: flex; align-items: center; gap: 10px; min-width: 0; }
      .title h1 { min-width: 0; }
      .why { margin: 4px 0 8px; }
      .facts { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 18px; font-size: 13px; color: var(--niro-muted); }
      .facts b { font-weight: 560; color: var(--niro-text); }
      .facts .tag { vertical-align: baseline; }
      nav { display: flex; gap: 4px; margin: 16px 0; border-bottom: 1px solid var(--niro-line); overflow-x: auto; }
      nav a { padding: 8px 12px; color: var(--niro-muted); font-weight: 540; border-bottom: 2px solid transparent; }
      nav a:hover { color: var(--niro-text); text-decoration: none; }
      nav a[aria-current] { color: var(--niro-text); border-bottom-color: var(--niro-accent); }
      nav a:focus-visible { outline-offset: -2px; }
      nav .many { margin-inline-start: 5px; font-weight: 620; color: var(--niro-critical); }
      pre {
        margin: 0; padding: 10px 14px; font-family: var(--niro-mono); font-size: 12.5px; background: var(--niro-sunken);
        border-radius: var(--niro-radius); user-select: all;
      }
    `,
  ];

  constructor() {
    super();
    this.tab = "overview";
    this.deleted = null;
  }

  #live = new Live(
    this,
    (signal) => get(clusterPath(this.cluster), {}, signal),
    () => `cluster ${this.cluster}`,
  );

  willUpdate(changed) {
    if (changed.get("cluster") !== undefined) this.#live.restart();
  }

  updated(changed) {
    if (changed.has("tab"))
      this.renderRoot.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const title = this.deleted?.name ?? this.#live.data?.name;
    if (title) this.dispatchEvent(new CustomEvent("niro-title", { detail: { title }, bubbles: true, composed: true }));
  }

  render() {
    const cluster = this.#live.data;
    if (this.deleted) return this.#gone();
    if (this.#live.error?.status === 404) return this.#missing();
    return html`
      <p class="way"><a href=${links.fleet()} @click=${follow}>← Fleet</a></p>
      ${cluster ? this.#head(cluster) : html`<h1 class="muted">Loading…</h1>`}
      <nav aria-label="Cluster">${TABS.map((tab) => this.#tab(tab))}</nav>
      ${staleNote(this.#live)} ${cluster ? keyed(cluster.id, this.#content(cluster)) : nothing}
    `;
  }

  #head(cluster) {
    const labels = Object.entries(cluster.labels);
    return html`
      <div class="title">
        <h1 class="cut">${text(cluster.name)}</h1>
        ${statusBadge(cluster)}
      </div>
      <p class="why">
        <bdi>${sentence(cluster.statusReason)}</bdi> <span class="muted">${since(cluster.statusSince)}</span>
      </p>
      <div class="facts">
        <span>${environmentTag(cluster.environment)}</span>
        <span
          >Last heartbeat <b><niro-ago .at=${cluster.lastHeartbeatAt}></niro-ago></b
        ></span>
        ${cluster.kubernetesVersion ? html`<span>Kubernetes <b>${version(cluster.kubernetesVersion)}</b></span>` : nothing}
        ${cluster.agentVersion ? html`<span>Agent <b>${version(cluster.agentVersion)}</b></span>` : nothing}
        <span>${counted(cluster.nodes, "node")}, ${counted(cluster.pods, "pod")}</span>
        ${labels.map(([name, value]) => html`<span class="tag">${text(value ? `${name}=${value}` : name)}</span>`)}
      </div>
    `;
  }

  #tab(tab) {
    const label = tab.charAt(0).toUpperCase() + tab.slice(1);
    return html`<a
      href=${links.cluster(this.cluster, tab)}
      aria-current=${tab === this.tab ? "page" : nothing}
      @click=${follow}
      >${label}${tab === "incidents" && this.#live.data?.openIncidents ? html`<span class="many">${count(this.#live.data.openIncidents)}</span>` : nothing}</a
    >`;
  }

  #content(cluster) {
    switch (this.tab) {
      case "incidents":
        return html`<niro-incidents .cluster=${cluster.id} .query=${this.query}></niro-incidents>`;
      case "findings":
        return html`<niro-findings .cluster=${cluster.id} .query=${this.query}></niro-findings>`;
      case "workloads":
        return html`<niro-cluster-workloads .cluster=${cluster}></niro-cluster-workloads>`;
      case "deployments":
        return html`<niro-deployments .cluster=${cluster} .query=${this.query}></niro-deployments>`;
      case "timeline":
        return html`<niro-cluster-timeline .cluster=${cluster}></niro-cluster-timeline>`;
      case "settings":
        return html`<niro-cluster-settings
          .cluster=${cluster}
          @niro-changed=${() => this.#live.refresh()}
          @niro-deleted=${() => (this.deleted = cluster)}
        ></niro-cluster-settings>`;
      default:
        return html`<niro-cluster-overview .cluster=${cluster}></niro-cluster-overview>`;
    }
  }

  #gone() {
    return html`<section class="panel empty" role="status">
      <h2>${text(this.deleted.name)} is no longer part of the fleet</h2>
      <p>Its agent goes on inside the cluster and is refused here. To remove it there as well:</p>
      <pre tabindex="0">kubectl delete namespace niro-system</pre>
      <a class="button" href=${links.fleet()} @click=${follow}>To the fleet</a>
    </section>`;
  }

  #missing() {
    return html`<section class="panel empty">
      <h2>There is no such cluster</h2>
      <p>It was deleted, or it is not yours to see.</p>
      <a class="button" href=${links.fleet()} @click=${follow}>To the fleet</a>
    </section>`;
  }
}

customElements.define("niro-cluster", NiroCluster);
