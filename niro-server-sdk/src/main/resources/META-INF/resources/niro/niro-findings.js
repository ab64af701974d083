/** <niro-findings>: what policies find in the fleet, or in one cluster, by rule or by workload, with the fix. */
import { html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { FilteredList } from "./niro-filtered-list.js";
import { list, may } from "./niro-api.js";
import { byName, clean, count, counted, full, place, ruleWords, sentence, words } from "./niro-format.js";
import { SEVERITIES, choose, evidenceList, follow, links, severityBadge, since, staleNote, text } from "./niro-parts.js";
import { canExempt } from "./niro-exempt.js";

const AT_MOST = 2000;
const SHOWN_OF_GROUP = 200;
const rank = ({ severity }) => SEVERITIES.indexOf(severity);
const keyOf = ({ cluster, id }) => `${cluster.id} ${id}`;

const GROUPINGS = {
  "": ({ rule }) => rule,
  workload: ({ cluster, scope }) => `${cluster.id} ${scope}`,
};

const more = (page) => (page.nextCursor ? "+" : "");

const searched = ({ rule, scope, message, cluster, fix }) =>
  [rule, ruleWords(rule), scope, message, fix, cluster.name].join("\n").toLowerCase();

class NiroFindings extends FilteredList {
  static properties = { exempting: { state: true } };

  static styles = [
    shared,
    css`
      .filters input { width: 220px; max-width: 100%; }
      .by { display: inline-flex; }
      .by button { border-radius: 0; border-color: var(--niro-line-strong); }
      .by button:first-child { border-start-start-radius: var(--niro-radius); border-end-start-radius: var(--niro-radius); }
      .by button:last-child { border-start-end-radius: var(--niro-radius); border-end-end-radius: var(--niro-radius); border-inline-start: 0; }
      .by button[aria-pressed="true"] { background: var(--niro-sunken); font-weight: 600; }
      .groups { display: grid; gap: 8px; }
      summary { cursor: pointer; }
      .group > summary { display: grid; grid-template-columns: 14px 104px minmax(0, 1fr) auto; gap: 10px; align-items: center; padding: 11px 16px; list-style: none; }
      .group > summary::-webkit-details-marker { display: none; }
      .group > summary::before { content: "▸"; color: var(--niro-muted); }
      .group[open] > summary::before { content: "▾"; }
      .group > summary:hover { background: var(--niro-hover); border-radius: 8px; }
      .fix { padding: 10px 16px; background: var(--niro-sunken); overflow-wrap: anywhere; }
      .fix b { font-weight: 620; }
      ul { list-style: none; }
      li { display: grid; grid-template-columns: 104px minmax(0, 1fr) auto; gap: 4px 12px; align-items: start; padding: 10px 16px; border-top: 1px solid var(--niro-line); }
      li p { overflow-wrap: anywhere; }
      li .fix { padding: 6px 10px; margin-top: 6px; border-radius: var(--niro-radius); }
      li details { margin-top: 4px; font-size: 13px; }
      li details > summary { color: var(--niro-accent); width: fit-content; }
      li details .told { margin-top: 4px; }
      .badge { justify-self: start; }
      h2 { margin: 20px 0 8px; }
      @media (max-width: 820px) {
        .filters > * { flex: 1 1 140px; width: auto; min-width: 0; }
        .filters .by { flex-basis: 100%; }
        .by button { flex: 1; }
        .group > summary { grid-template-columns: 14px minmax(0, 1fr) auto; padding: 10px 14px; }
        .group > summary .badge { grid-area: 1 / 3; }
        .group > summary .what { grid-area: 1 / 2; }
        .group > summary .muted { grid-area: 2 / 2; }
        li { grid-template-columns: minmax(0, 1fr); padding: 10px 14px; } li > button.plain { justify-self: start; padding: 0; } .group > summary .exempt { display: none; }
      }
    `,
  ];

  #namespaces = new Set();
  #rules = new Set();

  constructor() {
    super("findings", ["q", "cluster", "rule", "severity", "namespace"], ["by"]);
    this.exempting = null;
  }

  get asked() {
    const { cluster, rule, severity, namespace } = this.filters.values;
    return { rule, severity, namespace, cluster: this.cluster ? "" : cluster };
  }

  async load(signal) {
    const of = (state) => list(this.path, { ...this.asked, state }, signal, AT_MOST);
    const [open, exempt] = await Promise.all([of("open"), of("exempt")]);
    for (const finding of [...open.items, ...exempt.items]) {
      this.#rules.add(finding.rule);
      this.#namespaces.add(finding.namespace);
    }
    return { open, exempt };
  }

  render() {
    const data = this.live.data;
    const open = this.matching(data?.open.items ?? [], searched);
    const exempt = this.matching(data?.exempt.items ?? [], searched);
    return html`<div class="head">
        <div class="grow">
          ${this.cluster ? html`<h2 class="first">Findings</h2>` : html`<h1>Findings</h1>`}
          <p class="muted" role="status">
            ${data ? `${counted(open.length, "finding")}${more(data.open)}, ${count(exempt.length)}${more(data.exempt)} exempt. They advise and block nothing.` : "Loading…"}
          </p>
        </div>
      </div>
      ${staleNote(this.live)} ${this.#selects()}
      ${data && open.length === 0 ? this.#none() : html`<div class="groups">${this.#groups(open)}</div>`}
      ${exempt.length ? html`<h2>Exempt</h2><div class="groups">${this.#exempt(exempt)}</div>` : nothing} ${this.#exemption()}`;
  }

  #exemption() {
    if (!this.exempting) return nothing;
    return html`<niro-exempt
      .finding=${this.exempting}
      @niro-close=${() => (this.exempting = null)}
      @niro-changed=${() => this.live.refresh()}
    ></niro-exempt>`;
  }

  #selects() {
    const { by, q, rule, severity, namespace } = this.filters.values;
    const known = (set, chosen) => [...new Set([...set, chosen])].filter(Boolean).sort(byName);
    return html`<div class="filters row">
      <span class="by" role="group" aria-label="Group by">
        <button aria-pressed=${by === ""} @click=${() => this.put("by")("")}>By rule</button
        ><button aria-pressed=${by === "workload"} @click=${() => this.put("by")("workload")}>By workload</button>
      </span>
      <input type="search" aria-label="Filter by text" placeholder="Filter by text" .value=${q} @input=${this.filters.typed("q")} />
      ${this.clusterChoice()}
      ${choose(
        "Rule",
        "All rules",
        known(this.#rules, rule).map((one) => [one, ruleWords(one)]),
        rule,
        this.put("rule"),
      )}
      ${choose(
        "Severity",
        "All severities",
        SEVERITIES.map((one) => [one, words(one)]),
        severity,
        this.put("severity"),
      )}
      ${choose(
        "Namespace",
        "All namespaces",
        known(this.#namespaces, namespace).map((one) => [one, one]),
        namespace,
        this.put("namespace"),
      )}
      ${this.clearButton()}
    </div>`;
  }

  #none() {
    return html`<div class="panel empty">
      <p>${this.filtered ? "No finding matches the filters." : "No workload breaks a policy."}</p>
      ${this.filtered ? html`<button @click=${this.clear}>Clear filters</button>` : nothing}
    </div>`;
  }

  /** The worst first, then the largest. */
  #groups(findings) {
    const group = GROUPINGS[this.filters.values.by] ?? GROUPINGS[""];
    const groups = new Map();
    for (const finding of findings) groups.set(group(finding), [...(groups.get(group(finding)) ?? []), finding]);
    const sorted = [...groups].map(([key, items]) => [key, items.sort((a, b) => rank(a) - rank(b) || byName(a.scope, b.scope))]);
    sorted.sort(([a, some], [b, others]) => rank(some[0]) - rank(others[0]) || others.length - some.length || byName(a, b));
    return repeat(
      sorted,
      ([key]) => key,
      ([key, items]) => this.#group(key, items),
    );
  }

  #group(key, items) {
    const byRule = GROUPINGS[this.filters.values.by] !== GROUPINGS.workload;
    const fixes = new Set(items.map(({ fix }) => fix));
    const open = this.open.has(key);
    return html`<details class="panel group" ?open=${open} @toggle=${(event) => this.#toggled(event, key)}>
      <summary>
        ${severityBadge(items[0].severity)}
        <span class="what cut">${byRule ? this.#ruleTitle(items[0]) : this.#workloadTitle(items[0])}</span>
        <span class="muted">${byRule ? counted(items.length, "workload") : counted(items.length, "finding")}</span>
      </summary>
      ${open && byRule && fixes.size === 1 ? html`<p class="fix"><b>Fix:</b> <bdi>${sentence(items[0].fix)}</bdi></p>` : nothing}
      ${open ? this.#items(items, byRule, fixes.size > 1 || !byRule) : nothing}
    </details>`;
  }

  #ruleTitle({ rule }) {
    return html`<span class="name"><bdi>${ruleWords(rule)}</bdi></span> <span class="muted mono"><bdi>${clean(rule)}</bdi></span>`;
  }

  #workloadTitle({ scope, cluster }) {
    const [what, part] = place(scope);
    return html`<span class="name"><bdi title=${clean(scope)}>${clean(what)}</bdi></span>
      <span class="muted"><bdi>${clean(part)}</bdi>${this.cluster ? nothing : html` · ${text(cluster.name)}`}</span>`;
  }

  #items(items, byRule, withFix) {
    return html`<ul>
      ${repeat(items.slice(0, SHOWN_OF_GROUP), keyOf, (finding) => this.#item(finding, byRule, withFix))}
      ${items.length > SHOWN_OF_GROUP ? html`<li class="muted">${count(items.length - SHOWN_OF_GROUP)} more: filter to see them.</li>` : nothing}
    </ul>`;
  }

  #item(finding, byRule, withFix) {
    return html`<li>
      <div>${severityBadge(finding.severity, finding.since)}</div>
      <div>
        <p>${byRule ? this.#where(finding) : this.#ruleTitle(finding)}</p>
        <p><bdi>${sentence(finding.message)}</bdi> <span class="muted">${since(finding.since)}</span></p>
        ${withFix ? html`<p class="fix"><b>Fix:</b> <bdi>${sentence(finding.fix)}</bdi></p>` : nothing}
        ${
          Object.keys(finding.evidence).length
            ? html`<details>
                <summary>Evidence</summary>
                ${evidenceList(finding.evidence)}
              </details>`
            : nothing
        }
      </div>
      ${may("write") && canExempt(finding) ? html`<button class="plain" @click=${() => (this.exempting = finding)}>Exempt…</button>` : nothing}
    </li>`;
  }

  #where(finding) {
    const { cluster } = finding;
    return html`${this.#workloadTitleOf(finding)}${this.cluster ? nothing : html` · <a href=${links.cluster(cluster.id, "findings")} @click=${follow}>${text(cluster.name)}</a>`}`;
  }

  #workloadTitleOf({ scope }) {
    const [what, part] = place(scope);
    return html`<span class="name" title=${clean(scope)}><bdi>${clean(what)}</bdi></span> <span class="muted"><bdi>${clean(part)}</bdi></span>`;
  }

  #toggled(event, key) {
    if (event.target.open !== this.open.has(key)) this.toggle(key);
  }

  /** Exempt ones, folded by the reason why they are. */
  #exempt(findings) {
    const reasons = new Map();
    for (const one of findings) reasons.set(one.exemption, [...(reasons.get(one.exemption) ?? []), one]);
    return repeat(
      reasons,
      ([reason]) => reason,
      ([reason, items]) => {
        const key = `exempt ${reason}`;
        return html`<details class="panel group" ?open=${this.open.has(key)} @toggle=${(event) => this.#toggled(event, key)}>
          <summary>
            <span class="muted exempt">exempt</span>
            <span class="what cut">${text(sentence(reason))}</span>
            <span class="muted">${counted(items.length, "finding")}</span>
          </summary>
          ${
            this.open.has(key)
              ? html`<ul>
                  ${items.slice(0, SHOWN_OF_GROUP).map(
                    (one) =>
                      html`<li>
                        <div>${severityBadge(one.severity, one.since)}</div>
                        <div>
                          <p>${this.#ruleTitle(one)}</p>
                          <p>${this.#where(one)} <span class="muted" title=${full(one.since)}>${since(one.since)}</span></p>
                        </div>
                      </li>`,
                  )}
                </ul>`
              : nothing
          }
        </details>`;
      },
    );
  }
}

customElements.define("niro-findings", NiroFindings);
