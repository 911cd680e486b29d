/**
 * The style sheet of the shadow root. What starts with `--watersmeet-` can be set by the page around it. The others have names of their own: a
 * page that sets `--watersmeet-soft` to its own `--soft` would make a circle of a name that both use, and the browser drop both.
 */
export const STYLES = `
:host {
  color-scheme: light dark;
  --own-sheet: var(--watersmeet-background, #fbfcfa);
  --own-ink: var(--watersmeet-text, #12302f);
  --own-soft: var(--watersmeet-soft, #4d6664);
  --own-line: var(--watersmeet-line, #d5ddd6);
  --own-accent: var(--watersmeet-accent, #1b7672);
  --own-warn: var(--watersmeet-warning, #a3321f);
  --own-mono: var(--watersmeet-mono, ui-monospace, Menlo, Consolas, "Liberation Mono", monospace);
  display: block;
  container-type: inline-size;
  overflow: auto;
  background: var(--own-sheet);
  color: var(--own-ink);
  font: 400 14px / 1.45 var(--watersmeet-font, system-ui, sans-serif);
}
@media (prefers-color-scheme: dark) {
  :host {
    --own-sheet: var(--watersmeet-background, #122225);
    --own-ink: var(--watersmeet-text, #e6efeb);
    --own-soft: var(--watersmeet-soft, #9fb5b1);
    --own-line: var(--watersmeet-line, #2b4246);
    --own-accent: var(--watersmeet-accent, #5cc4bc);
    --own-warn: var(--watersmeet-warning, #f3a08e);
  }
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p, ul, dl, dd, h3 { margin: 0; padding: 0; }
ul { list-style: none; }
:focus-visible { outline: 2px solid var(--own-accent); outline-offset: -2px; }
[role="tablist"] {
  position: sticky; top: 0; z-index: 1;
  display: flex; flex-wrap: wrap; gap: 0 4px;
  padding: 0 12px;
  border-bottom: 1px solid var(--own-line);
  background: var(--own-sheet);
}
[role="tab"] {
  min-height: 40px; padding: 0 8px;
  border: 0; border-bottom: 3px solid transparent;
  background: none; color: var(--own-soft); font: inherit; cursor: pointer;
}
[role="tab"]:hover { color: var(--own-ink); }
[role="tab"][aria-selected="true"] { border-bottom-color: var(--own-accent); color: var(--own-ink); font-weight: 600; }
.count {
  display: inline-block; min-width: 20px; margin-left: 6px; padding: 0 6px;
  border-radius: 10px; background: var(--own-accent); color: var(--own-sheet);
  font-size: 12px; font-weight: 600; line-height: 20px; font-variant-numeric: tabular-nums;
}
[role="tabpanel"] { padding: 12px 20px 20px; }
.note, small, dt { color: var(--own-soft); font-size: 13px; font-weight: 400; }
.phase { font-size: 18px; }
.phase::before {
  display: inline-block; width: 10px; height: 10px; margin-right: 8px;
  border: 2px solid var(--own-soft); border-radius: 50%; content: "";
}
.phase:is([data-phase="live"], [data-phase="syncing"], [data-phase="polling"])::before { border-color: var(--own-accent); background: var(--own-accent); }
.phase[data-phase="failed"]::before { border-color: var(--own-warn); background: var(--own-warn); }
progress { width: 100%; height: 6px; margin-top: 10px; accent-color: var(--own-accent); }
.problem { margin-top: 12px; padding-left: 12px; border-left: 3px solid var(--own-warn); }
.problem strong { color: var(--own-warn); font-weight: 600; }
dl { margin-top: 12px; }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding: 6px 0; border-top: 1px solid var(--own-line); }
dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 8px 0; border-bottom: 1px solid var(--own-line); }
li.tall { display: grid; grid-template-columns: minmax(0, 1fr); }
.what { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.actions { display: flex; gap: 8px; }
.action {
  min-height: 30px; padding: 2px 12px;
  border: 1px solid var(--own-accent); border-radius: 15px;
  background: none; color: var(--own-accent); font: inherit; font-size: 13px; font-weight: 600; cursor: pointer;
}
.action:hover { background: var(--own-accent); color: var(--own-sheet); }
.value { font-family: var(--own-mono); font-size: 13px; overflow-wrap: anywhere; }
.won, .lost { display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; gap: 0 8px; align-items: baseline; }
.won em { color: var(--own-accent); font-style: normal; font-weight: 600; }
.lost em { color: var(--own-soft); font-style: normal; }
.lost .value { color: var(--own-soft); text-decoration: line-through; }
h3 { padding: 8px 0 2px; font-size: 13px; font-weight: 600; }
ul + .action, ul + h3 { margin-top: 12px; }
form { display: flex; flex-wrap: wrap; align-items: end; gap: 8px 12px; padding-bottom: 10px; }
label { display: grid; flex: 1 1 130px; gap: 2px; color: var(--own-soft); font-size: 13px; }
input {
  width: 100%; min-height: 32px; padding: 2px 8px;
  border: 1px solid var(--own-soft); border-radius: 6px; background: none; color: var(--own-ink); font: inherit; font-size: 14px;
}
form .action { min-height: 32px; }
.scroller { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--own-line); font-weight: 400; text-align: left; vertical-align: baseline; }
thead th { color: var(--own-soft); }
th b { font-weight: 400; }
th small { display: block; font-size: 12px; }
td + td { font-family: var(--own-mono); font-size: 12px; white-space: nowrap; }
.layer th { padding-top: 10px; color: var(--own-accent); font-weight: 600; }
.removed .value, .removed b { text-decoration: line-through; }
.announcement { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 420px) {
  [role="tabpanel"] { padding: 12px; }
  .won, .lost { grid-template-columns: 40px minmax(0, 1fr); }
  .won small, .lost small { grid-column: 2; }
}
`;
