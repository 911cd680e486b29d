import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LiveQueries } from '../pages/app.ts';
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
  await java.put('a', { name: 'apple', tags: [], quantity: 1 });
  await java.put('z', { name: 'zest', tags: [], quantity: 1 });
  await java.sync();
  first = await launch({
    profile: folder.in('ada'),
    url: server.url,
    flavour: 'dexie',
    space: 'shop',
    token: TOKENS.ada,
  });
  second = await first.openTab();
  for (const tab of [first, second]) {
    await live(tab);
    await tab.run((page) => {
      page.live = page.app.live?.() as NonNullable<typeof page.live>;
    });
  }
});
afterAll(async () => {
  await first.close();
  await java.stop();
  await server.stop();
  folder.delete();
});

const queries = (tab: Browser) => tab.run(({ live }) => live as LiveQueries);

/** Waits until the live queries of both tabs tell what a test expects. */
function told(what: string, holds: (queries: LiveQueries) => boolean): Promise<unknown> {
  return eventually(what, async () => {
    const both = await Promise.all([queries(first), queries(second)]);
    return both.every(holds) ? true : undefined;
  });
}

it('has live queries run again in all tabs when something arrives, and only those that it concerns', async () => {
  await told('the first results', ({ z, all }) => z.runs > 0 && (all.last as unknown[])?.length === 2);
  const before = await Promise.all([queries(first), queries(second)]);
  await java.edit('a', { name: 'north' });
  await java.sync();
  await told('the new name', ({ a, named, all }) => {
    const name = (a.last as { name: string }).name === 'north';
    return name && (named.last as unknown[]).join() === 'a' && JSON.stringify(all.last).includes('north');
  });
  const after = await Promise.all([queries(first), queries(second)]);
  expect(after.map(({ z }) => z.runs)).toEqual(before.map(({ z }) => z.runs));
});

it('has them count what arrives and what is deleted', async () => {
  await java.put('n', { name: 'nut', tags: [], quantity: 1 });
  await java.sync();
  await told('one more', ({ count, named }) => count.last === 3 && (named.last as unknown[]).length === 2);
  await java.remove('n');
  await java.sync();
  await told('one less', ({ count, named }) => count.last === 2 && (named.last as unknown[]).length === 1);
});

it('has them show what another tab writes', async () => {
  await second.run(({ app }) => app.edit('z', { name: 'zebra' }));
  await told('the name of the other tab', ({ z }) => (z.last as { name: string }).name === 'zebra');
});

it('has them show what a save of a stale record has become', async () => {
  const read = await first.run(async (page) => {
    const [item] = (await page.app.all()).filter(({ id }) => id === 'a');
    Object.assign(page, { form: item });
    return item?.name;
  });
  expect(read).toBe('north');
  await java.edit('a', { shelf: 'B2' });
  await java.sync();
  await told('the shelf', ({ a }) => (a.last as { shelf?: string }).shelf === 'B2');
  await first.run(async (page) => {
    const { form } = page as unknown as { form: { id: string; name: string; tags: string[]; quantity: number } };
    form.name = 'noon';
    await page.app.put(form);
  });
  await told('both edits', ({ a }) => {
    const { name, shelf } = a.last as { name: string; shelf?: string };
    return name === 'noon' && shelf === 'B2';
  });
});
