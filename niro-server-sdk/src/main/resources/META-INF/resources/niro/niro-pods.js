import { LitElement, html } from "lit";
class X extends LitElement { render() { return html`pods`; } }
customElements.define("niro-pods", X);
