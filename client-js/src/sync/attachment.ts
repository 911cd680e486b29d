import type { CapturedConnection } from '../capture/index.ts';
import type { Change } from './changes.ts';
import type { Collection } from './collection.ts';
import type { Conflict } from './conflicts.ts';
import { announceToDexie } from './dexie.ts';
import { createElection, type Election } from './election.ts';
import type { Emitter, Source } from './observable.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';
import { changedStatus, type Status } from './status.ts';
import { createTabs, type Tabs } from './tabs.ts';

/** A connection of the application's that is kept in step with the server, by this tab or another one. */
export interface Attachment {
  readonly connection: CapturedConnection;
  readonly session: Session;
  readonly tabs: Tabs;
  readonly election: Election;
  /** Leaves the work to other tabs and connections. */
  stop(): void;
}

/** What an attachment works by, and what it tells. */
export interface AttachmentOptions
  extends Pick<SessionOptions, 'transport' | 'polling' | 'debug' | 'millis' | 'random' | 'onLocal'> {
  readonly connection: CapturedConnection;
  readonly collections: ReadonlyMap<string, Collection>;
  /** Whether to exchange with the server. */
  readonly connected: boolean;
  readonly status: Source<Status>;
  readonly changes: Emitter<Change>;
  readonly conflicts: Emitter<Conflict>;
  /** Another tab has switched the exchange on or off. */
  readonly onConnect: (on: boolean) => void;
}

export function attach(options: AttachmentOptions): Attachment {
  const { connection, collections, connected, status, changes, conflicts, onConnect, ...others } = options;
  const stopping = new AbortController();
  const tabs = createTabs(connection.name, {
    onWritten: () => session.written(),
    onAsked: () => {
      if (election.leads) tabs.status(status.value);
    },
    onStatus: (told) => {
      election.heard();
      if (!election.leads) status.set(told);
    },
    onChanged: (change) => changes.emit(change),
    onConflict: (conflict) => conflicts.emit(conflict),
    onConnect: (on) => {
      onConnect(on);
      session.connect(on);
    },
  });
  const tell = (change: Partial<Status>) => {
    status.set(changedStatus(status.value, change));
    tabs.status(status.value);
  };
  const session = createSession({
    ...others,
    connection,
    collections,
    onStatus: (change) => {
      if (election.leads) tell(change);
    },
    onChanged: (changed, origin) => {
      for (const { collection, keys } of changed) {
        const change: Change = { collection, ids: keys, origin };
        changes.emit(change);
        tabs.changed(change);
      }
      if (origin === 'remote') announceToDexie();
    },
    onConflict: (conflict) => {
      conflicts.emit(conflict);
      tabs.conflict(conflict);
    },
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
  session.connect(connected);
  election.expect();
  election.run(stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const detail = error instanceof Error ? error.message : String(error);
    tell({ phase: 'failed', problem: { code: 'client', detail } });
    console.error('Watersmeet stopped:', error);
  });

  return {
    connection,
    session,
    tabs,
    election,
    stop() {
      stopping.abort();
      tabs.close();
    },
  };
}
