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
