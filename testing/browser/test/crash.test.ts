import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordAcknowledgements } from '../src/acknowledgements.ts';
import { launch } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { startReplica } from '../src/replica.ts';
import { live, recordsOf } from '../src/replicas.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

const KILLS = process.env.WATERSMEET_LONG === '1' ? 20 : 4;

let folder: Folder;
let server: Server;

beforeEach(async () => {
  folder = createFolder();
  server = await startServer({ data: folder.in('data') });
});
afterEach(async () => {
  await server.stop();
  folder.delete();
});

const open = (name: 'ada' | 'bob', flavour: 'dexie' | 'raw' = 'dexie') =>
  launch({ profile: folder.in(name), url: server.url, flavour, space: 'shop', token: TOKENS[name] });

describe('a server that is killed', () => {
  it('holds all that it acknowledged, and gets the rest later', async () => {
    const ada = await open('ada');
    const acknowledged = recordAcknowledgements(ada.page);
    await live(ada);
    const writing = ada.run(async ({ app }) => {
      const stopped = window as unknown as { stopped?: boolean };
      let written = 0;
      while (!stopped.stopped) {
        const id = `item ${written % 50}`;
        await app.put({ id, name: `name ${written}`, tags: [], quantity: written });
        written++;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return written;
    });

    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(300 + Math.random() * 1500);
      await server.stop('SIGKILL');
      const log = new Map(acknowledged.ids().map((id) => [id, acknowledged.value(id, 'name')]));
      server = await startServer({ data: folder.in('data'), port: server.port });
      await expectAtLeast(log);
    }
    await ada.run(() => {
      (window as unknown as { stopped?: boolean }).stopped = true;
    });
    const written = await writing;
    await live(ada);
    expect(acknowledged.pushes).toBeGreaterThan(KILLS);
    expect(written).toBeGreaterThan(50);

    const java = startReplica(server.url, 'shop', TOKENS.java);
    await java.sync();
    expect(await java.all()).toEqual(await recordsOf(ada));
    await java.stop();
    await ada.close();
  });

  /** What was acknowledged is there, or something later in its place: names carry the number of the write. */
  async function expectAtLeast(log: ReadonlyMap<string, unknown>): Promise<void> {
    const java = startReplica(server.url, 'shop', TOKENS.java);
    await java.sync();
    const held = await java.all();
    await java.stop();
    const number = (name: unknown) => Number(String(name).split(' ')[1]);
    const lost = [...log].filter(([id, name]) => !(number(held[id]?.name) >= number(name)));
    expect(lost).toEqual([]);
  }
});

describe('a browser that is killed', () => {
  it.each(['dexie', 'raw'] as const)('pushes what it had committed once it is opened again (%s)', async (flavour) => {
    const ada = await open('ada', flavour);
    await live(ada);
    await ada.run(({ app }) => app.put({ id: 'a', name: 'before', tags: [], quantity: 1 }));
    await live(ada);

    await server.stop('SIGKILL'); // no push can get through
    await ada.run(async ({ app }) => {
      await app.put({ id: 'b', name: 'committed', tags: ['late'], quantity: 7 });
      await app.edit('a', { name: 'after' });
    });
    ada.kill();
    await ada.close().catch(() => {});
    server = await startServer({ data: folder.in('data'), port: server.port });

    const again = await open('ada', flavour);
    await live(again);
    const java = startReplica(server.url, 'shop', TOKENS.java);
    const records = await eventually('the edits have arrived', async () => {
      await java.sync();
      const all = await java.all();
      return all.b === undefined ? undefined : all;
    });
    expect(records).toEqual({
      a: { name: 'after', tags: [], quantity: 1 },
      b: { name: 'committed', tags: ['late'], quantity: 7 },
    });
    await java.stop();
    await again.close();
  });
});
