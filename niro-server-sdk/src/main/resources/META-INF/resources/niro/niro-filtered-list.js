/** What the lists of incidents and of findings share: the fleet's or a cluster's, filters in the address, what is unfolded. */
import { LitElement, html, nothing } from "lit";
import { Live } from "./niro-live.js";
import { Filters } from "./niro-state.js";
import { clusterPath, list } from "./niro-api.js";
import { byName } from "./niro-format.js";
import { choose, links } from "./niro-parts.js";

/** A subclass says what it asks the server for (`asked`) and loads it (`load(signal)`). */
export class FilteredList extends LitElement {
  static properties = {
    /** Only those of this cluster. */
    cluster: { type: String },
    /** The filters to start with, as in an address: ?severity=high */
    query: { type: String },
    open: { state: true },
  };

  #what;
  #cleared;

  /** `what` is the name in addresses; `cleared` are the filters that hide something, `others` what else is part of the address. */
  constructor(what, cleared, others) {
    super();
    this.#what = what;
    this.#cleared = Object.fromEntries(cleared.map((name) => [name, ""]));
    this.open = new Set();
    this.filters = new Filters(
      this,
      [...others, ...cleared],
      (set) => this.hrefWith(set),
      () => this.live.refresh(),
    );
    this.clusters = new Live(
      this,
      async (signal) => (this.cluster ? { items: [] } : list("/clusters", {}, signal)),
      () => (this.cluster ? null : "clusters"),
    );
    this.live = new Live(
      this,
      (signal) => this.load(signal),
      () => `${what} ${this.cluster ?? ""} ${JSON.stringify(this.asked)}`,
    );
  }

  /** Where the list is in the API. */
  get path() {
    return this.cluster ? clusterPath(this.cluster, `/${this.#what}`) : `/${this.#what}`;
  }

  hrefWith(set) {
    return this.cluster ? links.cluster(this.cluster, this.#what, set) : links[this.#what](set);
  }

  connectedCallback() {
    this.filters.take(this.query);
    super.connectedCallback();
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has("query") && this.filters.take(this.query)) this.live.refresh();
  }

  get filtered() {
    return Object.keys(this.#cleared).some((name) => this.filters.values[name]);
  }

  clear = () => this.filters.put(this.#cleared);

  put = (name) => (value) => this.filters.put({ [name]: value });

  /** Items whose text, as `searched(item)` gives it, has what somebody typed. */
  matching(items, searched) {
    const needle = this.filters.values.q.trim().toLowerCase();
    return items.filter((one) => !needle || searched(one).includes(needle));
  }

  clusterChoice() {
    if (this.cluster) return nothing;
    const clusters = [...(this.clusters.data?.items ?? [])].sort((a, b) => byName(a.name, b.name));
    const choices = clusters.map(({ id, name }) => [id, name]);
    return choose("Cluster", "All clusters", choices, this.filters.values.cluster, this.put("cluster"));
  }

  clearButton() {
    return this.filtered ? html`<button class="plain" @click=${this.clear}>Clear filters</button>` : nothing;
  }

  /** Unfolds what is folded, and the other way round. */
  toggle = (key) => {
    const open = new Set(this.open);
    if (!open.delete(key)) open.add(key);
    this.open = open;
  };
}
