/** <niro-pods>: pods of all clusters, filtered by the server. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Window } from "./niro-window.js";
import { list, may } from "./niro-api.js";
import "./niro-pod-log.js";
import { byName, clean, count } from "./niro-format.js";
import { badge, follow, links, skeletonRows, staleNote, text } from "./niro-parts.js";

const FIRST_PODS = 500;
const MORE_PODS = 1000;
const TYPING_MILLIS = 200;
const COLUMNS = [
  ["pod", "Pod"],
  ["status", "Status"],
  ["ready", "Ready", "number"],
  ["restarts", "Restarts", "number"],
  ["age", "Age", "number"],
  ["cluster", "Cluster"],
  ["node", "Node"],
  ["images", "Images"],
  ["logs", "Logs"],
];

/** "registry.example.com/shop/cart:1.5" → "cart:1.5": what tells images apart; the whole is the title. */
const lastPart = (image) => image.slice(image.lastIndexOf("/") + 1);

/** How a pod's status is to be read: what kubectl shows, and whether it is ready. */
function toneOf(pod) {
  const [ready, all] = pod.ready.split("/").map(Number);
  if (pod.status === "Running") return ready === all ? "good" : "warning";
  if (pod.status === "Completed" || pod.status === "Succeeded") return "offline";
  if (/^(Pending|ContainerCreating|PodInitializing|Init:\d+\/\d+|SchedulingGated)$/.test(pod.status)) return "pending";
  return /^(Terminating|Unknown)$/.test(pod.status) ? "unknown" : "critical";
}

class NiroPods extends LitElement {
  static properties = {
    /** The filters to start with, as in an address: ?q=…&cluster=…&namespace=… */
    query: { type: String },
    q: { state: true },
    clusterId: { state: true },
    namespace: { state: true },
    looking: { state: true },
  };

  static styles = [
    shared,
    css`
      .head { display: flex; align-items: baseline; gap: 12px; margin-bottom: 12px; }
      .filters { margin-bottom: 12px; }
      .filters input[type="search"] { width: 280px; max-width: 100%; }
      col.pod { width: 26%; } col.status { width: 196px; } col.ready { width: 68px; } col.restarts { width: 84px; }
      col.logs { width: 84px; } td.logs { padding-inline: 4px; }
      col.age { width: 76px; } col.cluster { width: 15%; } col.node { width: 11%; }
      .often { color: var(--niro-critical); font-weight: 620; }
      @media (max-width: 1080px) { .images { display: none; } }
      @media (max-width: 820px) {
        .filters > * { flex: 1 1 150px; width: auto; min-width: 0; }
        colgroup, thead { display: none; }
        table, tbody { display: block; }
        tbody tr:not(.gap) {
          display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 2px 12px; align-content: center; padding: 8px 14px;
          height: 92px; border-bottom: 1px solid var(--niro-line);
        }
        tbody tr.gap { display: block; }
        td, td:first-child, td:last-child { height: auto; padding: 0; border: 0; }
        td.pod { grid-area: 1 / 1 / 3 / 2; } td.status { grid-area: 1 / 2; text-align: end; } td.age { grid-area: 2 / 2; }
        td.cluster { grid-area: 3 / 1; } td.restarts { grid-area: 3 / 2; }
        td.logs { grid-area: 1 / 3 / 4 / 4; align-self: center; }
        td.restarts::after { content: " restarts"; } td.ready, td.node { display: none; }
        td.age, td.cluster, td.restarts { font-size: 13px; color: var(--niro-muted); }
      }
    `,
  ];

  #want = FIRST_PODS;
  #typing = 0;
  #namespaces = new Set();
  #window = new Window(this, COLUMNS.length, 48, 92);
  #clusters = new Live(
    this,
    (signal) => list("/clusters", {}, signal),
    () => "clusters",
  );
  #live = new Live(
    this,
    (signal) => this.#load(signal),
    () => `pods ${JSON.stringify(this.#filters)}`,
  );

  constructor() {
    super();
    Object.assign(this, { q: "", clusterId: "", namespace: "", looking: null });
  }

  get #columns() {
    return may("write") ? COLUMNS : COLUMNS.filter(([id]) => id !== "logs");
  }

  get #filters() {
    return { q: this.q.trim(), cluster: this.clusterId, namespace: this.namespace };
  }

  async #load(signal) {
    const pods = await list("/pods", this.#filters, signal, this.#want);
    for (const pod of pods.items) this.#namespaces.add(pod.namespace);
    return pods;
  }

  connectedCallback() {
    this.#take();
    super.connectedCallback();
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("query") && this.#take()) this.#live.refresh();
  }

  /** The filters of the address; whether they are others than before. */
  #take() {
    const given = new URLSearchParams(this.query ?? "");
    const wanted = {
      q: given.get("q") ?? "",
      clusterId: given.get("cluster") ?? "",
      namespace: given.get("namespace") ?? "",
    };
    const same =
      wanted.q === this.q.trim() && wanted.clusterId === this.clusterId && wanted.namespace === this.namespace;
    if (!same) Object.assign(this, wanted);
    this.#want = FIRST_PODS;
    return !same;
  }

  updated() {
    const data = this.#live.data;
    if (!data?.nextCursor || data.items.length < this.#want || !this.#window.atEnd) return;
    this.#want += MORE_PODS;
    this.#live.refresh();
  }

  #filter(change) {
    Object.assign(this, change);
    this.#want = FIRST_PODS;
    const set = Object.fromEntries(Object.entries(this.#filters).filter(([, value]) => value));
    this.dispatchEvent(
      new CustomEvent("niro-filter", { detail: { href: links.pods(set) }, bubbles: true, composed: true }),
    );
    this.#live.refresh();
  }

  #type = (event) => {
    const q = event.target.value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#filter({ q }), TYPING_MILLIS);
  };

  render() {
    const data = this.#live.data;
    return html`
      <div class="head">
        <h1>Pods</h1>
        <span class="muted" role="status"
          >${data ? `${count(data.items.length)}${data.nextCursor ? "+" : ""}` : "Loading…"}</span
        >
      </div>
      ${staleNote(this.#live)}
      <div class="filters row">
        <input
          type="search"
          aria-label="Filter by name, namespace, node or cluster"
          placeholder="Filter by name, node or cluster"
          .value=${this.q}
          @input=${this.#type}
        />
        <select aria-label="Cluster" @change=${(event) => this.#filter({ clusterId: event.target.value })}>
          <option value="">All clusters</option>
          ${this.#clusterOptions().map(({ id, name }) => this.#option(id, name, this.clusterId))}
        </select>
        <select aria-label="Namespace" @change=${(event) => this.#filter({ namespace: event.target.value })}>
          <option value="">All namespaces</option>
          ${this.#namespaceOptions().map((name) => this.#option(name, name, this.namespace))}
        </select>
        ${this.q || this.clusterId || this.namespace ? this.#clear() : nothing}
      </div>
      ${this.#table(data)} ${this.looking ? this.#log() : nothing}
    `;
  }

  #log() {
    const cluster = this.#clusterOptions().find(({ id }) => id === this.looking.cluster.id);
    return html`<niro-pod-log
      .pod=${this.looking}
      .capabilities=${cluster?.capabilities ?? null}
      @niro-close=${() => (this.looking = null)}
    ></niro-pod-log>`;
  }

  #option(value, label, selected) {
    return html`<option value=${value} .selected=${value === selected}>${clean(label)}</option>`;
  }

  #clear() {
    const none = { q: "", clusterId: "", namespace: "" };
    return html`<button class="plain" @click=${() => this.#filter(none)}>Clear filters</button>`;
  }

  #clusterOptions() {
    return [...(this.#clusters.data?.items ?? [])].sort((a, b) => byName(a.name, b.name));
  }

  #namespaceOptions() {
    return [...new Set([...this.#namespaces, this.namespace])].filter(Boolean).sort(byName);
  }

  #table(data) {
    return html`<div class="panel">
      <table aria-label="Pods" aria-rowcount=${data ? (data.nextCursor ? -1 : data.items.length + 1) : nothing}>
        <colgroup>
          ${this.#columns.map(([id]) => html`<col class=${id} />`)}
        </colgroup>
        <thead>
          <tr>
            ${this.#columns.map(([id, label, kind]) => html`<th scope="col" class="${id} ${kind ?? ""}">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${
            data
              ? this.#window.rows(data.items, (visible) =>
                  repeat(
                    visible,
                    (pod) => `${pod.cluster.id} ${pod.uid}`,
                    (pod) => this.#row(pod),
                  ),
                )
              : skeletonRows(this.#columns.length)
          }
        </tbody>
      </table>
      ${data?.items.length === 0 ? html`<p class="empty">No pod matches.</p>` : nothing}
    </div>`;
  }

  #row(pod) {
    const target = links.cluster(pod.cluster.id, "workloads");
    return html`<tr>
      <td class="pod">
        <span class="name">${text(pod.name)}</span><span class="sub"><bdi>${clean(pod.namespace)}</bdi></span>
      </td>
      <td class="status">${badge(toneOf(pod), pod.status, pod.message ?? pod.status)}</td>
      <td class="ready number">${clean(pod.ready)}</td>
      <td class="restarts number ${pod.restarts >= 5 ? "often" : pod.restarts ? "" : "muted"}">
        ${count(pod.restarts)}
      </td>
      <td class="age number"><niro-ago plain .at=${pod.createdAt}></niro-ago></td>
      <td class="cluster"><a href=${target} @click=${follow}>${text(pod.cluster.name)}</a></td>
      <td class="node">${pod.node ? text(pod.node) : html`<span class="muted">–</span>`}</td>
      <td class="images mono" title=${clean(pod.images.join(", "))}>
        <bdi>${clean(pod.images.map(lastPart).join(", "))}</bdi>
      </td>
      ${
        may("write")
          ? html`<td class="logs">
              <button class="plain" aria-label="View logs of ${clean(pod.name)}" @click=${() => (this.looking = pod)}>View</button>
            </td>`
          : nothing
      }
    </tr>`;
  }
}

customElements.define("niro-pods", NiroPods);
