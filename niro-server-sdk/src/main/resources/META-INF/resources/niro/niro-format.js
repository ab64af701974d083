/** Numbers, times and foreign text as people read them. Pure functions; nothing here touches the page. */

const RISKY =
  /[\u0000-\u001f\u007f-\u009f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Text from a cluster without what could hide or reorder it: control, direction and invisible characters become U+FFFD. */
export function clean(value) {
  return value === null || value === undefined ? "" : String(value).replace(RISKY, "\ufffd");
}

/** The same for a line of a log, in which nothing is to be lost: "␛[31m", "⟨U+202E⟩"; a tab stays. */
export function visible(value) {
  return String(value).replace(RISKY, (risky) => {
    const code = risky.codePointAt(0);
    if (code === 9) return risky;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? "␡" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

const whole = new Intl.NumberFormat("en");

/** 12345 → "12,345"; nothing known → "–". */
export function count(value) {
  return value === null || value === undefined ? "–" : whole.format(value);
}

/** "1 node", "3 nodes". */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const STEPS = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
];

/** 3 → "3 s", 200 → "3 min", 7260 → "2 h", 172800 → "2 d". */
export function span(seconds) {
  const positive = Math.max(0, Math.floor(seconds));
  for (const [size, unit] of STEPS) {
    if (positive >= size) return `${Math.floor(positive / size)} ${unit}`;
  }
  return `${positive} s`;
}

/** "3 s ago" at the server's time `now`, in milliseconds; "just now" within the second; "never" without an instant. */
export function ago(iso, now) {
  const at = Date.parse(iso ?? "");
  if (Number.isNaN(at)) return "never";
  return now - at < 1000 ? "just now" : `${span((now - at) / 1000)} ago`;
}

/** How long ago, without the word: "12 min". */
export function age(iso, now) {
  const at = Date.parse(iso ?? "");
  return Number.isNaN(at) ? "–" : span((now - at) / 1000);
}

/** 59:59 until `iso`; "0:00" when it is over. */
export function countdown(iso, now) {
  const left = Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** The full instant in the reader's time zone. */
export function full(iso) {
  const at = Date.parse(iso ?? "");
  return Number.isNaN(at) ? "" : moment.format(at);
}

/** "14:02" on the same day, "21 Nov, 14:02" before. */
export function short(iso, now) {
  const at = Date.parse(iso ?? "");
  if (Number.isNaN(at)) return "";
  return new Date(at).toDateString() === new Date(now).toDateString() ? clockTime.format(at) : dayTime.format(at);
}

/** An instant in milliseconds as the value of a datetime-local input, in the reader's time zone, to the minute. */
export function localInput(millis) {
  const shifted = millis - new Date(millis).getTimezoneOffset() * 60000;
  return new Date(shifted).toISOString().slice(0, 16);
}

/** 1500 → "1.5", 250 → "0.25": cores. */
export function cores(millis) {
  if (millis === null || millis === undefined) return "–";
  const value = millis / 1000;
  return value >= 100 ? whole.format(Math.round(value)) : String(Number(value.toPrecision(value < 1 ? 2 : 3)));
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** 1610612736 → "1.5 GiB". */
export function bytes(value) {
  if (value === null || value === undefined) return "–";
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : Number(size.toPrecision(2 + (size >= 10)))} ${UNITS[unit]}`;
}

/** "v1.31.4+k3s1" → "1.31.4+k3s1". */
export function version(value) {
  return clean(value ?? "").replace(/^v(?=\d)/, "") || "–";
}

/** A foreign sentence, with a capital at its beginning. */
export function sentence(value) {
  const text = clean(value);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "pod_crash_looping" → "Pod crash looping", "lastEnd" → "Last end". */
export function words(code) {
  const apart = String(code)
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, (pair, end, start) => `${end} ${start.toLowerCase()}`);
  return sentence(apart);
}

/** "single-replica" → "Single replica": the name of a policy in words. */
export const ruleWords = (rule) => words(String(rule).replaceAll("-", " "));

/** Where an incident or a finding is, in words: [what to read, what it is part of]. What has no known form stays as it is. */
export function place(scope) {
  const [kind, ...rest] = String(scope).split("/");
  if (kind === "cluster" && rest.length === 0) return ["Whole cluster", ""];
  if (kind === "node" && rest.length === 1) return [`Node ${rest[0]}`, ""];
  if (kind === "managed" && rest.length === 1) return [`Deployment of Niro ${rest[0]}`, ""];
  if (kind === "pvc" && rest.length === 2) return [`Claim ${rest[1]}`, `namespace ${rest[0]}`];
  if (kind !== "ns" || (rest.length !== 3 && rest.length !== 5)) return [String(scope), ""];
  const inside = rest.length === 5 ? `${rest[3]} ${rest[4]}, ` : "";
  return [`${rest[1]} ${rest[2]}`, `${inside}namespace ${rest[0]}`];
}

/** Labels as lines to edit, key=value each. */
export const labelLines = (labels) =>
  Object.entries(labels)
    .map(([name, value]) => (value ? `${name}=${value}` : name))
    .join("\n");

/** Labels of such lines. */
export function labelsOf(lines) {
  const pairs = lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return Object.fromEntries(
    pairs.map((line) => [
      line.split("=", 1)[0].trim(),
      line.includes("=") ? line.slice(line.indexOf("=") + 1).trim() : "",
    ]),
  );
}

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Natural order of names: pi-2 before pi-10. */
export const byName = (a, b) => order.compare(a, b);
