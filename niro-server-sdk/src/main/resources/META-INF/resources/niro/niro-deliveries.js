/** <niro-deliveries>: what a channel was sent, what waits, and what could not be delivered and why. */
import { LitElement, html, css, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "./niro-style.js";
import { Live } from "./niro-live.js";
import { Attempt } from "./niro-state.js";
import { list, may, post } from "./niro-api.js";
import { clean, counted, full, sentence } from "./niro-format.js";
import { badge, choose, failureNote, staleNote } from "./niro-parts.js";
import { channelPath } from "./niro-channel-kinds.js";
import "./niro-dialog.js";

const AT_MOST = 200;
/** How a delivery stands: its tone and its name. */
export const DELIVERY_STATES = {
  sent: ["good", "Sent"],
  pending: ["pending", "Waiting"],
  dead: ["critical", "Undelivered"],
};

class NiroDeliveries extends LitElement {
  static properties = {
    /** The channel. */
    channel: { attribute: false },
    state: { state: true },
  };

  static styles = [
    shared,
    css`
      ul { list-style: none; margin-top: 12px; }
      li { display: grid; grid-template-columns: 124px minmax(0, 1fr) auto; gap: 4px 10px; padding: 10px 0; border-top: 1px solid var(--niro-line); }
      li p { overflow-wrap: anywhere; }
      li button { align-self: start; }
      @media (max-width: 520px) { li { grid-template-columns: minmax(0, 1fr) auto; } li > :nth-child(2) { grid-area: 2 / 1 / 3 / 3; } }
    `,
  ];

  #attempt = new Attempt(this);
  #live = new Live(this, (signal) =>
    list(channelPath(this.channel.id, "/deliveries"), { state: this.state }, signal, AT_MOST),
  );

  constructor() {
    super();
    this.state = "";
  }

  render() {
    const data = this.#live.data;
    return html`<niro-dialog drawer .heading=${`Deliveries of ${this.channel.name}`} @niro-close=${this.#close}>
      ${staleNote(this.#live)} ${failureNote(this.#attempt)}
      <div class="row">
        ${choose(
          "State",
          "All states",
          Object.entries(DELIVERY_STATES).map(([state, [, label]]) => [state, label]),
          this.state,
          this.#choose,
        )}
        <span class="muted" role="status"
          >${data ? `${counted(data.items.length, "delivery", "deliveries")}${data.nextCursor ? ", the newest" : ""}` : "Loading…"}</span
        >
      </div>
      <ul>
        ${repeat(
          data?.items ?? [],
          ({ id }) => id,
          (delivery) => this.#delivery(delivery),
        )}
      </ul>
      ${data?.items.length === 0 ? html`<p class="muted">None. They are kept for 7 days.</p>` : nothing}
    </niro-dialog>`;
  }

  #choose = (state) => {
    this.state = state;
    this.#live.refresh();
  };

  #delivery(delivery) {
    const [tone, label] = DELIVERY_STATES[delivery.state] ?? ["unknown", delivery.state];
    const { createdAt, finishedAt, nextAttemptAt, attempts, lastError } = delivery;
    return html`<li>
      <div>${badge(tone, label, `Since ${full(finishedAt ?? createdAt)}`)}</div>
      <div>
        <p><bdi>${clean(delivery.title)}</bdi></p>
        <p class="sub" title=${full(createdAt)}>
          <niro-ago .at=${createdAt}></niro-ago>, ${counted(attempts, "attempt")}${delivery.state === "pending" && nextAttemptAt ? html`, next ${full(nextAttemptAt)}` : nothing}
        </p>
        ${lastError && delivery.state !== "sent" ? html`<p class="wrong"><bdi>${sentence(lastError)}</bdi></p>` : nothing}
      </div>
      ${delivery.state === "dead" && may("administer") ? html`<button ?disabled=${this.#attempt.busy} @click=${() => this.#retry(delivery)}>Retry</button>` : html`<span></span>`}
    </li>`;
  }

  async #retry({ id }) {
    const path = channelPath(this.channel.id, `/deliveries/${encodeURIComponent(id)}/retry`);
    if (!(await this.#attempt.run(() => post(path)))) return;
    this.dispatchEvent(new CustomEvent("niro-changed"));
    await this.#live.refresh();
  }

  #close = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-deliveries", NiroDeliveries);
