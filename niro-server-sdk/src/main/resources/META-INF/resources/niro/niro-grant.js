/** The installer's command that lets an agent do more, to be run where the agent was installed. */
import { html } from "lit";
import { serverUrl } from "./niro-api.js";

/** What the installer has to be told again, for it grants just what it is told. */
const SWITCHES = { logs: "NIRO_ENABLE_LOGS=1", apply: "NIRO_ENABLE_APPLY=1", selfUpdate: "NIRO_ENABLE_SELF_UPDATE=1" };

/** The command that grants this besides what is granted already. */
export function grantCommand(capabilities, wanted) {
  const granted = Object.keys(SWITCHES).filter((name) => name === wanted || capabilities.includes(name));
  const pods = capabilities.includes("pods") ? [] : ["NIRO_ENABLE_PODS=0"];
  const all = [...pods, ...granted.map((name) => SWITCHES[name])];
  return `curl -fsSL '${serverUrl()}/install.sh' | sudo env ${all.join(" ")} sh`;
}

/** The same to be copied. */
export const grantText = (capabilities, wanted) =>
  html`<pre class="secret grant" tabindex="0" aria-label="Command that grants it">${grantCommand(capabilities, wanted)}</pre>`;
