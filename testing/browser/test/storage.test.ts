import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { live, recordsOf } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
import { type Shop, startShop } from '../src/shop.ts';
import { eventually } from '../src/waiting.ts';

// Chromium's alone: Firefox's WebDriver BiDi can neither take a page's database away nor limit its space.
let shop: Shop;
let ada: Browser;
let devtools: CDPSession;

beforeAll(async () => {
  shop = await startShop();
  ada = await launch(shop.browserOf('ada'));
  await live(ada);
  devtools = await ada.context.newCDPSession(ada.page);
});
afterAll(async () => {
  await ada.close();
  await shop.close();
});

const problemOf = (browser: Browser, code: string) =>
  eventually(`the problem ${code} is told`, async () => {
    const { problem } = await browser.run(({ sync }) => sync.status.value);
    return problem?.code === code ? problem : undefined;
  });
const quota = (bytes?: number) =>
  devtools.send('Storage.overrideQuotaForOrigin', {
    origin: shop.server.url,
    ...(bytes !== undefined && { quotaSize: bytes }),
  });

const clear = () => devtools.send('Storage.clearDataForOrigin', { origin: shop.server.url, storageTypes: 'indexeddb' });

async function reload(): Promise<void> {
  await ada.page.reload();
  await ada.page.evaluate((options) => window.start(options), {
    flavour: 'dexie',
    space: 'shop',
    token: TOKENS.ada,
  } as const);
}

it('a browser that loses its database begins anew, and deletes nothing', async () => {
  await shop.java.put('before', { name: 'before', tags: [], quantity: 1 });
  const before = await shop.held();
  await eventually('it arrives', async () => ('before' in (await recordsOf(ada)) ? true : undefined));
  await clear();
  await problemOf(ada, 'closed');
  await reload();
  await live(ada);
  expect(Object.keys(await recordsOf(ada)).sort()).toEqual(Object.keys(before).sort());
  await ada.run(({ app }) => app.put({ id: 'anew', name: 'anew', tags: [], quantity: 1 }));
  const after = await eventually('the edit arrives', async () => {
    const now = await shop.held();
    return 'anew' in now ? now : undefined;
  });
  expect(after).toEqual({ ...before, anew: { name: 'anew', tags: [], quantity: 1 } });
});

it('a browser without space says so, and goes on once there is space', async () => {
  await quota(1);
  await clear(); // Chromium remembers how much space there was for as long as the database is open
  await reload();
  expect((await problemOf(ada, 'quota')).detail).toMatch(/no more storage/);
  const refusal = await ada.run(({ app }) =>
    app.put({ id: 'own', name: 'own', tags: [], quantity: 1 }).then(
      () => 'written',
      (error: Error) => error.name,
    ),
  );
  expect(refusal).toMatch(/Quota|Abort/); // as without us: nothing is written, and the application hears of it
  await quota();
  await live(ada);
  expect(await ada.run(({ sync }) => sync.status.value.problem)).toBeUndefined();
  expect(Object.keys(await recordsOf(ada)).sort()).toEqual(['anew', 'before']);
});
