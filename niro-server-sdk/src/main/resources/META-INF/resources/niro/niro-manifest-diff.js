/** How two revisions of manifests differ, field by field. Pure functions. */

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const member = (path, name) => `${path}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The elements of a list by their names, where all have one of their own; else null. */
function named(list) {
  const byName = new Map(list.map((one) => [isMap(one) && typeof one.name === "string" ? one.name : null, one]));
  return byName.size === list.length && !byName.has(null) ? byName : null;
}

function* members(before, after, path) {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) yield [member(path, name), before[name], after[name]];
}

function* elements(before, after, path) {
  const [some, others] = [named(before), named(after)];
  if (some && others && before.length && after.length) {
    for (const name of new Set([...some.keys(), ...others.keys()])) yield [member(path, `[${name}]`), some.get(name), others.get(name)];
    return;
  }
  for (let at = 0; at < Math.max(before.length, after.length); at++) yield [member(path, at), before[at], after[at]];
}

/** Fields that differ, {path, before, after} each; a value is JSON, null when the field is not there. */
export function changedFields(before, after, path = "") {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const inside =
    isMap(before) && isMap(after) ? members(before, after, path) : Array.isArray(before) && Array.isArray(after) ? elements(before, after, path) : null;
  if (!inside) return [{ path, before: json(before), after: json(after) }];
  return [...inside].flatMap(([below, one, other]) => changedFields(one, other, below));
}

/** Maps and lists on lines of their own, so that people can read them. */
const json = (value) => (value === undefined ? null : JSON.stringify(value, null, 2));

const keyOf = ({ apiVersion, kind, metadata }) => JSON.stringify([apiVersion, kind, metadata?.namespace ?? null, metadata?.name]);
const byKey = (manifests) => new Map(manifests.map(({ object }) => [keyOf(object), object]));

/** Objects that came, went or changed between two lists of manifests as the API has them. */
export function changedObjects(before, after) {
  const [some, others] = [byKey(before), byKey(after)];
  return [...new Set([...some.keys(), ...others.keys()])]
    .map((key) => changed(some.get(key), others.get(key)))
    .filter(({ changes }) => changes.length > 0);
}

function changed(before, after) {
  const { apiVersion, kind, metadata } = after ?? before;
  const state = before ? (after ? "changed" : "removed") : "added";
  return { apiVersion, kind, namespace: metadata?.namespace ?? null, name: metadata?.name, state, changes: changedFields(before, after) };
}
