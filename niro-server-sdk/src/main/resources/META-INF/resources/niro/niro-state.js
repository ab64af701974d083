/** What screens keep while they work: filters that are part of the address, and attempts to change something. */
const TYPING_MILLIS = 200;

/** Filters by name, "" when not set. `href(set)` is the address of the screen with them, `changed()` is called after each change by the reader. */
export class Filters {
  #host;
  #href;
  #changed;
  #typing = 0;

  constructor(host, names, href, changed) {
    this.#host = host;
    this.#href = href;
    this.#changed = changed;
    this.values = Object.fromEntries(names.map((name) => [name, ""]));
  }

  /** The filters that are set. */
  get set() {
    return Object.fromEntries(Object.entries(this.values).filter(([, value]) => value));
  }

  /** Takes those of an address over; whether they are others than before. */
  take(search) {
    const given = new URLSearchParams(search ?? "");
    const before = JSON.stringify(this.values);
    for (const name of Object.keys(this.values)) this.values[name] = given.get(name) ?? "";
    return before !== JSON.stringify(this.values);
  }

  /** Changes some, which changes the address as well. */
  put(change) {
    Object.assign(this.values, change);
    const href = this.#href(this.set);
    this.#host.dispatchEvent(new CustomEvent("niro-filter", { detail: { href }, bubbles: true, composed: true }));
    this.#host.requestUpdate();
    this.#changed();
  }

  /** For the input of a text field. */
  typed = (name) => (event) => {
    const { value } = event.target;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.put({ [name]: value }), TYPING_MILLIS);
  };
}

/** One call at a time on behalf of the reader, and why it failed. */
export class Attempt {
  busy = false;
  failure = null;
  #host;

  constructor(host) {
    this.#host = host;
  }

  /** The call's answer, or true when it has none; null when it failed, and then `failure` says why. */
  async run(call) {
    Object.assign(this, { busy: true, failure: null });
    this.#host.requestUpdate();
    try {
      return (await call()) ?? true;
    } catch (failure) {
      this.failure = failure;
      return null;
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }

  forget() {
    this.failure = null;
    this.#host.requestUpdate();
  }
}
