/** Rows of a long table as far as they can be seen: the page scrolls over thousands and holds a few dozen. */
import { html, nothing } from "lit";

const MARGIN_ROWS = 20;
const WHOLE_UP_TO = 120;
const NARROW = matchMedia("(max-width: 820px)");

/** A Lit controller for a table with so many columns whose rows are `wide` pixels high, or `narrow` ones on a small screen. */
export class Window {
  #host;
  #columns;
  #wide;
  #narrow;
  #first = 0;
  #count = WHOLE_UP_TO;
  #total = 0;
  #onScroll = () => this.#measure();

  constructor(host, columns, wide, narrow) {
    this.#host = host;
    this.#columns = columns;
    this.#wide = wide;
    this.#narrow = narrow;
    host.addController(this);
  }

  /** Whether the end of the list is near. */
  get atEnd() {
    return this.#first + this.#count >= this.#total - MARGIN_ROWS;
  }

  hostConnected() {
    addEventListener("scroll", this.#onScroll, { passive: true });
    addEventListener("resize", this.#onScroll, { passive: true });
  }

  hostDisconnected() {
    removeEventListener("scroll", this.#onScroll);
    removeEventListener("resize", this.#onScroll);
  }

  hostUpdated() {
    this.#measure();
  }

  /** The rows to have now, made by `make(items)`, between gaps as high as what is left out. */
  rows(items, make) {
    this.#total = items.length;
    if (items.length <= WHOLE_UP_TO) return html`${this.#gap(0)}${make(items)}${this.#gap(0)}`;
    const first = Math.min(this.#first, Math.max(0, items.length - this.#count));
    const end = Math.min(items.length, first + this.#count);
    return html`${this.#gap(first)}${make(items.slice(first, end))}${this.#gap(items.length - end)}`;
  }

  get #height() {
    return NARROW.matches ? this.#narrow : this.#wide;
  }

  #gap(rows) {
    return rows === 0
      ? nothing
      : html`<tr class="gap" aria-hidden="true">
          <td colspan=${this.#columns} .style=${`height:${rows * this.#height}px`}></td>
        </tr>`;
  }

  #measure() {
    const body = this.#host.renderRoot?.querySelector("tbody");
    if (!body || this.#total <= WHOLE_UP_TO) return;
    const above = Math.max(0, -body.getBoundingClientRect().top);
    const first = Math.max(0, Math.floor(above / this.#height) - MARGIN_ROWS);
    const step = first - (first % 10);
    const many = Math.ceil(innerHeight / this.#height) + 2 * MARGIN_ROWS + 10;
    if (step === this.#first && many === this.#count) return;
    this.#first = step;
    this.#count = many;
    this.#host.requestUpdate();
  }
}
