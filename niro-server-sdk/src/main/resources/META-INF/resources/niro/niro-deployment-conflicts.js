/** <niro-deployment-conflicts>: fields that belong to others, so that an apply left their objects alone; and the way to take them over from kubectl. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { clean, count } from "./niro-format.js";
import { beginning } from "./niro-parts.js";
import { objectName } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";

/** The managers that `adopt` takes fields over from. */
const KUBECTL = ["kubectl", "kubectl-edit", "kubectl-client-side-apply"];
const SHOWN = 50;

/** Sends `niro-adopt` when the reader wants the fields that are kubectl's. */
class NiroDeploymentConflicts extends LitElement {
  static properties = {
    /** Conflicts whose fields were not taken over, as the API has them. */
    conflicts: { attribute: false },
    /** Whether the reader may do something about it now. */
    active: { attribute: false },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      header { flex-wrap: wrap; }
      .hint { padding: 0 16px 12px; }
    `,
  ];

  render() {
    const open = this.conflicts;
    const kubectls = open.every(({ manager }) => KUBECTL.includes(manager));
    return html`<section class="panel" aria-label="Conflicts">
      <header>
        <h2>Conflicts</h2>
        <span class="grow"></span>
        ${kubectls && this.active ? html`<button class="primary" @click=${this.#adopt}>Take over from kubectl</button>` : nothing}
      </header>
      <p class="hint">
        ${
          kubectls
            ? "These fields conflict with kubectl only: somebody applied or edited the objects with it. Taking them over applies again and makes them this deployment’s."
            : "These fields are set by others. Leave them out of the manifests, or apply again and take them over from anybody."
        }
      </p>
      <ul class="rows">
        ${open.slice(0, SHOWN).map((one) => this.#conflict(one))}
        ${open.length > SHOWN ? html`<li class="muted">${`${count(open.length - SHOWN)} more`}</li>` : nothing}
      </ul>
    </section>`;
  }

  #conflict({ object, manager, fields }) {
    return html`<li>
      <p>${objectName(object)} <span class="muted">owned by <bdi>${clean(manager)}</bdi></span></p>
      <p class="mono">${beginning(fields.join(", "))}</p>
    </li>`;
  }

  #adopt = () => this.dispatchEvent(new CustomEvent("niro-adopt"));
}

customElements.define("niro-deployment-conflicts", NiroDeploymentConflicts);
