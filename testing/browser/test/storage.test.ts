import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { startReplica } from '../src/replica.ts';
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

it('a browser that leaves one of two spaces goes on with the other, over the one live connection', async () => {
  const feeds: string[] = [];
  ada.page.on('request', (request) => {
    if (request.url().endsWith('/feed')) feeds.push(new URL(request.url()).pathname);
  });
  const left = await ada.run(async ({ join }) => {
    const { app, sync } = await join('office');
    const until = (done: () => boolean) =>
      new Promise<void>((resolve) => {
        const stop = sync.status.subscribe(() => {
          if (done()) setTimeout(() => resolve(stop?.()));
        });
      });
    await until(() => sync.status.value.phase === 'live');
    await app.put({ id: 'desk', name: 'desk', tags: [], quantity: 1 });
    await sync.now();
    await sync.erase();
    return (await indexedDB.databases()).map(({ name }) => name);
  });
  expect(left).toEqual(['shop']);
  expect(feeds).toContain('/v1/feed'); // of several spaces
  await shop.java.put('kept', { name: 'kept', tags: [], quantity: 1 });
  await shop.java.sync();
  await eventually('it arrives', async () => ('kept' in (await recordsOf(ada)) ? true : undefined));
  expect(await ada.run(({ sync }) => sync.status.value.phase)).toBe('live');

  const office = startReplica(shop.server.url, 'office', TOKENS.java);
  await office.sync();
  expect(Object.keys(await office.all())).toEqual(['desk']);
  await office.stop();
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
  expect(Object.keys(await recordsOf(ada)).sort()).toEqual(['anew', 'before', 'kept']);
});
