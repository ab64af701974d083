/** <niro-cluster-policy>: which policies a cluster is held to: its profile, those of namespaces, and exemptions with their reasons. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { clusterPath, get, may } from "./niro-api.js";
import { clean, full, words } from "./niro-format.js";
import { failureNote, option, staleNote } from "./niro-parts.js";
import { REASON_CHARS, changePolicy } from "./niro-exempt.js";

const PROFILES = [
  ["baseline", "Baseline: the restricted rules count one severity less"],
  ["restricted", "Restricted: both standards count in full"],
  ["off", "Off: no Pod Security Standards"],
];
const keyOf = (exemption) => JSON.stringify(exemption);

/** What an exemption covers, in words. */
const covered = ({ namespace, workload, label }) =>
  [workload && `workload ${workload}`, namespace && `namespace ${namespace}`, label && `label ${label}`].filter(Boolean).join(", ") ||
  "every workload";

class NiroClusterPolicy extends LitElement {
  static properties = {
    /** The cluster. */
    cluster: { attribute: false },
    said: { state: true },
    removing: { state: true },
  };

  static styles = [
    shared,
    css`
      .panel { display: grid; gap: 14px; padding: 16px; }
      h3 { font-size: 14px; font-weight: 600; margin-bottom: 6px; }
      ul { list-style: none; }
      li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; align-items: start; padding: 10px 0; border-top: 1px solid var(--niro-line); }
      li p { overflow-wrap: anywhere; }
      .what { font-weight: 560; }
      .saved { color: var(--niro-healthy); }
      .saved:empty { margin-top: -14px; }
      .form { padding-top: 14px; border-top: 1px solid var(--niro-line); }
      .add { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr) auto; gap: 8px; align-items: end; }
      .add input, .add select, .profile select { width: 100%; }
      @media (max-width: 600px) { .add { grid-template-columns: minmax(0, 1fr); } .add button { justify-self: start; } }
    `,
  ];

  #attempt = new Attempt(this);
  #live = new Live(
    this,
    (signal) => get(clusterPath(this.cluster.id, "/policy"), {}, signal),
    () => `policy ${this.cluster?.id}`,
  );

  constructor() {
    super();
    Object.assign(this, { said: "", removing: null });
  }

  render() {
    const settings = this.#live.data;
    return html`<section class="panel" aria-label="Policies">
      <h2>Policies</h2>
      ${staleNote(this.#live)} ${settings ? this.#settings(settings) : html`<p class="muted">Loading…</p>`} ${failureNote(this.#attempt)}
      <span class="saved" role="status">${this.said}</span>
    </section>`;
  }

  #settings(settings) {
    return html`<label class="field profile"
        ><span>Profile</span
        ><select aria-label="Profile" ?disabled=${!may("write") || this.#attempt.busy} @change=${(event) => this.#choose(event.target.value)}>
          ${PROFILES.map(([value, label]) => option(value, label, settings.profile))}
        </select></label
      >
      ${this.#namespaces(settings)} ${this.#exemptions(settings)} ${may("write") ? this.#newExemption() : nothing}`;
  }

  #choose = (profile) => this.#change("Profile changed", (settings) => ({ ...settings, profile }));

  #namespaces({ namespaceProfiles }) {
    const names = Object.keys(namespaceProfiles);
    if (names.length === 0 && !may("write")) return nothing;
    return html`<div>
      <h3>Namespaces with a profile of their own</h3>
      <ul>
        ${names.map(
          (name) =>
            html`<li>
              <p><bdi>${clean(name)}</bdi>: <b>${words(namespaceProfiles[name])}</b></p>
              ${this.#sure(`namespace ${name}`, (settings) => without(settings, name))}
            </li>`,
        )}
      </ul>
      ${may("write") ? this.#newNamespace() : nothing}
    </div>`;
  }

  #newNamespace() {
    return html`<form class="add" @submit=${this.#addNamespace}>
      <label class="field"><span>Namespace</span><input name="name" required maxlength="253" autocomplete="off" spellcheck="false" /></label>
      <label class="field"
        ><span>Its profile</span><select name="profile">${PROFILES.map(([value, label]) => option(value, label, "restricted"))}</select></label
      >
      <button ?disabled=${this.#attempt.busy}>Set</button>
    </form>`;
  }

  #addNamespace = async (event) => {
    event.preventDefault();
    const form = event.target;
    const { name, profile } = Object.fromEntries(new FormData(form));
    const add = (settings) => ({ ...settings, namespaceProfiles: { ...settings.namespaceProfiles, [name.trim()]: profile } });
    if (await this.#change("Profile set", add)) form.reset();
  };

  #exemptions({ exemptions }) {
    return html`<div>
      <h3>Exemptions</h3>
      ${exemptions.length === 0 ? html`<p class="muted">None, besides those that come with Kubernetes and k3s.</p>` : nothing}
      <ul>
        ${repeat(exemptions, keyOf, (exemption) => this.#exemption(exemption))}
      </ul>
    </div>`;
  }

  #exemption(exemption) {
    const { rules, reason, createdBy, createdAt } = exemption;
    return html`<li>
      <div>
        <p class="what"><bdi>${words(covered(exemption))}</bdi></p>
        <p>${rules.length ? html`from <span class="mono"><bdi>${clean(rules.join(", "))}</bdi></span>` : "from every policy"}</p>
        <p><bdi>${clean(reason)}</bdi></p>
        <p class="sub" title=${full(createdAt)}>by <bdi>${clean(createdBy)}</bdi>, <niro-ago .at=${createdAt}></niro-ago></p>
      </div>
      ${this.#sure(keyOf(exemption), (settings) => ({ ...settings, exemptions: settings.exemptions.filter((one) => !isSame(one, exemption)) }))}
    </li>`;
  }

  /** A button that asks once more. */
  #sure(key, change) {
    if (!may("write")) return nothing;
    if (this.removing !== key) return html`<button @click=${() => (this.removing = key)}>Remove</button>`;
    return html`<span class="row">
      <button class="danger" ?disabled=${this.#attempt.busy} @click=${() => this.#change("Removed", change)}>Really remove</button>
      <button class="plain" @click=${() => (this.removing = null)}>Keep</button>
    </span>`;
  }

  #newExemption() {
    return html`<form class="form" @submit=${this.#exempt}>
      <h3>New exemption</h3>
      <div class="pair">
        <label class="field"><span>In namespace</span><input name="namespace" maxlength="253" autocomplete="off" spellcheck="false" placeholder="any" /></label>
        <label class="field"
          ><span>Workload</span
          ><input name="workload" maxlength="253" autocomplete="off" spellcheck="false" placeholder="any" /><small
            >With <code>*</code> at the end for a prefix</small
          ></label
        >
      </div>
      <div class="pair">
        <label class="field"><span>With label</span><input name="label" maxlength="253" autocomplete="off" spellcheck="false" placeholder="any" /></label>
        <label class="field"
          ><span>From policies</span
          ><input name="rules" autocomplete="off" spellcheck="false" placeholder="privileged-container, mutable-tag" /><small>Empty: every one</small></label
        >
      </div>
      <label class="field"
        ><span>Why</span><input name="reason" required maxlength=${REASON_CHARS} autocomplete="off" placeholder="Why this is right here"
      /></label>
      <div><button class="primary" ?disabled=${this.#attempt.busy}>Add exemption</button></div>
    </form>`;
  }

  #exempt = async (event) => {
    event.preventDefault();
    const form = event.target;
    const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const exemption = {
      namespace: said.namespace || null,
      workload: said.workload || null,
      label: said.label || null,
      rules: said.rules.split(/[\s,]+/).filter(Boolean),
      reason: said.reason,
    };
    const add = (settings) => ({ ...settings, exemptions: [...settings.exemptions, exemption] });
    if (await this.#change("Exempt", add)) form.reset();
  };

  async #change(done, change) {
    this.said = "";
    const changed = await this.#attempt.run(() => changePolicy(this.cluster.id, change));
    this.removing = null;
    // Also after a failure: a select shows what was chosen, and not what holds.
    await this.#live.refresh();
    if (changed) this.said = done;
    return changed;
  }
}

const isSame = (one, other) =>
  ["namespace", "workload", "label", "reason"].every((field) => one[field] === other[field]) && one.rules.join() === other.rules.join();

function without(settings, name) {
  const { [name]: gone, ...namespaceProfiles } = settings.namespaceProfiles;
  return { ...settings, namespaceProfiles };
}

customElements.define("niro-cluster-policy", NiroClusterPolicy);
