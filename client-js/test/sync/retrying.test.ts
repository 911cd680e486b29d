import { expect, it } from 'vitest';
import { type Cells, makeStamp, type WireDocument } from '../../src/model/index.ts';
import { CLOCK } from '../../src/sync/database/rows.ts';
import { readDeadLetters } from '../../src/sync/lists/dead-letters.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import { retryDeadLetter } from '../../src/sync/outgoing/retrying.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { readMeta } from '../../src/sync/tabs/leader.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;

const named = (id: string, name: string, millis: number): WireDocument => {
  const stamp = makeStamp(millis, 0, OTHER);
  const cells: Cells = { [`["e","${OTHER}"]`]: [stamp, 0], '["r","name"]': [stamp, 0, name] };
  return { collection: 'items', id, cells } as WireDocument;
};

const receive = (device: Fixture, document: WireDocument) =>
  device.replica.applyPage({ documents: [document], dropped: [], withdrawn: [], cursor: 'c1', more: false });

/** Has the server refuse what is pending of a record. Returns the letter's id. */
async function refuse(device: Fixture, id: string): Promise<string> {
  const { number, nonce } = (await pushFrom(device.replica, device.random)) as PushMessage;
  const rejected = [{ collection: 'items', id, code: 'forbidden', detail: '' }];
  await settleBy(device.replica, { number, nonce, rejected });
  const [letter] = await readDeadLetters(device.connection);
  return letter?.id as string;
}

it('a refused deletion that is made again deletes what it had seen', async () => {
  let now = NOW;
  const ada = await open(() => now++);
  await receive(ada, named('a', 'old', NOW - 5));
  await ada.write((store) => store.delete('a'));
  const letter = await refuse(ada, 'a');
  expect(await ada.all()).toMatchObject([{ id: 'a', name: 'old' }]);

  await retryDeadLetter(ada.replica, letter);
  expect(await ada.all()).toEqual([]);
  expect(await readDeadLetters(ada.connection)).toEqual([]);
});

it('a refused deletion is not made again, and is kept, where others have written since', async () => {
  let now = NOW;
  const ada = await open(() => now++);
  await receive(ada, named('a', 'old', NOW - 5));
  await ada.write((store) => store.delete('a'));
  const letter = await refuse(ada, 'a');
  await receive(ada, named('a', 'weeks of work', NOW + 50));

  await expect(retryDeadLetter(ada.replica, letter)).rejects.toMatchObject({ name: 'SyncError', code: 'changed' });
  expect(await ada.all()).toMatchObject([{ id: 'a', name: 'weeks of work' }]);
  expect(await readDeadLetters(ada.connection)).toHaveLength(1);
  expect(await pushFrom(ada.replica, ada.random)).toBeUndefined();
});

it('an edit that is made again has a stamp that the next tab to lead goes on from', async () => {
  const ada = await open(() => NOW);
  await ada.write((store) => store.put({ id: 'a', name: 'mine' }));
  const letter = await refuse(ada, 'a');
  const ahead = makeStamp(NOW + 20_000, 0, OTHER);
  await receive(ada, named('z', 'of a clock that is ahead', NOW + 20_000));

  await retryDeadLetter(ada.replica, letter);
  expect(await readMeta<string>(ada.connection, CLOCK)).toSatisfy((clock: string) => clock > ahead);
  const { documents } = (await pushFrom(ada.replica, ada.random)) as PushMessage;
  const stamps = documents.flatMap(({ cells }) => cells.map(([, stamp]) => stamp));
  const next = (await ada.lead()).leadership.stamper.now();
  expect(stamps.filter((stamp) => stamp >= next)).toEqual([]);
  expect(stamps).not.toEqual([]);
});
