/** What lists of objects and of changed fields look like. */
import { css } from "lit";

export const ofObjects = css`
  ul, ol { list-style: none; }
  li { overflow-wrap: anywhere; min-width: 0; }
  .rows > li { padding: 10px 16px; border-top: 1px solid var(--niro-line); }
  .counts { padding: 0 16px 10px; }
  .change { padding: 8px 0; }
  .change .path { margin-bottom: 4px; }
  .change dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); border: 1px solid var(--niro-line); border-radius: var(--niro-radius); overflow: hidden; }
  .change dt { padding: 4px 10px; font-size: 12.5px; color: var(--niro-muted); }
  .change dd {
    padding: 4px 10px; font-family: var(--niro-mono); font-size: 12.5px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40vh;
    overflow-y: auto;
  }
  .plus { background: var(--niro-healthy-soft); }
  .minus { background: var(--niro-critical-soft); }
  details > summary { cursor: pointer; }
  .option small { display: block; color: var(--niro-muted); font-size: 13px; }
  label.option { align-items: flex-start; }
  .option input { margin-top: 3px !important; }
`;
