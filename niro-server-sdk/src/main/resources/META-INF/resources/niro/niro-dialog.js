/** <niro-dialog heading="…">: a modal dialog around its children, open as long as it is in the page; with `drawer` at the side, with `wide` wider. */
import { LitElement, html, css } from "lit";
import { shared } from "./niro-style.js";
import { text } from "./niro-parts.js";

function focused(root = document) {
  const { activeElement } = root;
  return activeElement?.shadowRoot?.activeElement ? focused(activeElement.shadowRoot) : activeElement;
}

/** Sends `niro-close` when the reader closes it; whoever holds it then takes it out of the page, and the focus goes back to where it was. */
class NiroDialog extends LitElement {
  static properties = { heading: { type: String }, drawer: { type: Boolean, reflect: true }, wide: { type: Boolean, reflect: true } };

  static styles = [
    shared,
    css`
      dialog {
        width: min(620px, calc(100vw - 24px)); max-height: calc(100dvh - 24px); padding: 0; color: var(--niro-text);
        background: var(--niro-raised); border: 1px solid var(--niro-line); border-radius: 10px; box-shadow: var(--niro-shadow);
        overflow: hidden auto;
      }
      dialog::backdrop { background: rgb(10 14 20 / 45%); }
      :host([drawer]) dialog {
        width: min(600px, 100vw); height: 100dvh; max-height: 100dvh; max-width: 100vw; margin: 0 0 0 auto; border-radius: 0;
        border-width: 0 0 0 1px;
      }
      :host([wide]) dialog { width: min(1080px, 100vw); }
      header {
        position: sticky; top: 0; z-index: 1; display: flex; align-items: center; gap: 10px; padding: 12px 20px;
        border-bottom: 1px solid var(--niro-line); background: var(--niro-raised);
      }
      h2 { overflow-wrap: anywhere; }
      h2:focus-visible { outline: none; }
      .body { padding: 18px 20px 22px; }
      @media (max-width: 600px) { header, .body { padding-inline: 14px; } }
    `,
  ];

  #before = null;

  connectedCallback() {
    super.connectedCallback();
    this.#before = focused();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.#before?.isConnected) this.#before.focus();
  }

  render() {
    return html`<dialog aria-labelledby="heading" @close=${this.#closed} @click=${this.#clicked}>
      <header>
        <h2 id="heading" class="grow" tabindex="-1">${text(this.heading)}</h2>
        <button class="plain" aria-label="Close" @click=${this.#close}>✕</button>
      </header>
      <div class="body"><slot></slot></div>
    </dialog>`;
  }

  firstUpdated() {
    this.renderRoot.querySelector("dialog").showModal();
    (this.querySelector("[autofocus]") ?? this.renderRoot.querySelector("h2")).focus();
  }

  #clicked = (event) => {
    if (this.drawer && event.target === event.currentTarget) this.#close();
  };

  #close = () => this.renderRoot.querySelector("dialog").close();

  #closed = () => this.dispatchEvent(new CustomEvent("niro-close"));
}

customElements.define("niro-dialog", NiroDialog);
