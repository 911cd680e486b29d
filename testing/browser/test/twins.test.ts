import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { live } from '../src/replicas.ts';
import { type Shop, startShop } from '../src/shop.ts';
import { eventually } from '../src/waiting.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

const open = (profile: string) => launch(shop.browserOf('ada', { profile: shop.folder.in(profile), flavour: 'idb' }));

const connect = (browser: Browser, on: boolean) =>
  browser.run(({ sync }, wanted) => (wanted ? sync.connect() : sync.disconnect()), on);

it('goes on in both copies of a profile, and what either counts counts once', async () => {
  const original = await open('ada');
  await live(original);
  await original.run(({ app }) => app.put({ id: 'a', name: 'box', tags: [], quantity: 2 }));
  await quantityIs(2);
  await live(original);
  await original.close();
  cpSync(shop.folder.in('ada'), shop.folder.in('copy'), { recursive: true });

  const browsers = await Promise.all([open('ada'), open('copy')]);
  for (const [i, browser] of browsers.entries()) {
    await live(browser);
    await connect(browser, false);
    await browser.run(({ app }, by) => app.count('a', by), i + 3);
  }
  for (const browser of browsers) await connect(browser, true);
  await quantityIs(2 + 3 + 4);
  for (const browser of browsers) await browser.run(({ app }) => app.count('a', 10)); // each under an id of its own by now
  await quantityIs(2 + 3 + 4 + 20, browsers);
  await Promise.all(browsers.map((browser) => browser.close()));
});

it('goes on in a profile that was put back as it was, with what has been sent since', async () => {
  let browser = await open('bob');
  await live(browser);
  await quantityIs(29, [browser]);
  await connect(browser, false);
  const waiting = { id: 'b', name: 'waits when the copy is made', tags: [], quantity: 0 };
  await browser.run(({ app }, item) => app.put(item), waiting);
  await eventually('it is taken up', async () =>
    (await browser.run(({ sync }) => sync.status.value.pending)) === 1 ? true : undefined,
  );
  await browser.close();
  cpSync(shop.folder.in('bob'), shop.folder.in('backup'), { recursive: true });

  browser = await open('bob');
  await browser.run(({ app }) => app.count('a', 3));
  await browser.run(({ app }) => app.put({ id: 'later', name: 'than the copy', tags: [], quantity: 1 }));
  await quantityIs(32, [browser]);
  expect(await shop.arrived('later')).toMatchObject({ name: 'than the copy' });
  await browser.close();

  rmSync(shop.folder.in('bob'), { recursive: true });
  cpSync(shop.folder.in('backup'), shop.folder.in('bob'), { recursive: true });
  browser = await open('bob');
  await browser.run(({ app }) => app.count('a', 4));
  await quantityIs(36, [browser]);
  expect((await browser.run(({ app }) => app.all())).map(({ id }) => id)).toEqual(['a', 'b', 'later']);
  await browser.close();
});

/** Waits until a Java replica, and browsers, show that all that was counted counts once. */
function quantityIs(quantity: number, browsers: readonly Browser[] = []): Promise<true> {
  return eventually('all have counted all', async () => {
    await shop.java.sync();
    const items = [await shop.java.get('a'), ...(await Promise.all(browsers.map(first)))];
    expect(items.map((item) => item?.quantity)).toEqual(items.map(() => quantity));
    return true as const;
  });
}

const first = (browser: Browser) => browser.run(async ({ app }) => (await app.all())[0]);
