import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type GuardedServer, startGuarded } from '../src/guarded.ts';
import { type JavaReplica, startReplica } from '../src/replica.ts';
import { live } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';

const MORE_THAN_SHOWN = 103;

let folder: Folder;
let server: GuardedServer;
let java: JavaReplica;
let ada: Browser;

beforeAll(async () => {
  folder = createFolder();
  server = await startGuarded(folder);
  java = startReplica(server.url, 'shop', TOKENS.java);
  await java.put('a', { name: 'box', tags: [], quantity: 1 });
  await java.sync();
  ada = await launch({
    profile: folder.in('ada'),
    url: server.url,
    flavour: 'dexie',
    space: 'shop',
    token: TOKENS.ada,
  });
  await live(ada);
  await ada.run((page) => page.inspect());
  await ada.page.getByRole('tab', { name: 'Refused' }).click();
});
afterAll(async () => {
  await ada.close();
  await java.stop();
  await server.stop();
  folder.delete();
});

const letters = () => ada.page.getByRole('list', { name: 'Refused edits, the oldest first' }).getByRole('listitem');
const button = (name: string) => ada.page.getByRole('button', { name, exact: true });
const said = (text: string) => ada.page.locator('.announcement', { hasText: text }).waitFor();

const nameOnServer = async () => {
  await java.sync();
  return (await java.get('a'))?.name;
};

/** How many refused edits the database itself holds, in the client's hidden store. */
const kept = () =>
  ada.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('shop');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const counting = db
            .transaction('\uF8FFmeta')
            .objectStore('\uF8FFmeta')
            .count(IDBKeyRange.bound(['dead'], ['dead', []]));
          counting.onsuccess = () => {
            db.close();
            resolve(counting.result);
          };
          counting.onerror = () => reject(counting.error);
        };
      }),
  );

async function renamed(name: string): Promise<void> {
  await ada.run(({ app }, name) => app.edit('a', { name }), name);
  await button('Retry items a').waitFor();
}

/** What a click on the export has the browser save. */
async function exported(): Promise<{ letters: unknown[] }> {
  const saved = ada.page.waitForEvent('download');
  await button('Export all as JSON').click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('refused-edits.json');
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

it('exports what was refused, and leaves it where it is', async () => {
  await renamed('crate');
  expect(await exported()).toMatchObject({
    format: 'watersmeet-dead-letters',
    space: 'shop',
    letters: [
      { collection: 'items', id: 'a', code: 'forbidden', detail: 'names are closed', record: { name: 'crate' } },
    ],
  });
  await said('Exported.');
  expect(await kept()).toBe(1);
  expect(await nameOnServer()).toBe('box');
});

it('makes a refused edit again, which the server takes once it may', async () => {
  server.allowNames(true);
  await button('Retry items a').click();
  await said('Made again.');
  await ada.page.getByText('The server has refused nothing.').waitFor();
  await live(ada);
  expect(await nameOnServer()).toBe('crate');
  expect(await ada.run(({ app }) => app.all())).toMatchObject([{ id: 'a', name: 'crate' }]);
  expect(await kept()).toBe(0);
  expect(await button('Export all as JSON').isVisible()).toBe(false);
});

it('discards a refused edit, of which nothing is left', async () => {
  server.allowNames(false);
  await renamed('chest');
  await button('Discard items a').click();
  await said('Discarded.');
  await ada.page.getByText('The server has refused nothing.').waitFor();
  await live(ada);
  expect(await kept()).toBe(0);
  expect(await nameOnServer()).toBe('crate');
  expect(await ada.run(({ app }) => app.all())).toMatchObject([{ id: 'a', name: 'crate' }]);
});

it('shows a hundred refused edits, says how many more there are, and exports them all', async () => {
  await ada.run(async ({ app }, count) => {
    for (let i = 0; i < count; i++) await app.put({ id: `new ${i}`, name: 'new', tags: [], quantity: 0 });
  }, MORE_THAN_SHOWN);
  await ada.page.getByRole('tab', { name: `Refused ${MORE_THAN_SHOWN}` }).waitFor();
  const rest = (count: number) =>
    letters()
      .filter({ hasText: new RegExp(`^and ${count} more$`) })
      .waitFor();
  await rest(MORE_THAN_SHOWN - 100);
  expect(await letters().count()).toBe(100 + 1);
  expect((await exported()).letters).toHaveLength(MORE_THAN_SHOWN);
  await letters()
    .first()
    .getByRole('button', { name: /^Discard/ })
    .click();
  await rest(MORE_THAN_SHOWN - 101);
  expect(await kept()).toBe(MORE_THAN_SHOWN - 1);
});

it.each(['light', 'dark'] as const)(
  'is accessible with refused edits, as axe-core sees it, when it is %s',
  async (colorScheme) => {
    await ada.page.emulateMedia({ colorScheme });
    await ada.page.setViewportSize({ width: 768, height: 1024 });
    await ada.page.evaluate(axe.source);
    const found = await ada.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run('watersmeet-inspector');
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${String(node.target)} ${node.failureSummary}`),
      );
    });
    expect(found).toEqual([]);
  },
);
