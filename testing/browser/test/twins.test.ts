import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, type Driven, launch } from '../src/browser.ts';
import { QUICK_BROWSERS } from '../src/launchers.ts';
import { live, pendingOf, recordsOf } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
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

it.each(QUICK_BROWSERS)(
  'goes on in a profile of %s that is put back, with what has been sent since',
  async (engine, launcher) => {
    const [own, profile, copy] = [`own of ${engine}`, shop.folder.in(engine), shop.folder.in(`copy of ${engine}`)];
    const start = (token: string) => launcher(shop.browserOf('bob', { profile, token, flavour: 'raw' }));
    const counts = async (browser: Driven, by: number) => {
      await browser.run(({ app }, [own, by]) => app.count(own, by), [own, by] as const);
      await browser.run(({ app }, id) => app.put({ id, name: id, tags: [], quantity: 0 }), `${own} ${by}`);
    };
    const hasAll = (...all: number[]) =>
      eventually('all that was written is there', async () => {
        const held = await shop.held();
        expect(held[own]?.quantity).toBe(all.reduce((sum, by) => sum + by));
        for (const by of all) expect(held[`${own} ${by}`]).toBeDefined();
        return true;
      });

    let browser = await start(TOKENS.bob);
    await browser.run(({ app }, id) => app.put({ id, name: 'box', tags: [], quantity: 0 }), own);
    await counts(browser, 2);
    await hasAll(2);
    await live(browser);
    await browser.run(({ sync }) => sync.disconnect());
    const waiting = `${own}, waiting`;
    await browser.run(({ app }, id) => app.put({ id, name: id, tags: [], quantity: 0 }), waiting);
    await eventually('it is taken up', async () => (await pendingOf(browser)) === 1 || undefined);
    await browser.close();
    cpSync(profile, copy, { recursive: true });

    browser = await start(TOKENS.bob);
    await counts(browser, 3);
    await hasAll(2, 3);
    await shop.arrived(waiting);
    await browser.close();
    for (const [knowing, by] of [
      [false, 4],
      [true, 5],
    ] as const) {
      rmSync(profile, { recursive: true });
      cpSync(copy, profile, { recursive: true });
      browser = await start(knowing ? TOKENS.bob : 'token-of-nobody'); // who is refused does not hear of what was sent since
      if (knowing) await live(browser);
      await counts(browser, by);
      await browser.run((page, token) => {
        page.token = token;
      }, TOKENS.bob);
      await hasAll(...(knowing ? [2, 3, 4, 5] : [2, 3, 4]));
      await live(browser);
      expect(await recordsOf(browser)).toEqual(await shop.held());
      await browser.close();
    }
  },
);

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
