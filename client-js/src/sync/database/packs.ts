import { compareKeys } from '../../capture/keys.ts';
import { type Cell, type Cells, type Json, NO_LAYERS, type Stamp } from '../../model/index.ts';
import { type Arrivals, type Arrived, arrivalsOf, MOST_ARRIVED, rowsIn, textOf } from './arrivals.ts';
import { createKeyMap, type KeyMap } from './keys.ts';
import { putRow } from './packing.ts';
import { arrivedKey, type DocumentRow, packKey, rowsOf } from './rows.ts';
import { resultOf } from './transaction.ts';

/** Fewer documents have rows of their own. */
const LEAST = 8;
/** Of more documents several packs are made: all of a pack have to leave with the first of them. */
const MOST = 250;
/** A document with more characters of JSON has a row of its own. */
const LARGEST = 4000;

/**
 * Documents that were written together and are alike: the cells of each stem from one edit with the same stamp, at the same paths. One row holds many. A
 * document that is touched leaves its pack for a row of its own, and so do all others of it: each is in one place.
 */
interface Pack {
  readonly stamp: Stamp;
  readonly paths: readonly string[];
  readonly keys: readonly IDBValidKey[];
  /** By document and path; undefined for a cell without a value. */
  readonly values: readonly (readonly (Json | undefined)[])[];
}

/** A document that has no row yet, and its pending cells. */
export interface Fresh {
  readonly key: IDBValidKey;
  readonly cells: Readonly<Cells>;
}

/** The packs in the side store of one transaction. */
export interface Packs {
  read(key: IDBValidKey): Promise<DocumentRow | undefined>;
  /** The rows of several documents, in their order. */
  readAll(keys: readonly IDBValidKey[]): Promise<(DocumentRow | undefined)[]>;
  /** All packed documents, and their rows. */
  all(): Promise<PackedRow[]>;
  /** The documents of packs that are pending, at most so many, if that is given. */
  pending(most?: number): Promise<PackedRow[]>;
  /** How many of them there are. */
  countPending(): Promise<number>;
  /** Packs what is alike. Returns the rest, which needs rows of its own. */
  add(documents: readonly Fresh[]): Promise<Fresh[]>;
  /** Packs what a snapshot has shown together, unless that lies across what has come before. Returns the rest, which needs rows of its own. */
  arrive(documents: readonly Arrived[], snapshot: string): Promise<readonly Arrived[]>;
  /** What has arrived with other snapshots. */
  arrivedOtherwise(snapshot: string): Promise<PackedRow[]>;
  /** A document that was read is about to get a row of its own, or none. */
  leave(key: IDBValidKey): void;
}

type PackedRow = readonly [key: IDBValidKey, row: DocumentRow];

/** A pack's key names the first and the last of its documents; if they are pending, how many there are; if they have arrived, the snapshot that showed them. */
type Pending = readonly [kind: 'k', first: IDBValidKey, last: IDBValidKey, count: number];
type Listed = Pending | readonly [kind: 'a', first: IDBValidKey, last: IDBValidKey, snapshot: string];

interface Open {
  readonly keys: readonly IDBValidKey[];
  row(place: number): DocumentRow;
  /** Where each document stands. */
  readonly places: KeyMap<number>;
}

const known = new WeakMap<IDBObjectStore, Packs>();

/** @param side the side store, as one transaction knows it */
export function packsIn(side: IDBObjectStore): Packs {
  const packs = known.get(side) ?? createPacks(side);
  known.set(side, packs);
  return packs;
}

function createPacks(side: IDBObjectStore): Packs {
  let pendingPacks: Promise<Pending[]> | undefined;
  const opened = createKeyMap<Promise<Open>>();
  const standing = createKeyMap<readonly [Listed, Open]>();

  function pending(): Promise<Pending[]> {
    pendingPacks ??= listed('k') as Promise<Pending[]>;
    return pendingPacks;
  }

  async function listed(kind: Listed[0]): Promise<Listed[]> {
    return (await resultOf(side.getAllKeys(rowsOf(kind)))) as unknown as Listed[];
  }

  /**
   * What has arrived together and may have documents between two keys. There are more of these the larger the database is, but none lies across another:
   * it is those that begin between the keys, and the one before them.
   */
  async function arrivedBetween(least: IDBValidKey, greatest: IDBValidKey): Promise<Listed[]> {
    const { lower, upper } = rowsOf('a');
    const [from, to] = [
      ['a', least],
      ['a', greatest],
    ];
    const [before, between, last] = await Promise.all([
      resultOf(side.openKeyCursor(IDBKeyRange.bound(lower, from), 'prev')),
      resultOf(side.getAllKeys(IDBKeyRange.bound(from, to))),
      resultOf(side.getAllKeys(IDBKeyRange.bound(to, upper), 1)), // it may begin with the greatest
    ]);
    return [...(before === null ? [] : [before.key]), ...between, ...last] as unknown as Listed[];
  }

  function open(listed: Listed): Promise<Open> {
    const key = keyOf(listed);
    const opening =
      opened.get(key) ??
      resultOf<Pack | Arrivals>(side.get(key)).then((stored) => {
        const open = 'rows' in stored ? openArrivals(stored) : openPack(stored);
        standing.set(key, [listed, open]);
        return open;
      });
    opened.set(key, opening);
    return opening;
  }

  async function readAll(keys: readonly IDBValidKey[]): Promise<(DocumentRow | undefined)[]> {
    if (keys.length === 0) return [];
    const sorted = keys.length === 1 ? keys : keys.toSorted(compareKeys);
    const ends = [sorted[0] as IDBValidKey, sorted.at(-1) as IDBValidKey] as const;
    const listed = await Promise.all([pending(), arrivedBetween(...ends)]);
    const near = listed.flat().filter((pack) => liesAcross(ends, pack));
    return Promise.all(keys.map((key) => readIn(near, key)));
  }

  /** All that may have it are opened at once: one that is dissolved meanwhile could not be opened any more. */
  async function readIn(packs: readonly Listed[], key: IDBValidKey): Promise<DocumentRow | undefined> {
    for (const { places, row } of await Promise.all(packs.filter((pack) => isBetween(key, pack)).map(open))) {
      const place = places.get(key);
      if (place !== undefined) return row(place);
    }
    return undefined;
  }

  async function rowsOfPacks(packs: readonly Listed[], most = Number.POSITIVE_INFINITY): Promise<PackedRow[]> {
    const found: PackedRow[] = [];
    for (const key of packs) {
      if (found.length >= most) break;
      const { keys, row } = await open(key);
      found.push(...keys.map((own, place) => [own, row(place)] as const));
    }
    return found.slice(0, most);
  }

  async function add(documents: readonly Fresh[]): Promise<Fresh[]> {
    const groups = new Map<string, Fresh[]>();
    for (const document of documents) {
      const kind = kindOf(document.cells);
      const group = groups.get(kind);
      if (group === undefined) groups.set(kind, [document]);
      else group.push(document);
    }
    const rest: Fresh[] = [];
    const all = await pending();
    for (const [kind, group] of groups) {
      if (kind === ALONE || group.length < LEAST) {
        rest.push(...group);
        continue;
      }
      const sorted = group.toSorted((one, other) => compareKeys(one.key, other.key));
      for (let first = 0; first < sorted.length; first += MOST) {
        const pack = packOf(sorted.slice(first, first + MOST));
        const open = openPack(pack);
        all.push(put(packKey(...endsOf(open), pack.keys.length), pack, open) as Pending);
      }
    }
    return rest;
  }

  async function arrive(documents: readonly Arrived[], snapshot: string): Promise<readonly Arrived[]> {
    const texts = new Map(documents.map((document) => [document, textOf(document)]));
    const small = documents.filter((document) => (texts.get(document) as string).length <= LARGEST);
    if (small.length < LEAST) return documents;
    const sorted = small.toSorted((one, other) => compareKeys(one.key, other.key));
    const there = await arrivedBetween((sorted[0] as Arrived).key, (sorted.at(-1) as Arrived).key);
    const rest = documents.filter((document) => (texts.get(document) as string).length > LARGEST);
    for (let first = 0; first < sorted.length; first += MOST_ARRIVED) {
      const together = sorted.slice(first, first + MOST_ARRIVED);
      const keys = together.map(({ key }) => key);
      const open = openWith(keys, (place) => (together[place] as Arrived).row);
      if (there.some((pack) => liesAcross(endsOf(open), pack))) {
        rest.push(...together);
        continue;
      }
      const stored = arrivalsOf(
        keys,
        together.map((document) => texts.get(document) as string),
      );
      put(arrivedKey(...endsOf(open), snapshot), stored, open);
    }
    return rest;
  }

  function put(key: IDBValidKey, pack: Pack | Arrivals, open: Open): Listed {
    side.put(pack, key);
    const listing = key as unknown as Listed;
    opened.set(key, Promise.resolve(open));
    standing.set(key, [listing, open]);
    return listing;
  }

  function leave(key: IDBValidKey): void {
    for (const [listing, open] of standing.values()) {
      if (isBetween(key, listing) && open.places.get(key) !== undefined) dissolve(listing, open);
    }
  }

  /** The others follow as soon as those that leave together have left. */
  function dissolve(listing: Listed, { keys, row }: Open): void {
    const key = keyOf(listing);
    standing.delete(key);
    opened.delete(key);
    pendingPacks = pendingPacks?.then((all) => all.filter((other) => compareKeys(keyOf(other), key) !== 0));
    side.delete(key);
    keys.forEach((own, place) => {
      putRow(side, own, row(place));
    });
  }

  return {
    read: async (key) => (await readAll([key]))[0],
    readAll,
    all: async () => rowsOfPacks([...(await pending()), ...(await listed('a'))]),
    pending: async (most) => rowsOfPacks(await pending(), most),
    countPending: async () => (await pending()).reduce((sum, [, , , count]) => sum + count, 0),
    add,
    arrive,
    arrivedOtherwise: async (snapshot) =>
      rowsOfPacks((await listed('a')).filter(([, , , shown]) => shown !== snapshot)),
    leave,
  };
}

function keyOf(listed: Listed): IDBValidKey {
  return listed as unknown as IDBValidKey;
}

function endsOf({ keys }: Open): [first: IDBValidKey, last: IDBValidKey] {
  return [keys[0] as IDBValidKey, keys.at(-1) as IDBValidKey];
}

function isBetween(key: IDBValidKey, [, first, last]: Listed): boolean {
  return compareKeys(key, first) >= 0 && compareKeys(key, last) <= 0;
}

/** Whether a pack may have documents between two keys. */
function liesAcross([least, greatest]: readonly [IDBValidKey, IDBValidKey], [, first, last]: Listed): boolean {
  return compareKeys(first, greatest) <= 0 && compareKeys(last, least) >= 0;
}

function openPack(pack: Pack): Open {
  return openWith(pack.keys, (place) => rowAt(pack, place));
}

function openArrivals(arrivals: Arrivals): Open {
  return openWith(arrivals.keys, rowsIn(arrivals));
}

function openWith(keys: readonly IDBValidKey[], row: Open['row']): Open {
  const places = createKeyMap<number>();
  keys.forEach((key, place) => {
    places.set(key, place);
  });
  return { keys, row, places };
}

function rowAt({ stamp, paths, values }: Pack, place: number): DocumentRow {
  const pending: Cells = {};
  const row = values[place] as Pack['values'][number];
  paths.forEach((path, i) => {
    const value = row[i];
    pending[path] = value === undefined ? [stamp, 0] : [stamp, 0, value];
  });
  return { ...NO_LAYERS, pending };
}

const ALONE = '';

/** The same for documents that can be packed together. */
function kindOf(cells: Readonly<Cells>): string {
  const paths = Object.keys(cells);
  const stamp = (cells[paths[0] as string] as Cell)[0];
  const alike = paths.every((path) => (cells[path] as Cell)[0] === stamp && (cells[path] as Cell)[1] === 0);
  return alike && JSON.stringify(cells).length <= LARGEST ? JSON.stringify([stamp, paths]) : ALONE;
}

/** @param sorted by their keys */
function packOf(sorted: readonly Fresh[]): Pack {
  const { cells } = sorted[0] as Fresh;
  const paths = Object.keys(cells);
  return {
    stamp: (cells[paths[0] as string] as Cell)[0],
    paths,
    keys: sorted.map(({ key }) => key),
    values: sorted.map((document) => paths.map((path) => (document.cells[path] as Cell)[2])),
  };
}
