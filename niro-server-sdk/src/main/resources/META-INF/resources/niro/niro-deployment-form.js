/** <niro-deployment-form>: a dialog that applies manifests, chosen as files or pasted, as a new deployment or as the next revision of one. */
import { LitElement, html, css } from "lit";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { post, put } from "./niro-api.js";
import { bytes, clean, counted } from "./niro-format.js";
import { failureNote } from "./niro-parts.js";
import { applyOptions, chosenOptions, deploymentPath } from "./niro-deployment-parts.js";
import { ofObjects } from "./niro-deployment-style.js";
import "./niro-dialog.js";

const MOST_BYTES = 3 * 1024 * 1024;

/** A file's text; bytes that are no text are not guessed at. */
async function textOf(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${file.name} cannot be read as UTF-8 text.`);
  }
}

/** Sends `niro-sent` with the API's answer in `detail`. */
class NiroDeploymentForm extends LitElement {
  static properties = {
    /** The cluster's id. */
    cluster: { type: String },
    /** The deployment that gets other manifests; null for a new one. */
    deployment: { attribute: false },
    files: { state: true },
  };

  static styles = [
    shared,
    ofObjects,
    css`
      .form textarea { min-height: 180px; white-space: pre; overflow-wrap: normal; overflow-x: auto; }
      .form input[type="file"] { padding: 6px 8px; }
      .wrong { overflow-wrap: anywhere; }
    `,
  ];

  #attempt = new Attempt(this);

  constructor() {
    super();
    Object.assign(this, { deployment: null, files: [] });
  }

  render() {
    const { deployment } = this;
    return html`<niro-dialog .heading=${deployment ? `Other manifests for ${clean(deployment.name)}` : "Apply manifests"} @niro-close=${this.#close}>
      <form class="form" @submit=${this.#apply}>
        ${deployment ? html`<p class="muted">All of them, as they shall be: an object that is left out is removed from the cluster.</p>` : this.#names()}
        <label class="field"
          ><span>Files</span
          ><input type="file" name="files" multiple accept=".yaml,.yml,.json" ?autofocus=${Boolean(deployment)} @change=${this.#chosen} /><small
            >${this.#chosenFiles()}</small
          ></label
        >
        <label class="field"
          ><span>Or pasted</span
          ><textarea name="pasted" spellcheck="false" autocomplete="off" placeholder="apiVersion: v1"></textarea
        ></label>
        ${applyOptions()} ${failureNote(this.#attempt)}
        <footer>
          <button type="button" @click=${this.#close}>Cancel</button
          ><button class="primary" ?disabled=${this.#attempt.busy}>${this.#attempt.busy ? "Sending…" : "Apply"}</button>
        </footer>
      </form>
    </niro-dialog>`;
  }

  #names() {
    return html`<div class="pair">
      <label class="field"
        ><span>Name</span><input name="name" required maxlength="63" autocomplete="off" spellcheck="false" autofocus placeholder="web"
      /></label>
      <label class="field"
        ><span>Namespace</span
        ><input name="namespace" maxlength="63" autocomplete="off" spellcheck="false" placeholder="default" /><small>For objects that name none</small></label
      >
    </div>`;
  }

  #chosen = (event) => (this.files = [...event.target.files]);

  #chosenFiles() {
    if (this.files.length === 0) return "YAML or JSON, many documents, 3 MiB in all";
    const size = this.files.reduce((sum, file) => sum + file.size, 0);
    return html`${counted(this.files.length, "file")}, ${bytes(size)}: <bdi>${clean(this.files.map(({ name }) => name).join(", "))}</bdi>`;
  }

  #apply = async (event) => {
    event.preventDefault();
    const answer = await this.#attempt.run(() => this.#send(event.target));
    if (answer) this.dispatchEvent(new CustomEvent("niro-sent", { detail: answer }));
  };

  async #send(form) {
    const said = new FormData(form);
    const body = { manifests: await this.#manifests(said.get("pasted")), ...chosenOptions(form) };
    if (this.deployment) return put(deploymentPath(this.cluster, this.deployment.name), { ...body, cedeTo: this.deployment.cedeTo });
    const namespace = said.get("namespace").trim();
    return post(deploymentPath(this.cluster), { name: said.get("name").trim(), namespace: namespace || null, ...body });
  }

  async #manifests(pasted) {
    const size = this.files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_BYTES) throw new Error(`The files have ${bytes(size)}; 3 MiB is the most.`);
    const texts = await Promise.all(this.files.map(textOf));
    const manifests = texts.map((text, at) => ({ file: this.files[at].name, text }));
    if (pasted.trim()) manifests.push(pasted);
    if (manifests.length === 0) throw new Error("Choose files, or paste manifests.");
    return manifests;
  }

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-deployment-form", NiroDeploymentForm);
