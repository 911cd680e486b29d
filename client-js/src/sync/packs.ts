import { type Cell, type Cells, type Json, NO_LAYERS, type Stamp } from '../model/index.ts';
import { compareKeys, createKeyMap, type KeyMap } from './keys.ts';
import { putRow } from './packing.ts';
import { type DocumentRow, packKey, rowsOf } from './rows.ts';
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
  /** All packed documents, or the first ones, and their rows. */
  all(most?: number): Promise<(readonly [IDBValidKey, DocumentRow])[]>;
  count(): Promise<number>;
  /** Packs what is alike. Returns the rest, which needs rows of its own. */
  add(documents: readonly Fresh[]): Promise<Fresh[]>;
  /** A document that was read is about to get a row of its own, or none. */
  leave(key: IDBValidKey): void;
}

/** A pack's key names the first and the last of its documents, and how many there are. */
type Listed = readonly ['k', first: IDBValidKey, last: IDBValidKey, count: number];

interface Open {
  readonly pack: Pack;
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
  let listed: Promise<Listed[]> | undefined;
  const opened = new Map<Listed, Promise<Open>>();
  const standing = new Map<Listed, Open>();

  function list(): Promise<Listed[]> {
    listed ??= resultOf(side.getAllKeys(rowsOf('k'))) as Promise<unknown> as Promise<Listed[]>;
    return listed;
  }

  function open(key: Listed): Promise<Open> {
    const opening =
      opened.get(key) ??
      resultOf<Pack>(side.get(key as unknown as IDBValidKey)).then((pack) => {
        const open = openPack(pack);
        standing.set(key, open);
        return open;
      });
    opened.set(key, opening);
    return opening;
  }

  async function read(key: IDBValidKey): Promise<DocumentRow | undefined> {
    for (const pack of await list()) {
      if (compareKeys(key, pack[1]) < 0 || compareKeys(key, pack[2]) > 0) continue;
      const found = await open(pack);
      const place = found.places.get(key);
      if (place !== undefined) return rowAt(found.pack, place);
    }
    return undefined;
  }

  async function all(most = Number.POSITIVE_INFINITY): Promise<(readonly [IDBValidKey, DocumentRow])[]> {
    const found: (readonly [IDBValidKey, DocumentRow])[] = [];
    for (const key of [...(await list())]) {
      if (found.length >= most) break;
      const { pack } = await open(key);
      found.push(...pack.keys.map((own, place) => [own, rowAt(pack, place)] as const));
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
    const all = await list();
    for (const [kind, group] of groups) {
      if (kind === ALONE || group.length < LEAST) {
        rest.push(...group);
        continue;
      }
      const sorted = group.toSorted((one, other) => compareKeys(one.key, other.key));
      for (let first = 0; first < sorted.length; first += MOST)
        all.push(put(packOf(sorted.slice(first, first + MOST))));
    }
    return rest;
  }

  function put(pack: Pack): Listed {
    const { keys } = pack;
    const key = packKey(keys[0] as IDBValidKey, keys.at(-1) as IDBValidKey, keys.length);
    side.put(pack, key);
    const listing = key as unknown as Listed;
    const open = openPack(pack);
    opened.set(listing, Promise.resolve(open));
    standing.set(listing, open);
    return listing;
  }

  function leave(key: IDBValidKey): void {
    for (const [listing, { pack, places }] of standing) {
      if (places.get(key) !== undefined) dissolve(listing, pack);
    }
  }

  /** The others follow as soon as those that leave together have left. */
  function dissolve(key: Listed, pack: Pack): void {
    standing.delete(key);
    opened.delete(key);
    listed = listed?.then((all) => all.filter((other) => other !== key));
    side.delete(key as unknown as IDBValidKey);
    pack.keys.forEach((own, place) => {
      putRow(side, own, rowAt(pack, place));
    });
  }

  return { read, all, count: async () => (await list()).reduce((sum, [, , , count]) => sum + count, 0), add, leave };
}

function openPack(pack: Pack): Open {
  const places = createKeyMap<number>();
  pack.keys.forEach((key, place) => {
    places.set(key, place);
  });
  return { pack, places };
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
