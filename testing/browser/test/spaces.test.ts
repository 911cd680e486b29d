import { expect, it } from 'vitest';
import { QUICK_BROWSERS } from '../src/launchers.ts';
import { startReplica } from '../src/replica.ts';
import { live, recordsOf } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
import { startShop } from '../src/shop.ts';
import { eventually } from '../src/waiting.ts';

it.each(QUICK_BROWSERS)(
  '%s that leaves one of two spaces goes on with the other, over the one live connection',
  async (_, launcher) => {
    const shop = await startShop();
    const ada = await launcher(shop.browserOf('ada'));
    try {
      await live(ada);
      const { left, feeds } = await ada.run(async ({ join }) => {
        const feeds: string[] = [];
        const { fetch } = window;
        window.fetch = (input, init) => {
          feeds.push(new URL(String(input), location.href).pathname);
          return fetch(input, init);
        };
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
        return { feeds, left: (await indexedDB.databases()).map(({ name }) => name) };
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
    } finally {
      await ada.close();
      await shop.close();
    }
  },
);
