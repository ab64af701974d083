/** What all components share: type, controls, tables, badges. Colours and sizes are tokens from niro.css. */
import { css } from "lit";

export const shared = css`
  :host {
    display: block;
    font: 14px/1.45 var(--niro-font);
    color: var(--niro-text);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  h1 { font-size: 20px; line-height: 28px; font-weight: 650; letter-spacing: -0.01em; }
  h2 { font-size: 15px; line-height: 22px; font-weight: 620; }
  a { color: var(--niro-accent); text-decoration: none; }
  a:hover { text-decoration: underline; }
  :focus-visible { outline: 2px solid var(--niro-focus); outline-offset: 2px; border-radius: 3px; }
  code, .mono { font-family: var(--niro-mono); font-size: 12.5px; }
  .muted { color: var(--niro-muted); }
  .number { text-align: end; }
  .cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .row { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
  .grow { flex: 1; }
  .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  button, .button, input, select, textarea { font: inherit; color: inherit; }
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 32px; padding: 0 12px; cursor: pointer;
    background: var(--niro-surface); border: 1px solid var(--niro-line-strong); border-radius: var(--niro-radius); white-space: nowrap;
  }
  button:hover, .button:hover { background: var(--niro-hover); text-decoration: none; }
  button.primary {
    background: var(--niro-accent-solid); border-color: var(--niro-accent-solid); color: var(--niro-on-accent); font-weight: 560;
  }
  button.primary:hover { filter: brightness(1.08); }
  button.danger { border-color: var(--niro-critical); color: var(--niro-critical); font-weight: 560; }
  button.plain { border-color: transparent; background: none; padding: 0 8px; color: var(--niro-accent); }
  button:disabled { opacity: 0.55; cursor: not-allowed; filter: none; }
  input, select, textarea {
    min-height: 32px; padding: 4px 10px; background: var(--niro-surface); border: 1px solid var(--niro-line-strong);
    border-radius: var(--niro-radius);
  }
  input::placeholder, textarea::placeholder { color: var(--niro-muted); opacity: 1; }
  select { padding-inline-end: 6px; max-width: 100%; }
  label { display: block; }
  .field { display: grid; gap: 4px; }
  .field > span { font-weight: 560; }
  .field > small, .hint { color: var(--niro-muted); font-size: 13px; }
  .wrong { color: var(--niro-critical); font-size: 13px; }

  .panel { background: var(--niro-surface); border: 1px solid var(--niro-line); border-radius: 8px; }
  .panel > header { display: flex; align-items: baseline; gap: 10px; padding: 12px 16px 8px; }
  .empty { padding: 40px 16px; text-align: center; color: var(--niro-muted); display: grid; gap: 12px; justify-items: center; }
  .empty h2 { color: var(--niro-text); }
  .note {
    display: flex; gap: 8px; align-items: baseline; padding: 8px 12px; margin-bottom: 12px; border-radius: var(--niro-radius);
    background: var(--niro-warning-soft); color: var(--niro-warning); border: 1px solid currentColor;
  }

  table { width: 100%; border-collapse: separate; border-spacing: 0; table-layout: fixed; }
  th, td { padding: 0 12px; text-align: start; border-bottom: 1px solid var(--niro-line); }
  th { height: 36px; font-weight: 560; font-size: 12.5px; color: var(--niro-muted); white-space: nowrap; }
  td { height: var(--niro-row); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  th:first-child, td:first-child { padding-inline-start: 16px; }
  th:last-child, td:last-child { padding-inline-end: 16px; }
  tbody tr:last-child > td { border-bottom: 0; }
  tbody tr:hover > td { background: var(--niro-hover); }
  th.number, td.number { text-align: end; }
  tr.gap > td, tr.gap:hover > td { height: auto; padding: 0; border: 0; background: none; }
  th button {
    min-height: 24px; padding: 0 4px; margin: 0 -5px; border: 1px solid transparent; background: none; font-weight: inherit;
    color: inherit; gap: 4px;
  }
  th button:hover { color: var(--niro-text); background: var(--niro-sunken); }
  th[aria-sort] button { color: var(--niro-text); }
  .sub { display: block; font-size: 12.5px; line-height: 17px; color: var(--niro-muted); overflow: hidden; text-overflow: ellipsis; }
  .name { font-weight: 580; color: var(--niro-text); }

  .badge {
    display: inline-flex; align-items: center; gap: 5px; height: 22px; padding: 0 8px 0 6px; border-radius: 11px; font-size: 12.5px;
    font-weight: 580;
    color: var(--tone, var(--niro-offline)); background: var(--tone-soft, var(--niro-offline-soft)); white-space: nowrap; max-width: 100%;
  }
  .badge svg { width: 13px; height: 13px; flex: none; }
  .healthy, .good { --tone: var(--niro-healthy); --tone-soft: var(--niro-healthy-soft); }
  .warning, .medium { --tone: var(--niro-warning); --tone-soft: var(--niro-warning-soft); }
  .critical, .high { --tone: var(--niro-critical); --tone-soft: var(--niro-critical-soft); }
  .unknown { --tone: var(--niro-unknown); --tone-soft: var(--niro-unknown-soft); }
  .offline { --tone: var(--niro-offline); --tone-soft: var(--niro-offline-soft); }
  .pending, .low, .info { --tone: var(--niro-pending); --tone-soft: var(--niro-pending-soft); }
  .toned { color: var(--tone); }
  .tag {
    display: inline-block; max-width: 100%; padding: 0 7px; border: 1px solid var(--niro-line); border-radius: 4px; font-size: 12.5px;
    line-height: 20px; color: var(--niro-muted); overflow: hidden; text-overflow: ellipsis; vertical-align: middle;
  }
  .tag.production { color: var(--niro-text); border-color: var(--niro-line-strong); }

  .skeleton { height: 12px; border-radius: 6px; background: var(--niro-sunken); }
  @media (prefers-reduced-motion: no-preference) {
    .skeleton { animation: breathe 1.4s ease-in-out infinite alternate; }
    @keyframes breathe { to { opacity: 0.45; } }
  }

  .head { display: flex; align-items: flex-end; gap: 12px; flex-wrap: wrap; margin-bottom: 14px; }
  .filters { margin-bottom: 12px; }
  .form { display: grid; gap: 14px; }
  .form input, .form select, .form textarea { width: 100%; }
  .form textarea { min-height: 76px; resize: vertical; font-family: var(--niro-mono); font-size: 13px; }
  .form input[type="checkbox"], .form input[type="radio"] { width: 16px; min-height: 16px; margin: 0; flex: none; }
  .form fieldset { margin: 0; padding: 0; border: 0; min-width: 0; display: grid; gap: 10px; }
  .form legend { padding: 0; margin-bottom: 6px; font-weight: 560; }
  .form footer { display: flex; justify-content: flex-end; gap: 8px; flex-wrap: wrap; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; align-items: start; }
  .check { display: flex; gap: 8px; align-items: center; }
  .secret {
    margin: 0; padding: 12px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--niro-sunken);
    border: 1px solid var(--niro-line); border-radius: var(--niro-radius); font-family: var(--niro-mono); font-size: 12.5px; user-select: all;
  }
  .told { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 3px 14px; font-size: 13px; }
  .told dt { color: var(--niro-muted); overflow-wrap: anywhere; }
  .told dd { overflow-wrap: anywhere; }
  .told.exact dd { font-family: var(--niro-mono); font-size: 12.5px; }
  .tag.warn { color: var(--niro-warning); border-color: currentColor; }
  .tag.good { color: var(--niro-healthy); border-color: currentColor; }
  .tag.bad { color: var(--niro-critical); border-color: currentColor; }
  @media (max-width: 600px) { .pair { grid-template-columns: 1fr; } }
`;
