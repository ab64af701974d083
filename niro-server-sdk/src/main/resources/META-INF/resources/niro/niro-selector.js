/** <niro-selector>: the form's part that says which incidents are meant: environments, labels, clusters, types. */
import { LitElement, html, css } from "lit";
import { shared } from "./niro-style.js";
import { list } from "./niro-api.js";
import { byName, clean, labelLines, labelsOf, place, words } from "./niro-format.js";
import { ENVIRONMENTS } from "./niro-parts.js";

const CLUSTERS_AT_MOST = 1000;
const NOTHING = { clusters: [], environments: [], labels: {}, types: [] };

function inPlace(scope) {
  const [what, part] = place(scope);
  return what === scope ? `in ${clean(scope)}` : clean([what, part].filter(Boolean).join(", "));
}

/** A selector in words, one line a part; `names` maps ids of clusters to their names. */
export function selectorWords(selector, names = new Map()) {
  const { clusters = [], environments = [], labels = {}, types = [], scopePrefix } = { ...NOTHING, ...selector };
  const named = clusters.slice(0, 5).map((id) => clean(names.get(id) ?? id));
  const more = clusters.length > 5 ? ` and ${clusters.length - 5} more` : "";
  return [
    clusters.length ? `${clusters.length === 1 ? "cluster" : "clusters"} ${named.join(", ")}${more}` : "",
    environments.length ? `environment ${environments.map(clean).join(", ")}` : "",
    Object.keys(labels).length ? `label ${labelLines(labels).split("\n").map(clean).join(", ")}` : "",
    types.length ? types.map(words).join(", ") : "",
    scopePrefix ? inPlace(scopePrefix) : "",
  ].filter(Boolean);
}

class NiroSelector extends LitElement {
  static properties = {
    /** What to begin with. */
    selector: { attribute: false },
    clusters: { state: true },
  };

  static styles = [
    shared,
    css`
      .boxes { display: flex; flex-wrap: wrap; gap: 6px 16px; }
      select[multiple] { height: 104px; }
    `,
  ];

  constructor() {
    super();
    this.selector = NOTHING;
    this.clusters = null;
  }

  async connectedCallback() {
    super.connectedCallback();
    const clusters = await list("/clusters", {}, undefined, CLUSTERS_AT_MOST).catch(() => ({ items: [] }));
    this.clusters = clusters.items.sort((a, b) => byName(a.name, b.name));
  }

  get value() {
    const all = (selector) => [...this.renderRoot.querySelectorAll(selector)];
    const types = this.renderRoot.querySelector("[name=types]").value;
    // Until the names are there, what was chosen before stays chosen.
    const clusters = this.clusters
      ? all("[name=clusters] option").filter((one) => one.selected).map((one) => one.value)
      : this.selector.clusters;
    return {
      clusters,
      environments: all("[name=environment]:checked").map((one) => one.value),
      labels: labelsOf(this.renderRoot.querySelector("[name=labels]").value),
      types: types.split(/[\s,]+/).filter(Boolean),
    };
  }

  render() {
    const { environments, labels, types } = { ...NOTHING, ...this.selector };
    return html`<div class="form">
      <fieldset>
        <legend>Environments</legend>
        <div class="boxes">
          ${ENVIRONMENTS.map(
            (one) =>
              html`<label class="check"
                ><input type="checkbox" name="environment" value=${one} ?checked=${environments.includes(one)} />${words(one)}</label
              >`,
          )}
        </div>
      </fieldset>
      <div class="pair">
        <label class="field"
          ><span>Labels</span
          ><textarea name="labels" spellcheck="false" placeholder="site=north" .defaultValue=${labelLines(labels)}></textarea
          ><small>One <code>key=value</code> per line; a cluster has all of them</small></label
        >
        <label class="field"
          ><span>Clusters</span>${this.clusters ? this.#options() : html`<select multiple disabled></select>`}<small
            >None chosen: every cluster</small
          ></label
        >
      </div>
      <label class="field"
        ><span>Types of incidents</span
        ><input name="types" spellcheck="false" autocomplete="off" placeholder="node_not_ready, cluster_offline" .defaultValue=${types.join(", ")} /><small
          >Empty: every type</small
        ></label
      >
    </div>`;
  }

  #options() {
    const chosen = this.selector?.clusters ?? [];
    return html`<select name="clusters" multiple>
      ${this.clusters.map(({ id, name }) => html`<option value=${id} ?selected=${chosen.includes(id)}>${clean(name)}</option>`)}
      ${chosen
        .filter((id) => !this.clusters.some((one) => one.id === id))
        .map((id) => html`<option value=${id} selected>${clean(id)}</option>`)}
    </select>`;
  }
}

customElements.define("niro-selector", NiroSelector);
