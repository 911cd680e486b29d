import { drained } from '../erasing.ts';
import { closedError, SyncError } from '../errors.ts';
import { readWithheld, type Withheld } from '../merging/withheld.ts';
import { createEmitter, type Emitter } from '../observable.ts';
import type { Attachment } from '../tabs/attachment.ts';
import type { Conflicts, DeadLetters, PendingEdits } from '../watersmeet.ts';
import { dismissConflict, readConflicts } from './conflict-journal.ts';
import type { Conflict } from './conflicts.ts';
import {
  type DeadLetter,
  deadLetterIds,
  discardDeadLetter,
  exportDeadLetters,
  readDeadLetters,
} from './dead-letters.ts';
import { createListing, type Listing } from './listing.ts';
import { exportPending, type PendingEdit, readPending } from './pending.ts';

/** What a database keeps for the application to look at. */
export interface Lists {
  readonly pending: PendingEdits<PendingEdit>;
  readonly deadLetters: DeadLetters<DeadLetter>;
  readonly withheld: Listing<Withheld>;
  readonly conflicts: Conflicts<Conflict> & Emitter<Conflict>;
  /** What is listed may have changed. */
  changed(): void;
  end(): void;
}

/** @param current what is synchronised; undefined while no database is open */
export function createLists(space: string, current: () => Attachment | undefined): Lists {
  let ended = false;

  function attached(): Attachment | undefined {
    if (ended) throw closedError();
    return current();
  }

  function open(): Attachment {
    const found = attached();
    if (found === undefined) throw notOpen();
    return found;
  }

  /** Reads what is kept: nothing, while no database is open. */
  const reading =
    <T>(read: (attachment: Attachment) => Promise<T[]>) =>
    async () => {
      const found = attached();
      return found === undefined || found.connection.closed ? [] : read(found);
    };

  const pending = createListing(reading(({ connection, collections }) => readPending(connection, collections.keys())));
  const letters = createListing(
    reading(({ connection }) => readDeadLetters(connection)),
    (one, other) => one.id === other.id,
  );
  const journal = createListing(
    reading(({ connection }) => readConflicts(connection)),
    (one, other) => one.number === other.number,
  );
  const withheld = createListing(reading(({ connection, collections }) => readWithheld(connection, collections)));
  const told = createEmitter<Conflict>();
  const all = [pending, letters, journal, withheld];

  function changed(): void {
    for (const listing of all) listing.changed();
  }

  async function dismiss(number?: number): Promise<void> {
    const { connection, calls } = open();
    await dismissConflict(connection, number);
    journal.changed();
    calls.listed();
  }

  return {
    pending: {
      ...pending,
      async export() {
        const found = await reading(async (attachment) => {
          await drained(attachment);
          return exportPending(attachment.connection, attachment.collections);
        })();
        return { format: 'watersmeet-pending', space, exported: new Date().toISOString(), edits: found };
      },
    },
    withheld,
    deadLetters: {
      ...letters,
      async retry({ id }) {
        const { connection, calls, tab } = open();
        if (!(await deadLetterIds(connection)).includes(id)) {
          throw new SyncError('gone', 'this refused edit was made again, or discarded');
        }
        await calls.ask({ retry: id, by: tab });
      },
      async discard({ id }) {
        const { connection, calls, session, tabs } = open();
        await discardDeadLetter(connection, id);
        letters.changed(); // also where nobody counts, as synchronisation has stopped
        calls.listed();
        session.written(); // whoever leads counts again
        tabs.written();
      },
      async export() {
        const found = await reading(({ connection }) => exportDeadLetters(connection))();
        return { format: 'watersmeet-dead-letters', space, exported: new Date().toISOString(), letters: found };
      },
    },
    conflicts: {
      ...told,
      ...journal,
      dismiss: ({ number }) => dismiss(number),
      dismissAll: () => dismiss(),
      end: told.end,
    },
    changed,
    end() {
      ended = true;
      for (const listing of [...all, told]) listing.end();
    },
  };
}

export function notOpen(): SyncError {
  return new SyncError('not-open', 'no database is open: open it with the indexedDB of this client first');
}
