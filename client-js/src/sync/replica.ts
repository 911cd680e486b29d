import { type Cells, type DocumentName, isEmpty, type WireDocument } from '../model/index.ts';
import type { Collection } from './collection.ts';
import { expectAgreement } from './database/agreement.ts';
import { type StoredRow, unpackRow } from './database/packing.ts';
import { packsIn } from './database/packs.ts';
import {
  CURSOR,
  type CursorRow,
  type DocumentRow,
  FLIGHT,
  OFFSET,
  REPLICA,
  type ReplicaRow,
  rowsOf,
  type SnapshotRow,
  sideStoreName,
} from './database/rows.ts';
import { createSlices } from './database/slices.ts';
import { inspectStores, resultOf, type Transaction, transact } from './database/transaction.ts';
import { keepConflicts, MOST_CONFLICTS } from './lists/conflict-journal.ts';
import type { Conflict, FoundConflict } from './lists/conflicts.ts';
import { abandoned, apply, change, drop, lost, type Meeting, withdraw } from './merging/apply.ts';
import { type Drain, type Drained, drain } from './merging/drain.ts';
import { showWithheld } from './merging/withheld.ts';
import { restamp } from './outgoing/restamp.ts';
import { settleArrived } from './outgoing/twin.ts';
import type { Page, SnapshotPage } from './server/messages.ts';
import { type Leadership, readMeta } from './tabs/leader.ts';

/** Documents of a collection whose records have changed. */
export interface Changed {
  readonly collection: string;
  readonly keys: readonly IDBValidKey[];
  /** The tab that wrote, where one did and it is known. */
  readonly by?: string | undefined;
}

/** There is more to be drained than is drained at a time. */
export const UNDRAINED = Symbol('undrained');

/** What the tab that leads does to the database, one thing after the other. */
export interface Replica {
  readonly leadership: Leadership;
  readonly collections: ReadonlyMap<string, Collection>;
  /** Turns all notes into pending cells. */
  drain(): Promise<void>;
  cursor(): Promise<CursorRow>;
  /** Nothing goes on from the cursor: the next thing to do is a snapshot; or to ask again, if one of a server that was put back has come to nothing. */
  forgetCursor(): Promise<void>;
  /** The server was put back to an older copy: the next thing to do is a snapshot, of which nothing is lost (P-23). @param id names the snapshot */
  keepWhatIsLost(id: string): Promise<void>;
  /** Undefined if the page drops something and a push is on its way that has to be settled first (P-21): then nothing is applied. */
  applyPage(page: Page): Promise<Changed[] | undefined>;
  applySnapshot(page: SnapshotPage, snapshot: SnapshotRow): Promise<Changed[]>;
  /** The number of documents with pending edits. */
  pending(): Promise<number>;
  saveOffset(offset: number): Promise<void>;
  /** Takes back stamps from the future, if the device's clock has run ahead of the server's time, in Unix milliseconds. */
  correctStamps(now: number): Promise<void>;
  readonly onLocal: Drain['onLocal'];
  /** Runs work in a transaction over all collections whose notes have been drained in it. */
  settled<T>(stores: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** The same where there is no more to be drained than is drained at a time; if there is, that much is drained, and no work done. */
  settledAtOnce<T>(
    stores: readonly string[],
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T | typeof UNDRAINED>;
}

export interface ReplicaListeners {
  /** Whether to compare all records with their cells after each drain. */
  readonly verifies?: boolean | undefined;
  readonly onLocal: Drain['onLocal'];
  /** Notes have become pending edits: in a drain, or in whatever else met them first. */
  onEdited(edited: readonly Changed[]): void;
  /** Records of the application's were written anew when they were drained. */
  onRewritten?(rewritten: Changed): void;
  /** Records are shown now that their store had refused. */
  onShown(shown: readonly Changed[]): void;
  /** How many conflicts are kept; 1,000 if not given. */
  readonly keepsConflicts?: number | undefined;
  /** A pending edit has met another one, and one of the two is lost. */
  onConflict(conflict: Conflict): void;
}

export function createReplica(
  leadership: Leadership,
  collections: ReadonlyMap<string, Collection>,
  { verifies, keepsConflicts = MOST_CONFLICTS, onLocal, onEdited, onRewritten, onShown, onConflict }: ReplicaListeners,
): Replica {
  const { connection, token, stamper } = leadership;
  const context: Drain = { stamper, slices: createSlices(), onLocal };

  function tell({ name }: Collection, { edited, rewritten }: Drained): void {
    if (edited.length > 0) onEdited(edited.map((written) => ({ collection: name, ...written })));
    if (rewritten.length > 0) onRewritten?.({ collection: name, keys: rewritten });
  }

  async function drainStore(collection: Collection): Promise<void> {
    let more = true;
    while (more) {
      const round = await transact(connection, [collection.name], token, async (tx) => {
        const drained = await drain(tx, collection, context);
        return { ...drained, shown: await showWithheld(tx, collection) };
      });
      tell(collection, round);
      if (round.shown.length > 0) onShown([{ collection: collection.name, keys: round.shown }]);
      more = round.more;
    }
  }

  async function settled<T>(stores: readonly string[], work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return (await afterDrains(stores, work, Number.POSITIVE_INFINITY)) as T;
  }

  /** @param most how many drains there are for each store */
  async function afterDrains<T>(
    stores: readonly string[],
    work: (transaction: Transaction) => Promise<T>,
    most: number,
  ): Promise<T | typeof UNDRAINED> {
    const rounds: (() => void)[] = [];
    const shown: Changed[] = [];
    const result = await transact(connection, stores, token, async (transaction) => {
      let undrained = false;
      for (const store of stores) {
        let more = true;
        for (let drains = 0; more && drains < most; drains++) {
          const round = await drain(transaction, collections.get(store) as Collection, context);
          rounds.push(() => tell(collections.get(store) as Collection, round));
          more = round.more;
        }
        undrained ||= more;
      }
      if (undrained) return UNDRAINED;
      const done = await work(transaction);
      for (const store of stores) {
        const keys = await showWithheld(transaction, collections.get(store) as Collection);
        if (keys.length > 0) shown.push({ collection: store, keys });
      }
      return done;
    });
    for (const told of rounds) told();
    if (shown.length > 0) onShown(shown);
    return result;
  }

  /** Applies documents and moves the cursor, in one transaction. */
  async function applyAll(
    documents: readonly WireDocument[],
    meeting: Meeting,
    cursor: Partial<CursorRow>,
    withdrawn: readonly DocumentName[] = [],
  ): Promise<Changed[]> {
    const groups = group(documents.filter(({ collection }) => collections.has(collection)));
    const leaving = group(withdrawn.filter(({ collection }) => collections.has(collection)));
    const stores = [...new Set([...groups.keys(), ...leaving.keys()])];
    const { changed, conflicts } = await settled(stores, async (transaction) => {
      const changed: Changed[] = [];
      const found: FoundConflict[] = [];
      const { renamed = [] } = await resultOf<CursorRow>(transaction.meta.get(CURSOR));
      for (const [store, group] of groups) {
        const collection = collections.get(store) as Collection;
        const how = meeting === 'replace' && renamed.includes(store) ? 'keep' : meeting;
        const applied = await apply(transaction, collection, group, how, stamper, cursor.snapshot?.id);
        if (applied.changed.length > 0) changed.push({ collection: store, keys: applied.changed });
        found.push(...applied.conflicts);
      }
      for (const [store, names] of leaving) {
        const keys = await withdraw(transaction, collections.get(store) as Collection, names);
        if (keys.length > 0) changed.push({ collection: store, keys });
      }
      await moveCursor(transaction, cursor);
      return { changed, conflicts: await keepConflicts(transaction, found, keepsConflicts, Date.now()) };
    });
    conflicts.forEach(onConflict);
    return changed;
  }

  /** Drops what a purge has dropped, and moves the cursor, in one transaction. */
  async function dropAll({ dropped, withdrawn, cursor }: Page): Promise<Changed[] | undefined> {
    const groups = group(dropped.filter(({ collection }) => collections.has(collection)));
    const leaving = group(withdrawn.filter(({ collection }) => collections.has(collection)));
    const stores = [...new Set([...groups.keys(), ...leaving.keys()])];
    return settled(stores, async (transaction) => {
      if ((await resultOf(transaction.meta.get(FLIGHT))) !== undefined) return undefined;
      const own = await resultOf<ReplicaRow>(transaction.meta.get(REPLICA));
      const settle = (row: DocumentRow, dropped: Cells) => (own.twin ? settleArrived(row, own, dropped) : row);
      const changed: Changed[] = [];
      for (const store of stores) {
        const collection = collections.get(store) as Collection;
        const gone = await drop(transaction, collection, groups.get(store) ?? [], settle);
        const left = await withdraw(transaction, collection, leaving.get(store) ?? []);
        if (gone.length + left.length > 0) changed.push({ collection: store, keys: [...gone, ...left] });
      }
      await moveCursor(transaction, { cursor });
      return changed;
    });
  }

  async function moveCursor({ meta }: Transaction, change: Partial<CursorRow>): Promise<void> {
    const row = await resultOf<CursorRow>(meta.get(CURSOR));
    meta.put({ ...row, ...change }, CURSOR);
  }

  /** Documents that the server held and that a snapshot no longer shows, or, in a store with a new name, does not show yet. */
  async function sweep(snapshot: SnapshotRow): Promise<Changed[]> {
    const changed: Changed[] = [];
    const { renamed = [] } = (await readMeta<CursorRow>(connection, CURSOR)) as CursorRow;
    for (const collection of collections.values()) {
      const keys = await settled([collection.name], async (transaction) => {
        const gone: IDBValidKey[] = [];
        const side = transaction.side(collection.name);
        const [names, rows, packed] = await Promise.all([
          resultOf(side.getAllKeys(rowsOf('d'))),
          resultOf<StoredRow[]>(side.getAll(rowsOf('d'))),
          packsIn(side).arrivedOtherwise(snapshot.id),
        ]);
        const alone = rows.map((row, i) => [(names[i] as [string, IDBValidKey])[1], unpackRow(row)] as const);
        for (const [key, row] of [...packed, ...alone]) {
          if (isEmpty(row.delivered) || row.seen === snapshot.id) continue;
          const left = snapshot.keeps || renamed.includes(collection.name) ? lost(row) : abandoned(row);
          if (await change(transaction, collection, key, row, left)) gone.push(key);
        }
        return gone;
      });
      if (keys.length > 0) changed.push({ collection: collection.name, keys });
    }
    return changed;
  }

  return {
    leadership,
    collections,
    async drain() {
      for (const collection of collections.values()) {
        await drainStore(collection);
        if (verifies) await settled([collection.name], (tx) => expectAgreement(tx, collection));
      }
    },
    cursor: async () => (await readMeta<CursorRow>(connection, CURSOR)) as CursorRow,
    forgetCursor: () =>
      transact(connection, [], token, async (tx) => {
        const { cursor, snapshot } = await resultOf<CursorRow>(tx.meta.get(CURSOR));
        await moveCursor(tx, { cursor: snapshot?.keeps ? cursor : null, snapshot: undefined });
      }),
    keepWhatIsLost: (id) =>
      transact(connection, [], token, (tx) =>
        moveCursor(tx, { snapshot: { id, position: null, done: 0, keeps: true } }),
      ),
    applyPage: (page) =>
      page.dropped.length > 0
        ? dropAll(page)
        : applyAll(page.documents, 'join', { cursor: page.cursor }, page.withdrawn),
    async applySnapshot(page, snapshot) {
      const done = snapshot.done + page.documents.length;
      const meeting = snapshot.keeps ? 'keep' : 'replace';
      if (page.position !== null) {
        return applyAll(page.documents, meeting, { snapshot: { ...snapshot, position: page.position, done } });
      }
      const applied = await applyAll(page.documents, meeting, { snapshot });
      const swept = await sweep(snapshot);
      await transact(connection, [], token, (tx) =>
        moveCursor(tx, { cursor: page.cursor, snapshot: undefined, renamed: undefined }),
      );
      return [...applied, ...swept];
    },
    async pending() {
      const names = [...collections.keys()].map(sideStoreName);
      if (names.length === 0) return 0;
      const counts = await inspectStores(connection, names, (store) =>
        Promise.all(names.map((name) => waiting(store(name)))),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async saveOffset(offset) {
      stamper.correct(offset);
      await transact(connection, [], token, async ({ meta }) => {
        meta.put(offset, OFFSET);
      });
    },
    correctStamps: (now) =>
      settled([...collections.keys()], (tx) => restamp(tx, collections.values(), stamper, leadership.replica, now)),
    onLocal,
    settled,
    settledAtOnce: (stores, work) => afterDrains(stores, work, 1),
  };
}

/** How many documents of a side store have pending edits. */
async function waiting(side: IDBObjectStore): Promise<number> {
  const [alone, packed] = await Promise.all([resultOf(side.count(rowsOf('p'))), packsIn(side).countPending()]);
  return alone + packed;
}

function group<T extends DocumentName>(documents: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const document of documents) {
    const group = groups.get(document.collection);
    if (group === undefined) groups.set(document.collection, [document]);
    else group.push(document);
  }
  return groups;
}
