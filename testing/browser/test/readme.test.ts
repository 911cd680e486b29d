import { expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { examplesIn, runJava, runPage } from '../src/example.ts';
import { createFolder } from '../src/folder.ts';
import { startReplica } from '../src/replica.ts';

it('runs the examples of the README against each other', async () => {
  const folder = createFolder();
  const [shop] = examplesIn('README.md', 'java');
  const [todos] = examplesIn('README.md', 'ts');
  const { url, stop } = await runJava(folder, shop as string);
  try {
    const context = await openContext(folder.in('profile'));
    const page = await runPage(context, url, todos as string);
    await page.waitForFunction(() => document.title === 'todos (live)');

    const java = startReplica(url, 'shop-7', 'token-of-ada', 'todos', { tags: 'set', votes: 'counter' });
    await java.sync();
    expect(await java.all()).toEqual({
      milk: { title: 'Buy oat milk', tags: ['shop'], votes: 1 },
      bread: { title: 'Bake bread', tags: [], votes: 0 },
    });
    await java.stop();
    const titles = await page.evaluate(
      () =>
        new Promise<string[]>((done) => {
          indexedDB.open('shop').onsuccess = (opened) => {
            const store = (opened.target as IDBOpenDBRequest).result.transaction('todos').objectStore('todos');
            store.getAll().onsuccess = (read) =>
              done((read.target as IDBRequest<{ title: string }[]>).result.map(({ title }) => title));
          };
        }),
    );
    expect(titles.toSorted()).toEqual(['Bake bread', 'Buy oat milk']);
    await context.close();
  } finally {
    await stop();
    folder.delete();
  }
});
