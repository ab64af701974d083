/** What the screens of managed deployments share: words for states, objects, values of fields, and the options of an apply. */
import { html, nothing } from "lit";
import { clusterPath } from "./niro-api.js";
import { clean, count, full, visible, words } from "./niro-format.js";
import { badge, beginning, tooLong } from "./niro-parts.js";

const VALUE_CHARS = 2000;
/** Both names of Kubernetes have at most 253. */
const NAME_CHARS = 600;
const LINES_AROUND = 2;

/** Where a deployment, or what is below it, is in the API; without a name all of a cluster. */
export const deploymentPath = (cluster, name = "", rest = "") =>
  clusterPath(cluster, `/deployments${name ? `/${encodeURIComponent(name)}` : ""}${rest}`);

const APPLIES = { pending: ["pending", "Pending"], succeeded: ["good", "Succeeded"], partial: ["medium", "Partial"], failed: ["high", "Failed"] };
const DRIFTS = { in_sync: ["good", "In sync"], drifted: ["medium", "Drifted"], unknown: ["unknown", "Not known"] };

/** How an apply ended, or that it has not. */
export const applyBadge = (status, title = "") => badge(...(APPLIES[status] ?? ["unknown", words(status)]), title);

/** How a deployment is. */
export const deploymentBadge = ({ applyStatus, deleting, reason }) =>
  deleting ? badge("pending", "Being deleted") : applyBadge(applyStatus, reason ?? "");

/** How the cluster compared when it was last looked at. */
export function driftBadge(drift) {
  if (!drift) return html`<span class="muted">Not looked at</span>`;
  return badge(...(DRIFTS[drift.state] ?? ["unknown", words(drift.state)]), `Looked at ${full(drift.checkedAt)}`);
}

/** The name of an object in a cluster: "ConfigMap shop/web". */
export const objectName = ({ apiVersion, kind, namespace, name }) =>
  html`<span class="object" title=${clean(apiVersion)}
    ><span class="muted">${beginning(kind, NAME_CHARS)}</span> <span class="name">${beginning(namespace ? `${namespace}/${name}` : name, NAME_CHARS)}</span></span
  >`;

/** The lines of a value that is a text of several; null of any other. */
function linesOf(json) {
  try {
    const value = JSON.parse(json);
    return typeof value === "string" && value.includes("\n") ? value.split("\n") : null;
  } catch {
    return null;
  }
}

/** Two lists of lines without what is alike at both ends, but for a few lines around. */
function apart(some, others) {
  const least = Math.min(some.length, others.length);
  let begin = 0;
  while (begin < least && some[begin] === others[begin]) begin++;
  let end = 0;
  while (end < least - begin && some.at(-1 - end) === others.at(-1 - end)) end++;
  const from = Math.max(0, begin - LINES_AROUND);
  const cut = (lines) => [from, lines.slice(from, lines.length - Math.max(0, end - LINES_AROUND)), Math.max(0, end - LINES_AROUND)];
  return [cut(some), cut(others)];
}

const alike = (many) => (many > 0 ? html`<span class="muted">… ${count(many)} more alike</span>\n` : nothing);

function value(json, lines, missing) {
  if (json === null || json === undefined) return html`<span class="muted">${missing}</span>`;
  const [before, shown, after] = lines ?? [0, json.split("\n"), 0];
  const text = shown.map(visible).join("\n");
  return html`${alike(before)}<bdi>${text.slice(0, VALUE_CHARS)}</bdi>${tooLong(text, VALUE_CHARS)}${after ? html`\n${alike(after)}` : nothing}`;
}

/** A field with two values as JSON: `sides` has a label, what to say when there is none, and a class, for each. */
export function fieldChange(path, sides, by = nothing) {
  const all = sides.map(({ json }) => linesOf(json ?? "null"));
  const lines = all[0] && all[1] ? apart(...all) : all.map((one) => one && [0, one, 0]);
  return html`<li class="change">
    <p class="path"><span class="mono">${beginning(path)}</span>${by}</p>
    <dl>
      ${sides.map(
        ({ label, missing, tone, json }, at) =>
          html`<dt class=${tone}>${label}</dt>
            <dd class=${tone}>${value(json, lines[at], missing)}</dd>`,
      )}
    </dl>
  </li>`;
}

const OPTIONS = {
  adopt: ["Take fields over from kubectl", "What somebody applied or edited with kubectl becomes this deployment’s."],
  forceConflicts: ["Take fields over from anybody", "Whoever set them may set them back, and the two then fight over them."],
  removeData: ["Remove data too", "Namespaces, definitions of kinds and volumes that are no longer wanted go as well, with all that is in them."],
};

/** A choice with one sentence about what it means. */
export const check = (name, label, meaning) =>
  html`<label class="check option"><input type="checkbox" name=${name} /><span>${label}<small>${meaning}</small></span></label>`;

/** What one apply may be told. */
export const applyOptions = () =>
  html`<fieldset>
    <legend>In this apply</legend>
    ${Object.entries(OPTIONS).map(([name, [label, meaning]]) => check(name, label, meaning))}
  </fieldset>`;

/** What was chosen of these in a form. */
export function chosenOptions(form) {
  const said = new FormData(form);
  return Object.fromEntries(
    Object.keys(OPTIONS)
      .filter((name) => said.has(name))
      .map((name) => [name, true]),
  );
}
