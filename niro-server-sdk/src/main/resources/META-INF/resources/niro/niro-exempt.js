/** <niro-exempt>: a dialog that exempts the workload of a finding from its rule, with the reason; and how a cluster's policies are changed. */
import { LitElement, html } from "lit";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { clusterPath, get, put } from "./niro-api.js";
import { clean } from "./niro-format.js";
import { failureNote } from "./niro-parts.js";
import "./niro-dialog.js";

export const REASON_CHARS = 500;

/** Changes what was said of a cluster's policies by `change(settings)`, from what the server has now, so that nobody's words are lost. */
export async function changePolicy(cluster, change) {
  const path = clusterPath(cluster, "/policy");
  const { profile, namespaceProfiles, exemptions } = await get(path);
  const given = exemptions.map(({ namespace, workload, label, rules, reason }) => ({ namespace, workload, label, rules, reason }));
  return put(path, change({ profile, namespaceProfiles, exemptions: given }));
}

const workloadOf = (scope) => {
  const [kind, namespace, , name] = String(scope).split("/");
  return kind === "ns" && name ? { namespace, name } : null;
};

/** Whether an exemption can name the finding's workload. */
export const canExempt = ({ scope }) => workloadOf(scope) !== null;

class NiroExempt extends LitElement {
  static properties = {
    /** The finding. */
    finding: { attribute: false },
  };

  static styles = [shared];

  #attempt = new Attempt(this);

  render() {
    const { rule, scope, cluster } = this.finding;
    const { namespace, name } = workloadOf(scope);
    return html`<niro-dialog heading="Exempt from a policy" @niro-close=${this.#close}>
      <form class="form" @submit=${this.#exempt}>
        <p>In cluster <b><bdi>${clean(cluster.name)}</bdi></b>. The finding stays, marked as exempt, with your name and the reason.</p>
        <fieldset>
          <legend>What</legend>
          ${radio("what", "workload", html`Workloads named <b><bdi>${clean(name)}</bdi></b> in namespace <bdi>${clean(namespace)}</bdi>`, true)}
          ${radio("what", "namespace", html`Everything in namespace <b><bdi>${clean(namespace)}</bdi></b>`)}
        </fieldset>
        <fieldset>
          <legend>From</legend>
          ${radio("rules", "this", html`<span class="mono"><bdi>${clean(rule)}</bdi></span> only`, true)} ${radio("rules", "all", "every policy")}
        </fieldset>
        <label class="field"
          ><span>Reason</span
          ><input name="reason" required maxlength=${REASON_CHARS} autocomplete="off" autofocus placeholder="Why this is right here" /><small
            >Whoever meets it later reads it</small
          ></label
        >
        ${failureNote(this.#attempt)}
        <footer>
          <button type="button" @click=${this.#close}>Cancel</button
          ><button class="primary" ?disabled=${this.#attempt.busy}>Exempt</button>
        </footer>
      </form>
    </niro-dialog>`;
  }

  #exempt = async (event) => {
    event.preventDefault();
    const { what, rules, reason } = Object.fromEntries(new FormData(event.target));
    const { namespace, name } = workloadOf(this.finding.scope);
    const exemption = {
      namespace,
      workload: what === "workload" ? name : null,
      label: null,
      rules: rules === "this" ? [this.finding.rule] : [],
      reason: reason.trim(),
    };
    const add = (settings) => ({ ...settings, exemptions: [...settings.exemptions, exemption] });
    if (!(await this.#attempt.run(() => changePolicy(this.finding.cluster.id, add)))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    this.#close();
  };

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

const radio = (name, value, label, checked = false) =>
  html`<label class="check"><input type="radio" name=${name} value=${value} ?checked=${checked} /><span>${label}</span></label>`;

customElements.define("niro-exempt", NiroExempt);
