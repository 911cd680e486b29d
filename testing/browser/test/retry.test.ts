import { expect, it } from 'vitest';
import { createFolder } from '../src/folder.ts';
import { startGuarded } from '../src/guarded.ts';
import { QUICK_BROWSERS } from '../src/launchers.ts';
import { startReplica } from '../src/replica.ts';
import { live } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

it.each(QUICK_BROWSERS)(
  'makes an edit again that a policy had refused, once it is allowed, on what others have changed since, in %s',
  async (_, launcher) => {
    const folder = createFolder();
    const { url, allowNames, stop } = await startGuarded(folder);
    const java = startReplica(url, 'shop', TOKENS.java);
    await java.put('a', { name: 'box', tags: ['x'], quantity: 1 });
    await java.sync();
    const options = { profile: folder.in('ada'), url, flavour: 'dexie', space: 'shop', token: TOKENS.ada } as const;
    let ada = await launcher(options);
    try {
      await live(ada);
      const refused = await ada.run(async ({ app, sync }) => {
        await app.put({ ...(await app.all())[0], id: 'a', name: 'crate', tags: ['x', 'y'], quantity: 3 });
        return sync.now().catch(({ code }: { code: string }) => code);
      });
      expect(refused).toBe('refused');
      await java.edit('a', { shelf: 'B2', quantity: 5 });
      await java.sync();

      await ada.close();
      ada = await launcher(options);
      await live(ada);
      expect(await ada.run(({ sync }) => sync.deadLetters.list())).toMatchObject([
        { key: 'a', code: 'forbidden', detail: 'names are closed', record: { id: 'a', name: 'crate', quantity: 3 } },
      ]);
      const again = () =>
        ada.run(async ({ sync }) => {
          const [letter] = await sync.deadLetters.list();
          if (letter !== undefined) await sync.deadLetters.retry(letter);
          return sync.now().then(
            () => 'confirmed',
            ({ code }: { code: string }) => code,
          );
        });
      await again();
      await eventually('it is refused again', () =>
        ada.run(async ({ sync }) => ((await sync.deadLetters.list()).length === 1 ? true : undefined)),
      );
      allowNames(true);
      expect(await again()).toBe('confirmed');
      expect(await ada.run(({ sync }) => sync.deadLetters.list())).toEqual([]);
      await java.sync();
      const merged = { name: 'crate', shelf: 'B2', tags: ['x', 'y'], quantity: 7 };
      expect(await java.get('a')).toEqual(merged);
      expect(await ada.run(({ app }) => app.all())).toMatchObject([merged]);
    } finally {
      await ada.close();
      await java.stop();
      await stop();
      folder.delete();
    }
  },
);
