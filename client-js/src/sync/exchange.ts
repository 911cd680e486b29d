import { MalformedError } from '../model/index.ts';
import type { SnapshotRow } from './database/rows.ts';
import { waitsFrom } from './lists/pending.ts';
import { nextPush, settleBy, split } from './outgoing/outbox.ts';
import { takeNewId } from './outgoing/twin.ts';
import { type Changed, type Replica, UNDRAINED } from './replica.ts';
import type { Rounds } from './rounds.ts';
import { type Polling, pollFor } from './server/polling.ts';
import { HeldFeedError, NetworkError, ProblemError } from './server/problem.ts';
import type { Transport } from './server/transport.ts';
import type { StatusChange } from './status.ts';
import type { Randomness } from './tabs/leader.ts';
import { type Bell, delay } from './waiting.ts';

export interface Exchange {
  readonly replica: Replica;
  readonly transport: Transport;
  readonly random: Randomness;
  readonly polling: Polling;
  /** What somebody waits for. */
  readonly rounds: Rounds;
  /** Runs what touches the database, one thing after the other. */
  readonly queue: <T>(work: () => Promise<T>) => Promise<T>;
  /** Rings when something is pending. */
  readonly outgoing: Bell;
  /** Whether the device's clock has been set since the server's time was last measured. */
  readonly clockMoved: () => boolean;
  readonly onPhase: (phase: StatusChange) => void;
  readonly onChanged: (changed: readonly Changed[]) => void;
}

/**
 * Exchanges with the server until the signal is aborted or something fails: reads what it has not read, then stays in step live and pushes what is
 * pending, first what was on its way.
 */
export async function exchange(context: Exchange, signal: AbortSignal): Promise<never> {
  const { onPhase } = context;
  onPhase({ phase: 'connecting' });
  const { cursor, snapshot } = await context.queue(context.replica.cursor);
  if (cursor === null || snapshot !== undefined) {
    await readSnapshot(context, signal);
    onPhase({ phase: 'connecting' });
  }
  await pull(context, signal);
  context.onChanged(await context.queue(() => takeNewId(context.replica, context.random)));
  return stayLive(context, signal);
}

/** Reads all there is (P-12), from where the last attempt stopped. */
async function readSnapshot(
  { replica, transport, queue, random, onPhase, onChanged }: Exchange,
  signal: AbortSignal,
): Promise<void> {
  const started = (await queue(replica.cursor)).snapshot;
  let snapshot: SnapshotRow = started ?? { id: identifier(random), position: null, done: 0 };
  const ask = (position: string | null) => {
    const asked = transport.snapshot(replica.leadership.replica, position, signal);
    asked.catch(() => {}); // told once the page is wanted
    return asked;
  };
  for (let asked = ask(snapshot.position); ; ) {
    const { position } = snapshot;
    const page = await asked.catch(async (error: unknown) => {
      const unread = position !== null && error instanceof ProblemError && error.code === 'malformed';
      if (unread) await queue(replica.forgetCursor); // the position is another server's: the next attempt begins anew
      throw error;
    });
    if (page.position !== null) asked = ask(page.position); // it is on its way while this one is applied
    if (position === null) onChanged((await queue(() => settleBy(replica, page.last, snapshot.keeps))).changed);
    const current = snapshot;
    onChanged(await queue(() => replica.applySnapshot(page, current)));
    snapshot = { ...snapshot, position: page.position, done: snapshot.done + page.documents.length };
    onPhase({ phase: 'syncing', done: snapshot.done, total: Math.max(page.total, snapshot.done) });
    if (page.position === null) return;
  }
}

function identifier(random: Randomness): string {
  return Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads what has changed. A client that knows the server's time and cells is ready to push: stamps that its clock put into the future are taken back. */
async function pull(context: Exchange, signal: AbortSignal): Promise<void> {
  const { replica, transport, queue, rounds, onChanged } = context;
  const done = rounds.begin('read');
  let more = true;
  while (more) {
    const { cursor } = await queue(replica.cursor);
    const request = { replica: replica.leadership.replica, cursor, pull: true };
    const { time, changes } = await transport.sync(request, signal);
    if (changes === null) throw new MalformedError('changes', 'must be there');
    const changed = await queue(() => replica.applyPage(changes));
    if (changed === undefined) {
      await send(context, signal);
      continue;
    }
    onChanged(changed);
    more = changes.more;
    if (!more) await queue(() => replica.correctStamps(time));
  }
  done?.();
}

/** Pushes what is pending; false if that was nothing. */
async function push(context: Exchange, signal: AbortSignal): Promise<boolean> {
  if (context.clockMoved()) await pull(context, signal);
  return send(context, signal);
}

/** Sends the push that is on its way, or else a new one of what is pending; false if that is nothing. True also if there is so much that it takes another call. */
async function send(context: Exchange, signal: AbortSignal): Promise<boolean> {
  const { replica, transport, queue, random, onChanged } = context;
  const next = await queue(() => nextPush(replica, random));
  if (next === undefined || next === UNDRAINED) return next === UNDRAINED;
  const { push, cursor } = next;
  const request = { replica: replica.leadership.replica, cursor, pull: false, push };
  const settled = await transport.sync(request, signal).then(
    (answer) => {
      if (answer.push === null) throw new MalformedError('push', 'must be there');
      return queue(() => settleBy(replica, answer.push));
    },
    (error: unknown) => {
      if (!(error instanceof ProblemError && error.code === 'too-large')) throw error;
      const { last, detail } = error; // it may have been accepted when it was sent before
      return queue(() => (last?.nonce === push.nonce ? settleBy(replica, last) : split(replica, detail)));
    },
  );
  onChanged(settled.changed);
  if (settled.fromFuture) await pull(context, signal);
  return true;
}

/** Follows the live feed, and pushes whenever something is pending. Ends with whichever ends first. */
async function stayLive(context: Exchange, outer: AbortSignal): Promise<never> {
  const both = new AbortController();
  const signal = AbortSignal.any([outer, both.signal]);
  const { cursor } = await context.queue(context.replica.cursor);
  const ends = [follow(context, cursor as string, signal), pushOnBell(context, signal)];
  try {
    return await Promise.race(ends);
  } finally {
    both.abort();
    await Promise.allSettled(ends);
  }
}

/** Follows live feeds; where they are held back, polls between one attempt and the next (P-13). */
async function follow(context: Exchange, start: string, signal: AbortSignal): Promise<never> {
  const { queue, replica, rounds } = context;
  for (let cursor = start; ; ) {
    const asked = rounds.asked();
    const either = AbortSignal.any([signal, asked]);
    try {
      await followFeeds(context, cursor, either);
    } catch (error) {
      signal.throwIfAborted();
      if (asked.aborted) await pull(context, signal);
      else if (error instanceof HeldFeedError) await poll(context, signal, either);
      else throw error;
      cursor = (await queue(replica.cursor)).cursor as string;
    }
  }
}

/** @param either aborted, too, when somebody waits for what the server has: that is no failure */
async function poll(context: Exchange, signal: AbortSignal, either: AbortSignal): Promise<void> {
  context.onPhase({ phase: 'polling' });
  const wait = (millis: number) => delay(millis, either);
  try {
    await pollFor(context.polling, wait, Math.random, () => pull(context, signal));
  } catch (error) {
    if (signal.aborted || !either.aborted) throw error;
  }
}

/** A server may end a feed at any time (P-13); one that has said anything is followed by the next. */
async function followFeeds(context: Exchange, start: string, signal: AbortSignal): Promise<never> {
  const { transport, queue, replica, onPhase, onChanged } = context;
  for (let cursor = start, ended = false; ; ) {
    for await (const page of transport.feed(cursor, signal)) {
      onPhase({ phase: 'live' });
      let changed = await queue(() => replica.applyPage(page));
      while (changed === undefined) {
        await send(context, signal);
        changed = await queue(() => replica.applyPage(page));
      }
      onChanged(changed);
      cursor = page.cursor;
      ended = false;
    }
    if (ended) throw new NetworkError('the live feed ends before it begins');
    ended = true;
  }
}

async function pushOnBell(context: Exchange, signal: AbortSignal): Promise<never> {
  while (true) {
    const done = context.rounds.begin('pushed');
    if (done === undefined) {
      while (await push(context, signal));
      await context.outgoing.rung(signal);
    } else {
      await pushWhatIsWritten(context, signal);
      done();
    }
  }
}

/** Pushes until all is confirmed that has been written by now, however much is written meanwhile. */
async function pushWhatIsWritten(context: Exchange, signal: AbortSignal): Promise<void> {
  const { replica, queue } = context;
  const { connection, stamper } = replica.leadership;
  await queue(replica.drain);
  const mark = stamper.now();
  const waits = () => waitsFrom(connection, replica.collections.keys(), mark);
  while ((await queue(waits)) && (await push(context, signal)));
}

/** Settles by what a refusal tells, so that the next attempt can succeed (P-14). */
export async function recover(
  { replica, queue, random, onChanged }: Exchange,
  { retry, last }: ProblemError,
): Promise<void> {
  const restored = retry === 'reoffer';
  if (last !== undefined) onChanged((await queue(() => settleBy(replica, last, restored))).changed);
  if (restored) await queue(() => replica.keepWhatIsLost(identifier(random)));
  if (retry === 'resync') await queue(replica.forgetCursor);
}
