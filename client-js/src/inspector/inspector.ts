import type { Watersmeet } from '../sync/watersmeet.ts';
import { createCellsPanel } from './cells-panel.ts';
import { createConflictsPanel } from './conflicts-panel.ts';
import { el } from './dom.ts';
import { createLettersPanel } from './letters-panel.ts';
import { createLocalPanel } from './local-panel.ts';
import { createOutboxPanel } from './outbox-panel.ts';
import type { Surroundings } from './panel.ts';
import { createStatusPanel } from './status-panel.ts';
import { statusWords } from './status-words.ts';
import { createTabList } from './tabs.ts';

/** The inspector without its element: what stands in the shadow root. */
export interface Inspector {
  readonly elements: readonly HTMLElement[];
  /** Follows this client, or none, in the place of the one before. */
  follow(client: Watersmeet | undefined): void;
  /** Shows the cells of a document. */
  show(collection: string, key: IDBValidKey): void;
}

export const createInspector = (): Inspector => {
  const announcement = el('p', { class: 'announcement', role: 'status', 'aria-live': 'polite' });
  const say = (text: string): void => {
    announcement.textContent = text;
  };
  const surroundings: Surroundings = {
    show: (collection, key) => show(collection, key),
    attempt: (work, done) => {
      work().then(
        () => say(done),
        (error: unknown) => say(error instanceof Error ? error.message : String(error)),
      );
    },
  };
  const local = createLocalPanel();
  const cells = createCellsPanel();
  const tabs = createTabList(
    [
      createStatusPanel(),
      createOutboxPanel(surroundings),
      cells,
      createConflictsPanel(surroundings),
      createLettersPanel(surroundings),
      local,
    ],
    () => look(),
  );
  let client: Watersmeet | undefined;
  let stops: (() => void)[] = [];
  let unlook = (): void => {};
  let told = '';

  // Only the panel that is seen is kept up to date: each list is read again at each change.
  const look = (): void => {
    unlook();
    unlook = client ? tabs.chosen.follow(client) : () => {};
  };

  const show = (collection: string, key: IDBValidKey): void => {
    cells.choose(collection, key);
    tabs.choose('cells');
  };

  return {
    elements: [tabs.element, announcement],
    show,
    follow: (followed) => {
      for (const stop of stops) stop();
      client = followed;
      stops = client
        ? [
            local.hear(client),
            client.status.subscribe((status) => {
              tabs.count('outbox', status.pending);
              tabs.count('letters', status.rejected);
              const { phase, problem } = statusWords(status);
              const text = problem ? `${phase}. ${problem.advice}` : phase;
              if (text !== told) say(text);
              told = text;
            }),
          ]
        : [];
      look();
    },
  };
};
