// One replica: a stockroom like any other, over the factory that keeps it in step.
import { watersmeet } from '@watersmeet/client';
import { defineInspector } from '@watersmeet/client/inspector';
import { part, showText } from './dom.ts';
import { createInside } from './inside.ts';
import { type OnlineOrder, onMessage, type RefillOrder, type ReplicaName, send } from './messages.ts';
import { SAMPLES } from './samples.ts';
import { loadSettings } from './settings.ts';
import { createStatusView } from './status-view.ts';
import { createStockView } from './stock-view.ts';
import { openStockroom } from './stockroom.ts';

const TITLES: Readonly<Record<ReplicaName, string>> = { left: 'Tablet, aisle 3', right: 'Desk, office' };

const replicaOf = (search: string): ReplicaName =>
  new URLSearchParams(search).get('replica') === 'right' ? 'right' : 'left';

const showProblem = (error: unknown): void =>
  showText(part('problem', HTMLElement), error instanceof Error ? error.message : String(error));

/** The switch; it stays where it was when the page is loaded again. */
const createOnlineSwitch = (replica: ReplicaName, turn: (online: boolean) => void) => {
  const button = part('online', HTMLButtonElement);
  const key = `online-${replica}`;
  const set = (online: boolean): void => {
    button.setAttribute('aria-checked', String(online));
    sessionStorage.setItem(key, String(online));
    turn(online);
  };
  const isOn = (): boolean => button.getAttribute('aria-checked') === 'true';
  button.addEventListener('click', () => set(!isOn()));
  onMessage<OnlineOrder>('online-order', ({ online }) => set(online));
  return { isOn, begin: () => set(sessionStorage.getItem(key) !== 'false') };
};

const start = async (replica: ReplicaName): Promise<void> => {
  const { space, ...settings } = await loadSettings();
  let { tokens } = settings;
  // A server that was started again has other tokens.
  const token = async (): Promise<string> => {
    if (settled && sync.status.value.phase !== 'live') {
      tokens = await loadSettings().then(
        (fresh) => fresh.tokens,
        () => tokens,
      ); // while nobody answers, the old ones
    }
    return tokens[replica];
  };
  let settled = false;
  const sync = watersmeet({
    url: '/v1',
    space,
    token,
    collections: { items: { tags: 'set', quantity: 'counter' } },
  });
  const stockroom = openStockroom(`stockroom-${replica}`, sync.indexedDB);

  // From here on, synchronisation is only shown; the stockroom does not know of it.
  const inside = createInside(sync);
  const stock = createStockView(stockroom, inside.choose);
  const online = createOnlineSwitch(replica, (on) => (on ? sync.connect() : sync.disconnect()));
  const showStatus = createStatusView();

  onMessage<RefillOrder>('refill-order', () => void stockroom.refill(SAMPLES));
  online.begin();
  sync.status.subscribe((status) => {
    settled ||= status.phase === 'live';
    showStatus(status);
    stock.settle(settled, replica === 'left');
    if (window.parent !== window) {
      send(window.parent, { kind: 'pane-report', replica, online: online.isOn(), phase: status.phase });
    }
  });
  sync.changes.subscribe(({ collection, ids, origin }) => {
    if (collection !== 'items') return;
    if (origin === 'remote') stock.glow(ids.map(String));
    if (window.parent === window) return;
    const at = performance.timeOrigin + performance.now();
    send(window.parent, { kind: 'edit-report', replica, ids: ids.map(String), origin, at });
  });
};

const replica = replicaOf(location.search);
document.documentElement.dataset.replica = replica;
document.title = `${TITLES[replica]}: stockroom`;
part('pane-name', HTMLElement).textContent = TITLES[replica];
for (const landmark of document.querySelectorAll('header, main, footer')) {
  landmark.setAttribute('aria-label', `${landmark.localName === 'main' ? 'Stock' : 'Controls'}, ${TITLES[replica]}`);
}
addEventListener('error', (event) => showProblem(event.error ?? event.message));
addEventListener('unhandledrejection', (event) => showProblem(event.reason));
defineInspector();
start(replica).catch(showProblem);
