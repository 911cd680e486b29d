import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type JavaReplica, startReplica } from '../src/replica.ts';
import { live } from '../src/replicas.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

let folder: Folder;
let server: Server;
let java: JavaReplica;
let first: Browser;
let second: Browser;

beforeAll(async () => {
  folder = createFolder();
  server = await startServer({ data: folder.in('data') });
  java = startReplica(server.url, 'shop', TOKENS.java);
  first = await launch({
    profile: folder.in('ada'),
    url: server.url,
    flavour: 'dexie',
    space: 'shop',
    token: TOKENS.ada,
  });
  second = await first.openTab();
  await live(first);
});
afterAll(async () => {
  await second.close();
  await java.stop();
  await server.stop();
  folder.delete();
});

const arrived = (id: string) =>
  eventually(`${id} has arrived`, async () => {
    await java.sync();
    return (await java.get(id)) ?? undefined;
  });

it('has one tab work for all, and tells the others', async () => {
  await live(second);
  await second.run(({ app }) => app.put({ id: 'a', name: 'from the second tab', tags: [], quantity: 1 }));
  expect(await arrived('a')).toMatchObject({ name: 'from the second tab' });

  const changes = second.run(
    ({ sync }) =>
      new Promise<unknown>((resolve) => {
        sync.changes.subscribe((change) => {
          if (change.origin === 'remote') resolve(change.ids);
        });
      }),
  );
  await java.edit('a', { name: 'from Java' });
  await java.sync();
  expect(await changes).toEqual(['a']);
  expect(await second.run(({ app }) => app.all())).toMatchObject([{ name: 'from Java' }]);
});

it('goes on when one of two connections of a tab is closed', async () => {
  await second.run(
    ({ sync }) =>
      new Promise<void>((resolve, reject) => {
        const request = sync.indexedDB.open('shop');
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
        request.onerror = () => reject(request.error);
      }),
  );
  await first.run(
    ({ sync }) =>
      new Promise<void>((resolve) => {
        sync.indexedDB.open('shop').onsuccess = (event) => {
          (event.target as IDBOpenDBRequest).result.close();
          resolve();
        };
      }),
  );
  await first.run(({ app }) => app.put({ id: 'c', name: 'still here', tags: [], quantity: 1 }));
  expect(await arrived('c')).toMatchObject({ name: 'still here' });
});

it('switches the exchange off and on for all tabs', async () => {
  await second.run(({ sync }) => sync.disconnect());
  await eventually('the first tab is offline', async () =>
    (await first.run(({ sync }) => sync.status.value.phase)) === 'offline' ? true : undefined,
  );
  await second.run(({ sync }) => sync.connect());
  await live(first);
});

/** Which tab of the browser holds the lock. */
const leader = () =>
  second.run(async () => (await navigator.locks.query()).held?.map(({ clientId }) => clientId).join() as string);

it('replaces a tab that works and is frozen, which joins the others again when it thaws', async () => {
  const frozen = await leader();
  const devtools = await first.context.newCDPSession(first.page);
  await devtools.send('Debugger.enable');
  const stopped = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  // Chromium itself freezes no page that it takes for visible, as it does all of a headless browser.
  const paused = devtools.send('Runtime.evaluate', { expression: 'debugger' });
  await stopped;
  await second.run(({ app }) => app.put({ id: 'd', name: 'while it was frozen', tags: [], quantity: 1 }));
  expect(await arrived('d')).toMatchObject({ name: 'while it was frozen' });
  const successor = await leader();
  expect(successor).not.toBe(frozen);

  await Promise.all([paused, devtools.send('Debugger.disable')]);
  await first.run(({ app }) => app.put({ id: 'e', name: 'thawed', tags: [], quantity: 1 }));
  expect(await arrived('e')).toMatchObject({ name: 'thawed' });
  await Promise.all([live(first), live(second)]);
  expect(await first.run(({ sync }) => sync.status.value.problem)).toBeUndefined();
  expect(await leader()).toBe(successor);
});

it('replaces a tab that works and is busy with something else, by one that was replaced before', async () => {
  const busy = await leader();
  const blocked = second.run(() => {
    const end = performance.now() + 15_000;
    while (performance.now() < end);
  });
  await first.run(({ app }) => app.put({ id: 'f', name: 'while it was busy', tags: [], quantity: 1 }));
  expect(await arrived('f')).toMatchObject({ name: 'while it was busy' });
  await blocked;
  expect(await leader()).not.toBe(busy);
  await live(second);
});

it('goes on with another tab when the first one is closed, under the same replica id', async () => {
  await first.page.close();
  await second.run(({ app }) => app.put({ id: 'b', name: 'after', tags: [], quantity: 1 }));
  expect(await arrived('b')).toMatchObject({ name: 'after' });
  const replicas = await second.run(async ({ sync }) => {
    const cells = [await sync.inspect('items', 'a'), await sync.inspect('items', 'b')];
    return cells.map((found) => found?.delivered.find(({ path }) => path[0] === 'c')?.replica);
  });
  expect(replicas[0]).toBe(replicas[1]);
});

it('gives way to a tab with the next version of the application, which pushes what was pending', async () => {
  await second.run(({ sync, app }) => {
    sync.disconnect();
    return app.put({ id: 'g', name: 'from the old version', tags: [], quantity: 1 });
  });
  const next = await second.openTab('next');
  await next.run(({ app }) => app.put({ id: 'h', name: 'from the next version', tags: [], quantity: 1 }));
  expect(await arrived('h')).toMatchObject({ name: 'from the next version' });
  expect(await arrived('g')).toMatchObject({ name: 'from the old version' });
});
