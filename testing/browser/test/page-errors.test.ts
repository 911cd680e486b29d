import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../src/engines.ts';
import { openProfile } from '../src/faults/profile.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type Gateway, startGateway } from '../src/gateway.ts';
import { eventually } from '../src/waiting.ts';

let folder: Folder;
let gateway: Gateway;

beforeEach(async () => {
  folder = createFolder();
  gateway = await startGateway(1, new Map()); // nobody listens there: requests fail, which is no error
});
afterEach(async () => {
  await gateway.close();
  folder.delete();
});

it.each<Engine>(['Chromium', 'Firefox'])('whatever goes wrong in a page of %s is told', async (engine) => {
  const profile = await openProfile({
    name: 'ada',
    engine,
    flavour: 'raw',
    folder: folder.in('profile'),
    url: gateway.url,
    space: 'shop',
    token: 'token',
    tabs: 1,
  });
  try {
    await profile.tabs[0]?.run(({ sync }) => sync.now().catch(() => {}));
    await profile.intrude('stolen');
    expect(profile.errors).toEqual([]);
    await profile.tabs[0]?.run(() => {
      setTimeout(() => {
        throw new Error('it is thrown');
      });
      void Promise.reject(new Error('it is not awaited'));
      console.error('it is written');
    });
    await eventually('all three are told', async () => {
      for (const what of ['thrown', 'not awaited', 'written']) expect(profile.errors.join('\n')).toContain(what);
      return true;
    });
    expect(profile.errors).toHaveLength(3);
  } finally {
    await profile.close();
  }
});
