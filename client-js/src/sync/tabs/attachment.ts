import type { CapturedConnection } from '../../capture/index.ts';
import type { Collection } from '../collection.ts';
import { SyncError } from '../errors.ts';
import type { Change } from '../lists/changes.ts';
import type { Conflict } from '../lists/conflicts.ts';
import { createDexieAnnouncer } from '../lists/dexie.ts';
import type { Emitter, Source } from '../observable.ts';
import { createSession, type Session, type SessionOptions } from '../session.ts';
import { changedStatus, type Status, type StatusChange } from '../status.ts';
import { refuse } from './admission.ts';
import { type Calls, createCalls } from './calls.ts';
import { createElection, type Election } from './election.ts';
import { NotOwnError } from './leader.ts';
import { createTabs, type Tabs } from './tabs.ts';

/** A connection of the application's that is kept in step with the server, by this tab or another one. */
export interface Attachment {
  readonly connection: CapturedConnection;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly session: Session;
  readonly tabs: Tabs;
  readonly election: Election;
  /** Names this tab. */
  readonly tab: string;
  readonly calls: Calls;
  /** Leaves the work to other tabs and connections. Resolves when this one has ended. @param why what is asked, and not answered, fails with */
  stop(why: SyncError): Promise<void>;
}

/** What an attachment works by, and what it tells. */
export interface AttachmentOptions
  extends Pick<
    SessionOptions,
    'transport' | 'user' | 'polling' | 'debug' | 'keepsConflicts' | 'millis' | 'random' | 'onLocal'
  > {
  readonly connection: CapturedConnection;
  /** Resolves once the database is found to be this client's; rejects with a {@link NotOwnError} if it is not. */
  readonly admitted: Promise<void>;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly tab: string;
  /** Whether to exchange with the server. */
  readonly connected: boolean;
  readonly status: Source<Status>;
  readonly changes: Emitter<Change>;
  readonly conflicts: Emitter<Conflict>;
  /** Another tab has switched the exchange on or off. */
  readonly onConnect: (on: boolean) => void;
  /** Another tab has erased the database. */
  readonly onErased: () => void;
  /** What is listed may have changed: documents that wait, dead letters, conflicts. */
  readonly onListed: () => void;
}

export function attach(options: AttachmentOptions): Attachment {
  const {
    connection,
    admitted,
    collections,
    tab,
    connected,
    status,
    changes,
    conflicts,
    onConnect,
    onErased,
    onListed,
    ...others
  } = options;
  const stopping = new AbortController();
  let isOwn = false;
  const announce = createDexieAnnouncer(connection);
  const tabs = createTabs(connection.name, {
    onWritten: () => session.written(),
    onAsked: () => {
      if (election.leads) tabs.status(status.value);
    },
    onStatus: (told) => {
      election.heard();
      if (isOwn && !election.leads) status.set(told);
    },
    onChanged: (change, by) => changes.emit(seenFrom(tab, change, by)),
    onConflict: (conflict) => conflicts.emit(conflict),
    onConnect: (on) => {
      onConnect(on);
      session.connect(on);
    },
    onErased,
  });
  const listed = () => {
    onListed();
    calls.listed();
  };
  const tell = (change: StatusChange) => {
    status.set(changedStatus(status.value, change));
    tabs.status(status.value);
  };
  const session = createSession({
    ...others,
    connection,
    collections,
    onStatus: (change) => {
      if (!election.leads) return;
      tell(change);
      if ('pending' in change) listed();
    },
    onChanged: (changed, origin) => {
      for (const { collection, keys, by } of changed) {
        const change: Change = { collection, ids: keys, origin };
        changes.emit(seenFrom(tab, change, by));
        tabs.changed(change, by);
        if (origin === 'remote') announce(collection, keys);
      }
    },
    onRewritten: ({ collection, keys }) => announce(collection, keys),
    onConflict: (conflict) => {
      conflicts.emit(conflict);
      tabs.conflict(conflict);
      listed();
    },
    onReady: () => calls.lead(),
  });
  const election = createElection({
    name: `watersmeet:${connection.name}`,
    locks: globalThis.navigator?.locks,
    now: () => performance.now(),
    random: Math.random,
    work: session.run,
    ask: tabs.ask,
    onTurn: () => (election.leads ? tabs.status(status.value) : tabs.ask()),
  });
  const calls = createCalls({
    database: connection.name,
    work: (call) => ('now' in call ? session.exchangeNow() : session.retryDeadLetter(call.retry, call.by)),
    onListed,
    onAsking: () => election.expect(),
  });
  session.connect(connected);
  async function work(): Promise<never> {
    await admitted;
    stopping.signal.throwIfAborted();
    isOwn = true;
    election.expect();
    return election.run(stopping.signal);
  }
  const ended = work().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const detail = error instanceof Error ? error.message : String(error);
    const code = error instanceof NotOwnError ? error.code : 'client';
    if (error instanceof NotOwnError) {
      isOwn = false;
      tabs.part(); // before it is told: others have nothing to do with it
      refuse(connection, error);
    }
    tell({ phase: 'failed', problem: { code, detail } });
    calls.fail(new SyncError(error instanceof NotOwnError ? error.code : 'failed', detail, { cause: error }));
    console.error('Watersmeet stopped:', error);
  });

  return {
    connection,
    collections,
    session,
    tabs,
    election,
    calls,
    tab,
    stop(why) {
      stopping.abort();
      election.heard();
      tabs.close(ended); // what the session does to its end the others have to hear
      calls.close(why, ended);
      return ended;
    },
  };
}

/** A change of this browser's, as one of its tabs sees it. */
function seenFrom(tab: string, change: Change, by: string | undefined): Change {
  return change.origin === 'remote' || by === tab ? change : { ...change, origin: 'other tab' };
}
