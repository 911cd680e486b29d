import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { examplesIn, runPage } from '../src/example.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { startReplica } from '../src/replica.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

let folder: Folder;
let server: Server;

beforeAll(() => {
  folder = createFolder();
});
afterAll(() => folder.delete());

describe.each(['docs/add-sync-to-dexie.md', 'docs/add-sync-to-indexeddb.md'])('the application of %s', (guide) => {
  it('is synchronised with what it had before', async () => {
    const name = guide.replaceAll('/', '-');
    const [before, after, ...others] = examplesIn(guide, 'ts');
    expect(others).toEqual([]);
    server = await startServer({ data: folder.in(`${name}-data`) });
    const context = await openContext(folder.in(`${name}-profile`));
    try {
      const ready = '\ndocument.title = "done";';
      const page = await runPage(context, server.url, before + ready);
      await page.waitForFunction(() => document.title === 'done');
      await page.unrouteAll();
      await runPage(context, server.url, after + ready);
      await page.waitForFunction(() => document.title === 'done');
      const java = startReplica(server.url, 'shop-7', TOKENS.ada, 'todos', { tags: 'set', done: 'flag' });
      await java.sync();
      expect(await java.all()).toEqual({ milk: { title: 'Buy oat milk', done: false, tags: ['shop'] } });
      await java.edit('milk', { title: 'Buy rice milk' });
      const told = eventually('the edit is told', async () => {
        await java.sync();
        return (await page.evaluate(titles)).includes('Buy rice milk') ? true : undefined;
      });
      await told;
      await java.stop();
    } finally {
      await context.close();
      await server.stop();
    }
  });
});

/** In the page: what the database shows, read behind everybody's back. */
function titles(): Promise<string[]> {
  return new Promise((done) => {
    indexedDB.open('shop').onsuccess = (opened) => {
      const database = (opened.target as IDBOpenDBRequest).result;
      database.transaction('todos').objectStore('todos').getAll().onsuccess = (read) => {
        database.close();
        done((read.target as IDBRequest<{ title: string }[]>).result.map(({ title }) => title));
      };
    };
  });
}

it('shows components in the guide that the package is tested with', () => {
  const app = resolve(import.meta.dirname, '../vite-app/src');
  const sources = ['main.tsx', 'App.tsx'].map((file) => readFileSync(resolve(app, file), 'utf8')).join('\n');
  const examples = examplesIn('docs/add-sync-to-dexie.md', 'tsx');
  expect(examples).toHaveLength(3);
  for (const example of examples) expect(sources).toContain(example);
});
