import type { CapturedConnection } from '../capture/index.ts';
import { MalformedError, type SchemaDifference } from '../model/index.ts';
import type { Collection } from './collection.ts';
import { DisagreementError } from './database/agreement.ts';
import { DeposedError } from './database/transaction.ts';
import { SyncError, type SyncErrorCode } from './errors.ts';
import { type Exchange, exchange, recover } from './exchange.ts';
import type { Conflict } from './lists/conflicts.ts';
import { countDeadLetters, deadLetterIds } from './lists/dead-letters.ts';
import { countWithheld } from './merging/withheld.ts';
import { retryDeadLetter } from './outgoing/retrying.ts';
import { type Changed, createReplica, type Replica } from './replica.ts';
import { createRounds } from './rounds.ts';
import type { Polling } from './server/polling.ts';
import { NetworkError, ProblemError, TokenError } from './server/problem.ts';
import { createServerSchema } from './server/server-schema.ts';
import { createTransport, type TransportOptions } from './server/transport.ts';
import type { StatusChange } from './status.ts';
import { type Leadership, NotOwnError, type Randomness, takeLead } from './tabs/leader.ts';
import { backOff, createBell, createQueue, delay } from './waiting.ts';

export interface SessionOptions {
  /** How many conflicts are kept. */
  readonly keepsConflicts?: number | undefined;
  /** Whether to compare all records with their cells after each drain. */
  readonly debug?: boolean | undefined;
  readonly connection: CapturedConnection;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly transport: Omit<TransportOptions, 'onTime' | 'onSchema'>;
  /** Whose the database is to be, where the application says so. */
  readonly user?: string | undefined;
  readonly polling: Polling;
  readonly millis: () => number;
  readonly random: Randomness;
  readonly onStatus: (change: StatusChange) => void;
  readonly onChanged: (changed: readonly Changed[], origin: 'local' | 'remote') => void;
  readonly onRewritten?: (rewritten: Changed) => void;
  readonly onLocal: (collection: string, key: IDBValidKey, reason: string) => void;
  readonly onConflict: (conflict: Conflict) => void;
  /** The session does what it is asked from now on, or says why it cannot. */
  readonly onReady?: () => void;
}

/** The synchronisation of one database by the tab that leads. */
export interface Session {
  /** Leads until the signal is aborted or another tab takes over. */
  run(signal: AbortSignal): Promise<void>;
  /** The application has written: its notes are drained soon, offline too. */
  written(): void;
  /** Something has changed that makes another attempt worth while, unless the server has asked to be left alone. */
  retry(): void;
  /**
   * Exchanges with the server now; rejects with a {@link SyncError}, or with a {@link DeposedError} if this session ends meanwhile. Undefined while it does not
   * lead, as with all that follows.
   */
  exchangeNow(): Promise<void> | undefined;
  /** Makes a refused edit again; rejects as above. */
  retryDeadLetter(id: string, by: string): Promise<void> | undefined;
  /** Switches the exchange with the server on or off. */
  connect(on: boolean): void;
}

const SETTLED_OFFSET = 1000; // smaller differences between clocks are noise

export function createSession(options: SessionOptions): Session {
  const { connection, onStatus } = options;
  const notes = createBell();
  const outgoing = createBell();
  const again = createBell();
  const queue = createQueue();
  let wanted = false;
  let attempt = new AbortController();
  let idle = false;
  /** Why the server is left alone, for as long as it has asked for. */
  let held: SyncError | undefined;
  let leading: Replica | undefined;
  /** Why the lead cannot be taken, for now: what is asked fails with it, rather than wait for who knows how long. */
  let stuck: SyncError | undefined;
  const rounds = createRounds(() => {
    outgoing.ring();
    if (held !== undefined) rounds.fail(held);
    else if (idle) retry();
  });
  let offset = 0;
  let clockAtContact: number | undefined;
  const deviceClock = () => options.millis() - performance.now(); // moves only if the clock is set

  async function run(outer: AbortSignal): Promise<void> {
    const leadership = await lead(outer);
    offset = leadership.offset;
    const replica = createReplica(leadership, options.collections, {
      verifies: options.debug,
      keepsConflicts: options.keepsConflicts,
      onLocal: options.onLocal,
      onConflict: options.onConflict,
      ...(options.onRewritten && { onRewritten: options.onRewritten }),
      onShown: (shown) => options.onChanged(shown, 'remote'),
      onEdited: (edited) => {
        options.onChanged(edited, 'local');
        outgoing.ring();
      },
    });
    const both = new AbortController();
    const signal = AbortSignal.any([outer, both.signal]);
    const tellSchema = (schema: readonly SchemaDifference[]) =>
      onStatus({ schema: schema.length === 0 ? undefined : schema });
    const schema = createServerSchema(options.collections, () => context.transport, signal, tellSchema);
    const context: Exchange = {
      replica,
      transport: createTransport({
        ...options.transport,
        onTime: (time, trip) => measure(replica, time, trip),
        onSchema: schema.noticed,
      }),
      random: options.random,
      polling: options.polling,
      rounds,
      queue,
      outgoing,
      clockMoved: () => clockAtContact !== undefined && Math.abs(deviceClock() - clockAtContact) > SETTLED_OFFSET,
      onPhase: onStatus,
      onChanged: (changed) => {
        if (changed.length > 0) options.onChanged(changed, 'remote');
        count(replica).catch(() => {}); // a database that is closed ends the session elsewhere
      },
    };
    leading = replica;
    options.onReady?.();
    const loops = [drainForEver(replica, signal), exchangeForEver(context, signal)];
    try {
      await Promise.race(loops);
    } finally {
      leading = undefined;
      both.abort();
      await Promise.allSettled(loops);
      rounds.fail(new DeposedError());
    }
  }

  /** Takes the lead, as soon as the browser can write that: its disk may be full, or it may have aborted the transaction for reasons of its own. */
  async function lead(signal: AbortSignal): Promise<Leadership> {
    const owner = { space: options.transport.space, user: options.user };
    try {
      for (let failures = 0; ; failures++) {
        try {
          return await takeLead(connection, owner, options.millis, options.random);
        } catch (error) {
          if (signal.aborted || connection.closed || isFatal(error)) throw error;
          const problem = problemHere(error, 'nothing is synchronised');
          stuck = new SyncError(isFull(error) ? problem.code : 'failed', problem.detail, { cause: error });
          onStatus({ phase: 'failed', problem });
          options.onReady?.();
          await delay(backOff(failures, Math.random), signal);
        }
      }
    } finally {
      stuck = undefined;
    }
  }

  /** Does what is asked, unless this session cannot; undefined if it does not lead. */
  function asked<T>(work: (replica: Replica) => Promise<T>): Promise<T> | undefined {
    return stuck === undefined ? leading && work(leading) : Promise.reject(stuck);
  }

  async function drainForEver(replica: Replica, signal: AbortSignal): Promise<never> {
    for (let failures = 0; ; failures++) {
      try {
        while (true) {
          await queue(replica.drain);
          await count(replica);
          if (failures > 0) onStatus({ problem: undefined });
          failures = 0;
          await notes.rung(signal);
          if (outgoing.awaited) {
            outgoing.ring(); // a push drains what it sends, in one transaction: what is left is drained after that
            await delay(0, signal);
          }
        }
      } catch (error) {
        if (signal.aborted || connection.closed || isFatal(error)) throw error;
        onStatus({ problem: problemHere(error, 'edits wait to be taken up') });
        await delay(backOff(failures, Math.random), signal);
      }
    }
  }

  async function exchangeForEver(context: Exchange, signal: AbortSignal): Promise<never> {
    let malformed = 0; // in a row: what cannot be read may come after each beginning that can
    for (let failures = 0; ; failures++) {
      attempt = new AbortController();
      const either = AbortSignal.any([signal, attempt.signal]);
      try {
        while (!wanted) await again.rung(signal);
        const connected = (change: StatusChange) => {
          if (change.phase === 'live' || change.phase === 'polling') failures = 0;
          onStatus({ problem: undefined, done: undefined, total: undefined, ...change });
        };
        await exchange({ ...context, onPhase: connected }, either);
      } catch (error) {
        if (signal.aborted || connection.closed || isFatal(error)) throw error;
        if (!attempt.signal.aborted) {
          malformed = error instanceof MalformedError ? malformed + 1 : 0;
          failures = Math.max(failures, malformed - 1);
          const wait = await recovered(context, error, failures).catch((another: unknown) => {
            if (isFatal(another)) throw another;
            return backOff(failures, Math.random);
          });
          if (wait > 0) rounds.fail(failureOf(error));
          if (error instanceof ProblemError && error.retryAfter) await hold(error, error.retryAfter, signal);
          idle = true;
          await delay(wait, either).catch(() => signal.throwIfAborted());
          idle = false;
        } else {
          failures = 0;
          if (!wanted) rounds.fail(disconnected());
          onStatus({ phase: 'offline' });
        }
      }
    }
  }

  /** Does what a failure asks for. Returns how long to wait before the next attempt, in milliseconds. */
  async function recovered(context: Exchange, error: unknown, failures: number): Promise<number> {
    const wait = backOff(failures, Math.random);
    if (error instanceof NetworkError) {
      onStatus({ phase: 'offline' });
      return wait;
    }
    if (error instanceof TokenError) {
      onStatus({ phase: 'failed', problem: { code: 'token', detail: error.message } });
      return wait;
    }
    if (!(error instanceof ProblemError)) {
      onStatus({ phase: 'failed', problem: problemHere(error, 'what the server tells waits to be taken up') });
      return wait;
    }
    const { code, detail, retry } = error;
    if (retry === 'settle' || retry === 'pull' || retry === 'resync' || retry === 'reoffer') {
      await recover(context, error);
      return failures === 0 ? 0 : wait;
    }
    onStatus({ phase: retry === 'later' ? 'offline' : 'failed', problem: { code, detail } });
    return wait;
  }

  /** Leaves the server alone, whoever asks. What is asked for meanwhile fails. Those who are all told the same do not come back together: a random while follows. */
  async function hold(problem: ProblemError, millis: number, signal: AbortSignal): Promise<void> {
    held = failureOf(problem);
    try {
      await delay(millis, signal);
    } finally {
      held = undefined;
    }
  }

  function measure(replica: Replica, time: number, roundTrip: number): void {
    clockAtContact = deviceClock();
    const measured = Math.round(time + roundTrip / 2 - options.millis());
    const uncertain = roundTrip / 2; // when in it the server looked at its clock is not known
    if (Math.abs(measured - offset) < SETTLED_OFFSET + uncertain) return;
    offset = measured;
    queue(() => replica.saveOffset(measured)).catch(() => {}); // measured again at the next contact
  }

  async function count(replica: Replica): Promise<void> {
    const [pending, rejected, withheld] = await queue(() =>
      Promise.all([
        replica.pending(),
        countDeadLetters(connection),
        countWithheld(connection, options.collections.keys()),
      ]),
    );
    onStatus({ pending, rejected, withheld: withheld || undefined });
  }

  async function exchangeNow(): Promise<void> {
    if (!wanted) throw disconnected();
    const known = new Set(await deadLetterIds(connection));
    await rounds.ask();
    const refused = (await deadLetterIds(connection)).filter((id) => !known.has(id));
    if (refused.length === 0) return;
    throw new SyncError('refused', `the server has refused the edits of ${refused.length} documents: see deadLetters`);
  }

  async function retryLetter(replica: Replica, id: string, by: string): Promise<void> {
    const changed = await queue(() => retryDeadLetter(replica, id)).catch((error: unknown) => {
      if (error instanceof DeposedError) leading = undefined; // the loops find out at their next step
      throw error;
    });
    options.onChanged(
      changed.map((edited) => ({ ...edited, by })),
      'local',
    );
    for (const edited of changed) options.onRewritten?.(edited);
    outgoing.ring();
    await count(replica);
  }

  function retry(): void {
    attempt.abort();
    again.ring();
  }

  return {
    run,
    written: notes.ring,
    retry,
    exchangeNow: () => asked(exchangeNow),
    retryDeadLetter: (id, by) => asked((replica) => retryLetter(replica, id, by)),
    connect(on) {
      if (wanted === on) return;
      wanted = on;
      retry();
    },
  };
}

/** What is wrong on this device, and what waits for it to be put right. */
function problemHere(error: unknown, waits: string): { readonly code: string; readonly detail: string } {
  return isFull(error)
    ? { code: 'quota', detail: `the browser gives the site no more storage: ${waits}` }
    : { code: 'client', detail: `${waits}: ${String(error)}` };
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

function isFatal(error: unknown): boolean {
  return error instanceof DeposedError || error instanceof NotOwnError || error instanceof DisagreementError;
}

function disconnected(): SyncError {
  return new SyncError('disconnected', 'the exchange is switched off: call connect()');
}

/** What an exchange that has failed is to those who wait for it. */
function failureOf(error: unknown): SyncError {
  return new SyncError(codeOf(error), error instanceof Error ? error.message : String(error), { cause: error });
}

function codeOf(error: unknown): SyncErrorCode {
  if (error instanceof NetworkError) return 'unreachable';
  if (error instanceof TokenError) return 'token';
  return error instanceof ProblemError ? error.code : 'failed';
}
