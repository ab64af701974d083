/** <niro-deployment-order>: a dialog that applies a deployment again, rolls it back, or deletes it. */
import { LitElement, html } from "lit";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { post, remove } from "./niro-api.js";
import { clean, count } from "./niro-format.js";
import { failureNote } from "./niro-parts.js";
import { applyOptions, check, chosenOptions, deploymentPath } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";
import "./niro-dialog.js";

/** Sends `niro-sent` with the API's answer in `detail`, and `niro-forgotten` when the deployment is gone at once. */
class NiroDeploymentOrder extends LitElement {
  static properties = {
    /** The deployment. */
    deployment: { attribute: false },
    /** apply, rollback or delete. */
    order: { type: String },
    /** The revision to roll back to. */
    revision: { attribute: false },
    /** Whether its agent may change objects; else a deployment can only be forgotten. */
    granted: { attribute: false },
  };

  static styles = [shared, ofObjects];

  #attempt = new Attempt(this);

  constructor() {
    super();
    Object.assign(this, { revision: null, granted: true });
  }

  render() {
    const [heading, content, button] = this.#what();
    const deletes = this.order === "delete";
    return html`<niro-dialog .heading=${heading} @niro-close=${this.#close}>
      <form class="form" @submit=${this.#send}>
        ${content} ${failureNote(this.#attempt)}
        <footer>
          <button type="button" ?autofocus=${deletes} @click=${this.#close}>Cancel</button
          ><button class=${deletes ? "danger" : "primary"} ?autofocus=${!deletes} ?disabled=${this.#attempt.busy}>${button}</button>
        </footer>
      </form>
    </niro-dialog>`;
  }

  /** Heading, content and the name of the button. */
  #what() {
    const name = clean(this.deployment.name);
    if (this.order === "delete") return [`Delete ${name}`, this.#deletion(), "Delete deployment"];
    if (this.order === "rollback")
      return [`Roll ${name} back`, html`<p>The manifests of revision ${count(this.revision)} become a new revision and are applied.</p>${applyOptions()}`, "Roll back"];
    return [
      `Apply ${name} again`,
      html`<p>Revision ${count(this.deployment.revision)} is applied once more. What has drifted goes back to what is wanted.</p>${applyOptions()}`,
      "Apply again",
    ];
  }

  #deletion() {
    if (!this.granted) return html`<p>The agent may not remove objects, so the deployment is only forgotten: it goes at once, and its objects stay.</p>`;
    return html`<p>The agent removes what the deployment put into the cluster; the deployment goes when that succeeded.</p>
      <fieldset>
        ${check("removeData", "Remove data too", "Namespaces, definitions of kinds and volumes go as well, with all that is in them.")}
        ${check("forget", "Only forget it", "The deployment goes at once, without its agent, and its objects stay.")}
      </fieldset>`;
  }

  #send = async (event) => {
    event.preventDefault();
    const forget = this.order === "delete" && (!this.granted || new FormData(event.target).has("forget"));
    const answer = await this.#attempt.run(() => this.#call(event.target, forget));
    if (answer) this.dispatchEvent(new CustomEvent(forget ? "niro-forgotten" : "niro-sent", { detail: answer }));
  };

  #call(form, forget) {
    const path = (rest = "") => deploymentPath(this.deployment.cluster, this.deployment.name, rest);
    if (this.order === "apply") return post(path("/apply"), chosenOptions(form));
    if (this.order === "rollback") return post(path("/rollback"), { revision: this.revision, ...chosenOptions(form) });
    const removeData = new FormData(form).has("removeData") || null;
    return remove(path(), { removeData, forget: forget || null });
  }

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-deployment-order", NiroDeploymentOrder);
