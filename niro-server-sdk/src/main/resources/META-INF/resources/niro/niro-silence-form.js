/** <niro-silence-form>: a dialog for a silence, or with a later start a maintenance window. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { Attempt } from "./niro-state.js";
import { now, post } from "./niro-api.js";
import { localInput } from "./niro-format.js";
import { failureNote } from "./niro-parts.js";
import "./niro-dialog.js";
import "./niro-selector.js";

const HOUR = 3600000;
const instant = (local) => (local ? new Date(local).toISOString() : null);

/** A matcher that says nothing is left out: the server refuses a silence of everything. */
function saying(matchers) {
  const empty = (value) => !value || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(matchers).filter(([, value]) => !empty(value)));
}

class NiroSilenceForm extends LitElement {
  static properties = { later: { state: true } };

  static styles = [shared, css`.form { gap: 16px; }`];

  #attempt = new Attempt(this);
  #begin = localInput(now() + 24 * HOUR);
  #end = localInput(now() + 4 * HOUR);
  #endLater = localInput(now() + 28 * HOUR);

  constructor() {
    super();
    this.later = false;
  }

  render() {
    return html`<niro-dialog heading="New silence or maintenance window" @niro-close=${this.#close}>
      <form class="form" @submit=${this.#create}>
        <p class="muted">It covers the incidents to which all of this applies. At least one of these must say something.</p>
        <niro-selector></niro-selector>
        <label class="field"
          ><span>Place</span
          ><input name="scopePrefix" spellcheck="false" autocomplete="off" maxlength="1024" placeholder="ns/shop or node/pi-3" /><small
            >Begins so, by whole segments; empty: everywhere</small
          ></label
        >
        <fieldset>
          <legend>When</legend>
          <label class="check"
            ><input type="checkbox" name="later" @change=${(event) => (this.later = event.target.checked)} />It begins later: a maintenance
            window</label
          >
          <div class="pair">
            ${
              this.later
                ? html`<label class="field"><span>From</span><input type="datetime-local" name="startsAt" required .defaultValue=${this.#begin} /></label>`
                : nothing
            }
            <label class="field"
              ><span>Until</span
              ><input type="datetime-local" name="endsAt" required .defaultValue=${this.later ? this.#endLater : this.#end} /><small
                >30 days at most</small
              ></label
            >
          </div>
        </fieldset>
        <label class="field"
          ><span>Reason</span><input name="reason" required maxlength="500" autocomplete="off" placeholder="New disks"
        /></label>
        ${failureNote(this.#attempt)}
        <footer>
          <button type="button" @click=${this.#close}>Cancel</button
          ><button class="primary" ?disabled=${this.#attempt.busy}>Create</button>
        </footer>
      </form>
    </niro-dialog>`;
  }

  #create = async (event) => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target));
    const selected = this.renderRoot.querySelector("niro-selector").value;
    const body = {
      matchers: saying({ ...selected, scopePrefix: form.scopePrefix.trim() }),
      startsAt: this.later ? instant(form.startsAt) : undefined,
      endsAt: instant(form.endsAt),
      reason: form.reason.trim(),
    };
    if (!(await this.#attempt.run(() => post("/silences", body)))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    this.#close();
  };

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-silence-form", NiroSilenceForm);
