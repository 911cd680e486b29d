/** The style sheet of the shadow root. What starts with `--watersmeet-` can be set by the page around it. */
export const STYLES = `
:host {
  color-scheme: light dark;
  --sheet: var(--watersmeet-background, #fbfcfa);
  --ink: var(--watersmeet-text, #12302f);
  --soft: var(--watersmeet-soft, #4d6664);
  --line: var(--watersmeet-line, #d5ddd6);
  --accent: var(--watersmeet-accent, #1b7672);
  --warn: var(--watersmeet-warning, #a3321f);
  --mono: var(--watersmeet-mono, ui-monospace, Menlo, Consolas, "Liberation Mono", monospace);
  display: block;
  container-type: inline-size;
  overflow: auto;
  background: var(--sheet);
  color: var(--ink);
  font: 400 14px / 1.45 var(--watersmeet-font, system-ui, sans-serif);
}
@media (prefers-color-scheme: dark) {
  :host {
    --sheet: var(--watersmeet-background, #122225);
    --ink: var(--watersmeet-text, #e6efeb);
    --soft: var(--watersmeet-soft, #9fb5b1);
    --line: var(--watersmeet-line, #2b4246);
    --accent: var(--watersmeet-accent, #5cc4bc);
    --warn: var(--watersmeet-warning, #f3a08e);
  }
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p, ul, dl, dd, h3 { margin: 0; padding: 0; }
ul { list-style: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
[role="tablist"] {
  position: sticky; top: 0; z-index: 1;
  display: flex; flex-wrap: wrap; gap: 0 4px;
  padding: 0 12px;
  border-bottom: 1px solid var(--line);
  background: var(--sheet);
}
[role="tab"] {
  min-height: 40px; padding: 0 8px;
  border: 0; border-bottom: 3px solid transparent;
  background: none; color: var(--soft); font: inherit; cursor: pointer;
}
[role="tab"]:hover { color: var(--ink); }
[role="tab"][aria-selected="true"] { border-bottom-color: var(--accent); color: var(--ink); font-weight: 600; }
.count {
  display: inline-block; min-width: 20px; margin-left: 6px; padding: 0 6px;
  border-radius: 10px; background: var(--accent); color: var(--sheet);
  font-size: 12px; font-weight: 600; line-height: 20px; font-variant-numeric: tabular-nums;
}
[role="tabpanel"] { padding: 12px 20px 20px; }
.note, small, dt { color: var(--soft); font-size: 13px; font-weight: 400; }
.phase { font-size: 18px; }
.phase::before {
  display: inline-block; width: 10px; height: 10px; margin-right: 8px;
  border: 2px solid var(--soft); border-radius: 50%; content: "";
}
.phase:is([data-phase="live"], [data-phase="syncing"], [data-phase="polling"])::before { border-color: var(--accent); background: var(--accent); }
.phase[data-phase="failed"]::before { border-color: var(--warn); background: var(--warn); }
progress { width: 100%; height: 6px; margin-top: 10px; accent-color: var(--accent); }
.problem { margin-top: 12px; padding-left: 12px; border-left: 3px solid var(--warn); }
.problem strong { color: var(--warn); font-weight: 600; }
dl { margin-top: 12px; }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding: 6px 0; border-top: 1px solid var(--line); }
dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
li { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 8px 0; border-bottom: 1px solid var(--line); }
li.tall { display: grid; grid-template-columns: minmax(0, 1fr); }
.what { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.actions { display: flex; gap: 8px; }
.action {
  min-height: 30px; padding: 2px 12px;
  border: 1px solid var(--accent); border-radius: 15px;
  background: none; color: var(--accent); font: inherit; font-size: 13px; font-weight: 600; cursor: pointer;
}
.action:hover { background: var(--accent); color: var(--sheet); }
.value { font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere; }
.won, .lost { display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; gap: 0 8px; align-items: baseline; }
.won em { color: var(--accent); font-style: normal; font-weight: 600; }
.lost em { color: var(--soft); font-style: normal; }
.lost .value { color: var(--soft); text-decoration: line-through; }
h3 { padding: 8px 0 2px; font-size: 13px; font-weight: 600; }
ul + .action, ul + h3 { margin-top: 12px; }
form { display: flex; flex-wrap: wrap; align-items: end; gap: 8px 12px; padding-bottom: 10px; }
label { display: grid; flex: 1 1 130px; gap: 2px; color: var(--soft); font-size: 13px; }
input {
  width: 100%; min-height: 32px; padding: 2px 8px;
  border: 1px solid var(--soft); border-radius: 6px; background: none; color: var(--ink); font: inherit; font-size: 14px;
}
form .action { min-height: 32px; }
.scroller { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); font-weight: 400; text-align: left; vertical-align: baseline; }
thead th { color: var(--soft); }
th b { font-weight: 400; }
th small { display: block; font-size: 12px; }
td + td { font-family: var(--mono); font-size: 12px; white-space: nowrap; }
.layer th { padding-top: 10px; color: var(--accent); font-weight: 600; }
.removed .value, .removed b { text-decoration: line-through; }
.announcement { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 420px) {
  [role="tabpanel"] { padding: 12px; }
  .won, .lost { grid-template-columns: 40px minmax(0, 1fr); }
  .won small, .lost small { grid-column: 2; }
}
`;
