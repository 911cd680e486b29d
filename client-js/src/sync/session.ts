import type { CapturedConnection } from '../capture/index.ts';
import type { Collection } from './collection.ts';
import { type Exchange, exchange, recover } from './exchange.ts';
import { OtherSpaceError, type Randomness, takeLead } from './leader.ts';
import { ClonedReplicaError, countDeadLetters } from './outbox.ts';
import { ProblemError } from './problem.ts';
import { type Changed, createReplica, type Replica } from './replica.ts';
import type { Status } from './status.ts';
import { DeposedError } from './transaction.ts';
import { createTransport, type TransportOptions } from './transport.ts';
import { type Bell, backOff, createBell, createQueue, delay } from './waiting.ts';

export interface SessionOptions {
  readonly connection: CapturedConnection;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly transport: Omit<TransportOptions, 'onTime'>;
  readonly millis: () => number;
  readonly random: Randomness;
  readonly onStatus: (change: Partial<Status>) => void;
  readonly onChanged: (changed: readonly Changed[], origin: 'local' | 'remote') => void;
  readonly onLocal: (collection: string, key: IDBValidKey, reason: string) => void;
}

/** The synchronisation of one database by the tab that leads. */
export interface Session {
  /** Leads until the signal is aborted or another tab takes over. */
  run(signal: AbortSignal): Promise<void>;
  /** The application has written: its notes are drained soon, offline too. */
  written(): void;
  /** Something has changed that makes another attempt worth while. */
  retry(): void;
  /** Switches the exchange with the server on or off. */
  connect(on: boolean): void;
}

const NETWORK_ERRORS = ['AbortError', 'NetworkError', 'TimeoutError'];
const SETTLED_OFFSET = 1000; // smaller differences between clocks are noise

export function createSession(options: SessionOptions): Session {
  const { connection, onStatus } = options;
  const notes = createBell();
  const outgoing = createBell();
  const again = createBell();
  const queue = createQueue();
  let wanted = false;
  let attempt = new AbortController();
  let offset = 0;

  async function run(signal: AbortSignal): Promise<void> {
    const leadership = await takeLead(connection, options.transport.space, options.millis, options.random);
    const replica = createReplica(leadership, options.collections, options.onLocal);
    const transport = createTransport({
      ...options.transport,
      onTime: (time, roundTrip) => measure(replica, time, roundTrip),
    });
    const context: Exchange = {
      replica,
      transport,
      random: options.random,
      queue,
      outgoing,
      onPhase: onStatus,
      onChanged: (changed) => {
        if (changed.length > 0) options.onChanged(changed, 'remote');
        count(replica).catch(() => {}); // a database that is closed ends the session elsewhere
      },
    };
    await Promise.race([drainOnBell(replica, signal), exchangeForEver(context, signal)]);
  }

  async function drainOnBell(replica: Replica, signal: AbortSignal): Promise<never> {
    while (true) {
      const edited = await queue(replica.drain);
      await count(replica);
      if (edited.length > 0) {
        options.onChanged(edited, 'local');
        outgoing.ring();
      }
      await notes.rung(signal);
    }
  }

  async function exchangeForEver(context: Exchange, signal: AbortSignal): Promise<never> {
    for (let failures = 0; ; failures++) {
      attempt = new AbortController();
      try {
        while (!wanted) await again.rung(signal);
        const connected = (change: Partial<Status>) => {
          if (change.phase === 'live') failures = 0;
          onStatus({ problem: undefined, done: undefined, total: undefined, ...change } as Partial<Status>);
        };
        await exchange({ ...context, onPhase: connected }, AbortSignal.any([signal, attempt.signal]));
      } catch (error) {
        if (signal.aborted || isFatal(error)) throw error;
        if (attempt.signal.aborted) {
          failures = 0;
          onStatus({ phase: 'offline' });
          continue;
        }
        const wait = await classify(context, error, failures);
        await delay(wait, AbortSignal.any([signal, attempt.signal])).catch(() => signal.throwIfAborted());
      }
    }
  }

  /** How long to wait before the next attempt, in milliseconds. */
  async function classify(context: Exchange, error: unknown, failures: number): Promise<number> {
    if (!(error instanceof ProblemError)) {
      if (isNetwork(error)) onStatus({ phase: 'offline' });
      else onStatus({ phase: 'failed', problem: { code: 'client', detail: String(error) } });
      return backOff(failures, Math.random);
    }
    const { code, detail, retry, retryAfter } = error;
    if (retry === 'settle' || retry === 'resync') {
      await recover(context, error);
      return failures === 0 ? 0 : backOff(failures, Math.random);
    }
    onStatus({ phase: retry === 'later' ? 'offline' : 'failed', problem: { code, detail } });
    return Math.max(retryAfter ?? 0, backOff(failures, Math.random));
  }

  function measure(replica: Replica, time: number, roundTrip: number): void {
    const measured = Math.round(time + roundTrip / 2 - options.millis());
    if (Math.abs(measured - offset) < SETTLED_OFFSET) return;
    offset = measured;
    queue(() => replica.saveOffset(measured)).catch(() => {}); // measured again at the next contact
  }

  async function count(replica: Replica): Promise<void> {
    const [pending, rejected] = await queue(() => Promise.all([replica.pending(), countDeadLetters(replica)]));
    onStatus({ pending, rejected });
  }

  function retry(): void {
    attempt.abort();
    ringAll(again);
  }

  return {
    run,
    written: notes.ring,
    retry,
    connect(on) {
      if (wanted === on) return;
      wanted = on;
      retry();
    },
  };
}

function ringAll(...bells: readonly Bell[]): void {
  for (const bell of bells) bell.ring();
}

/** Whether the server was not reached, or did not answer; all else is a fault that should be seen. */
function isNetwork(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && NETWORK_ERRORS.includes(error.name));
}

function isFatal(error: unknown): boolean {
  return error instanceof DeposedError || error instanceof OtherSpaceError || error instanceof ClonedReplicaError;
}
