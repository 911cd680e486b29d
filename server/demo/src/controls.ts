import { part } from './dom.ts';
import { type EditReport, onMessage, send } from './messages.ts';
import { loadSettings } from './settings.ts';

const PROBE_MILLIS = 500;

/** Has the server do something; each of its lives has a token of its own. */
const order = async (action: string): Promise<Response> => {
  const { control } = await loadSettings();
  return fetch(`/demo/control/${action}`, { method: 'POST', headers: { Authorization: `Bearer ${control}` } });
};

const isUp = async (): Promise<boolean> => {
  try {
    return (await fetch('/health')).ok;
  } catch {
    return false; // nobody listens
  }
};

/** The buttons that kill the server, let its Java code edit, and put the shelves back. */
export const createControls = (mayKill: boolean, frames: readonly HTMLIFrameElement[]): void => {
  const kill = part('kill', HTMLButtonElement);
  const robot = part('robot', HTMLButtonElement);
  const server = part('server', HTMLElement);
  const told = part('told', HTMLElement);
  let edited: string | undefined;

  const showServer = (up: boolean, text: string): void => {
    server.dataset.up = String(up);
    server.textContent = text;
    kill.disabled = !up;
    robot.disabled = !up;
  };

  const untilUp = async (since: number): Promise<void> => {
    while (!(await isUp())) {
      await new Promise((resolve) => setTimeout(resolve, PROBE_MILLIS));
    }
    const seconds = (performance.now() - since) / 1000;
    showServer(true, `Server up again after ${seconds.toFixed(1)} s`);
  };

  kill.hidden = !mayKill;
  kill.addEventListener('click', async () => {
    const since = performance.now();
    showServer(false, 'Server killed. Go on editing.');
    await order('kill').catch(() => undefined); // who is killed may not answer
    await new Promise((resolve) => setTimeout(resolve, PROBE_MILLIS));
    await untilUp(since);
  });

  robot.addEventListener('click', async () => {
    const id = edited ?? frames[0]?.contentDocument?.querySelector('[data-id]')?.getAttribute('data-id');
    if (!id) {
      told.textContent = 'There is nothing to count yet.';
      return;
    }
    const answer = await order(`robot?item=${encodeURIComponent(id)}`);
    told.textContent = answer.ok ? 'The robot has counted five more.' : 'The server does not have this item yet.';
  });

  part('reset', HTMLButtonElement).addEventListener('click', () => {
    for (const { contentWindow } of frames)
      if (contentWindow) send(contentWindow, { kind: 'online-order', online: true });
    const left = frames[0]?.contentWindow;
    if (left) send(left, { kind: 'refill-order' });
    edited = undefined;
    told.textContent = 'The shelves are as they were at first.';
  });

  // The robot goes where somebody has just been.
  onMessage<EditReport>('edit-report', ({ ids, origin }) => {
    if (origin === 'local' && ids.length === 1) edited = ids[0];
  });
};
