/** <niro-silence-fields>: for how long, and why. `value` is {durationSeconds or until, reason}. */
import { LitElement, html, css, nothing } from "lit";
import { shared } from "./niro-style.js";
import { now } from "./niro-api.js";
import { localInput } from "./niro-format.js";

const HOUR = 3600;
const LENGTHS = [
  [HOUR, "1 h"],
  [4 * HOUR, "4 h"],
  [24 * HOUR, "24 h"],
  ["until", "until…"],
];

class NiroSilenceFields extends LitElement {
  static properties = {
    disabled: { type: Boolean },
    /** The field of the API in which an instant goes. */
    field: { type: String },
    length: { state: true },
  };

  static styles = [
    shared,
    css`
      fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
      .form { gap: 10px; }
      .lengths { display: flex; gap: 6px; flex-wrap: wrap; }
      .lengths label {
        display: inline-flex; align-items: center; gap: 6px; min-height: 30px; padding: 0 10px; border: 1px solid var(--niro-line-strong);
        border-radius: var(--niro-radius); cursor: pointer;
      }
      .lengths label:has(:checked) { border-color: var(--niro-accent); box-shadow: inset 0 0 0 1px var(--niro-accent); }
    `,
  ];

  /** Worked out once, so that no refresh undoes what somebody typed. */
  #suggested = localInput(now() + 8 * HOUR * 1000);

  constructor() {
    super();
    this.field = "until";
    this.length = HOUR;
  }

  get value() {
    const reason = this.renderRoot.querySelector("[name=reason]").value.trim();
    if (this.length !== "until") return { durationSeconds: this.length, reason };
    const at = this.renderRoot.querySelector("[name=until]").value;
    return { [this.field]: at ? new Date(at).toISOString() : null, reason };
  }

  render() {
    return html`<fieldset class="form" ?disabled=${this.disabled}>
      <legend>Silence it for</legend>
      <div class="lengths">
        ${LENGTHS.map(
          ([length, label]) =>
            html`<label
              ><input
                type="radio"
                name="length"
                .checked=${this.length === length}
                @change=${() => (this.length = length)}
              />${label}</label
            >`,
        )}
      </div>
      ${
        this.length === "until"
          ? html`<label class="field"
              ><span>Until</span><input type="datetime-local" name="until" .value=${this.#suggested}
            /></label>`
          : nothing
      }
      <label class="field"
        ><span>Reason</span><input name="reason" maxlength="500" autocomplete="off" placeholder="Why nobody needs to be told"
      /></label>
    </fieldset>`;
  }
}

customElements.define("niro-silence-fields", NiroSilenceFields);
