import { type Status, type Watersmeet, watersmeet } from '@watersmeet/client';
import { defineInspector } from '@watersmeet/client/inspector';
import type { App, LiveQueries } from './app.ts';
import { open as openDexie } from './dexie-app.ts';
import { open as openIdb } from './idb-app.ts';
import { open as openNext } from './next-app.ts';
import { open as openRaw } from './raw-app.ts';

export interface TestPage {
  readonly app: App;
  readonly sync: Watersmeet;
  readonly statuses: Status[];
  /** Live queries that a test has started. */
  live?: LiveQueries;
  token: string;
  /** Shows the inspector in the page. */
  inspect(): void;
  /** Synchronises another space, in a database that is called as it. */
  join(space: string): Promise<{ readonly app: App; readonly sync: Watersmeet }>;
}

declare global {
  interface Window {
    started: Promise<TestPage>;
    start(options: { flavour: keyof typeof flavours; space: string; token: string; user?: string }): Promise<void>;
  }
}

const flavours = { dexie: openDexie, idb: openIdb, raw: openRaw, next: openNext };

window.start = async ({ flavour, space, token, user }) => {
  const client = (space: string) =>
    watersmeet({
      url: '/v1',
      space,
      ...(user !== undefined && { user }),
      token: () => page.token,
      debug: true,
      collections: { items: { tags: 'set', quantity: 'counter' } },
    });
  const join = async (space: string) => {
    const sync = client(space);
    return { sync, app: await openRaw(sync.indexedDB, space) };
  };
  const page: { token: string } & Partial<TestPage> = { token, join };
  const sync = client(space);
  const inspect = () => {
    defineInspector();
    document.body.append(Object.assign(document.createElement('watersmeet-inspector'), { client: sync }));
  };
  const statuses: Status[] = [];
  sync.status.subscribe((status) => statuses.push(status));
  window.started = flavours[flavour](sync.indexedDB).then(
    (app) => Object.assign(page, { app, sync, statuses, inspect }) as TestPage,
  );
  await window.started;
};
