// The page around the two panes: draws their streams, and switches both at once.
import { createControls } from './controls.ts';
import { part } from './dom.ts';
import { showLatency } from './latency.ts';
import { type OnlineOrder, onMessage, type PaneReport, type ReplicaName, send } from './messages.ts';
import { loadSettings } from './settings.ts';
import { showSqlView } from './sql-view.ts';

const frames: readonly HTMLIFrameElement[] = [
  part('pane-left', HTMLIFrameElement),
  part('pane-right', HTMLIFrameElement),
];
const bothButton = part('both-online', HTMLButtonElement);
const online = new Map<ReplicaName, boolean>();
const phases = new Map<ReplicaName, string>();

const showBothButton = (): void => {
  bothButton.disabled = online.size < frames.length;
  bothButton.textContent = [...online.values()].includes(true) ? 'Take both offline' : 'Bring both online';
};

onMessage<PaneReport>('pane-report', (report) => {
  online.set(report.replica, report.online);
  phases.set(report.replica, report.phase);
  document.querySelector(`[data-stream="${report.replica}"]`)?.setAttribute('data-phase', report.phase);
  showBothButton();
});

showLatency(() => phases.size === frames.length && [...phases.values()].every((phase) => phase === 'live'));

bothButton.addEventListener('click', () => {
  const order: OnlineOrder = { kind: 'online-order', online: ![...online.values()].includes(true) };
  for (const { contentWindow } of frames) if (contentWindow) send(contentWindow, order);
});

// Side by side, each pane scrolls within itself; stacked, it grows to its content, so that one page scrolls and not three.
const stacked = matchMedia('(max-width: 719px)');

const fit = (frame: HTMLIFrameElement): void => {
  const page = frame.contentDocument;
  if (!page?.body) return;
  page.documentElement.classList.toggle('stacked', stacked.matches);
  frame.style.height = stacked.matches ? `${page.body.offsetHeight}px` : '';
};

for (const frame of frames) {
  const observe = (): void => {
    if (frame.contentDocument?.body) new ResizeObserver(() => fit(frame)).observe(frame.contentDocument.body);
    fit(frame);
  };
  frame.addEventListener('load', observe);
  if (frame.contentDocument?.readyState === 'complete') observe();
  stacked.addEventListener('change', () => fit(frame));
}

const settings = await loadSettings();
createControls(settings.kill === true, frames);
if (settings.sql) await showSqlView();
