import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveQueries } from '../pages/app.ts';
import type { DrivenTab } from '../src/browser.ts';
import { BROWSERS } from '../src/launchers.ts';
import { live } from '../src/replicas.ts';
import { type Shop, startShop } from '../src/shop.ts';
import { eventually } from '../src/waiting.ts';

describe.each(BROWSERS)("Dexie's live queries in %s", (_, launcher) => {
  let shop: Shop;
  let first: DrivenTab;
  let second: DrivenTab;

  beforeAll(async () => {
    shop = await startShop();
    await shop.java.put('a', { name: 'apple', tags: [], quantity: 1 });
    await shop.java.put('z', { name: 'zest', tags: [], quantity: 1 });
    await shop.java.sync();
    first = await launcher(shop.browserOf('ada'));
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
    await shop.close();
  });

  const queries = (tab: DrivenTab) => tab.run(({ live }) => live as LiveQueries);

  /** Waits until the live queries of both tabs tell what a test expects. */
  function told(what: string, holds: (queries: LiveQueries) => boolean): Promise<unknown> {
    return eventually(what, async () => {
      const both = await Promise.all([queries(first), queries(second)]);
      return both.every(holds) ? true : undefined;
    });
  }

  it('run again in all tabs when something arrives, and only those that it concerns', async () => {
    await told('the first results', ({ z, all }) => z.runs > 0 && (all.last as unknown[])?.length === 2);
    const before = await Promise.all([queries(first), queries(second)]);
    await shop.java.edit('a', { name: 'north' });
    await shop.java.sync();
    await told('the new name', ({ a, named, all }) => {
      const name = (a.last as { name: string }).name === 'north';
      return name && (named.last as unknown[]).join() === 'a' && JSON.stringify(all.last).includes('north');
    });
    const after = await Promise.all([queries(first), queries(second)]);
    expect(after.map(({ z }) => z.runs)).toEqual(before.map(({ z }) => z.runs));
  });

  it('count what arrives and what is deleted', async () => {
    await shop.java.put('n', { name: 'nut', tags: [], quantity: 1 });
    await shop.java.sync();
    await told('one more', ({ count, named }) => count.last === 3 && (named.last as unknown[]).length === 2);
    await shop.java.remove('n');
    await shop.java.sync();
    await told('one less', ({ count, named }) => count.last === 2 && (named.last as unknown[]).length === 1);
  });

  it('show what another tab writes', async () => {
    await second.run(({ app }) => app.edit('z', { name: 'zebra' }));
    await told('the name of the other tab', ({ z }) => (z.last as { name: string }).name === 'zebra');
  });

  it('show what a save of a stale record has become', async () => {
    const read = await first.run(async (page) => {
      const [item] = (await page.app.all()).filter(({ id }) => id === 'a');
      Object.assign(page, { form: item });
      return item?.name;
    });
    expect(read).toBe('north');
    await shop.java.edit('a', { shelf: 'B2' });
    await shop.java.sync();
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
});
