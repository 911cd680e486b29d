import type { CapturedConnection } from '../../capture/index.ts';
import { compareKeys } from '../../capture/keys.ts';

/** Of more documents that change together, Dexie hears that the whole table has changed. */
const MOST_KEYS = 100;

/** Ranges of keys as Dexie describes them: a tree in the order of the keys, `d` deep. */
interface Ranges {
  readonly from: IDBValidKey;
  readonly to: IDBValidKey;
  readonly d: number;
  readonly l?: Ranges;
  readonly r?: Ranges;
}

/** From before every key to behind all that are ever met. */
const ALL: Ranges = { from: Number.NEGATIVE_INFINITY, to: [[]], d: 1 };

/**
 * Makes Dexie's live queries run again, in every tab, where they may see other records now: as if another tab had written these, for which Dexie listens to a
 * channel. Applications without Dexie have no listener. Of which values of an index are concerned nothing is known: a query by an index runs again
 * whenever its table changes.
 */
export function createDexieAnnouncer(
  connection: CapturedConnection,
): (store: string, keys: readonly IDBValidKey[]) => void {
  const indexes = new Map<string, readonly string[]>();

  function indexesOf(store: string): readonly string[] {
    const found =
      indexes.get(store) ?? Array.from(connection.transaction([store], 'readonly').objectStore(store).indexNames);
    indexes.set(store, found);
    return found;
  }

  return (store, keys) => {
    if (connection.closed) return;
    const table = `idb://${connection.name}/${store}/`;
    const ranges = keys.length > MOST_KEYS ? ALL : rangesOf([...keys].sort(compareKeys));
    const parts = Object.fromEntries(indexesOf(store).map((index) => [table + index, ALL]));
    channel ??= new BroadcastChannel('x-storagemutated-1');
    channel.postMessage({ ...parts, [table]: ranges, [`${table}:dels`]: ranges });
  };
}

let channel: BroadcastChannel | undefined;

/** @param keys in their order, at least one */
function rangesOf(keys: readonly IDBValidKey[]): Ranges {
  const middle = keys.length >> 1;
  const key = keys[middle] as IDBValidKey;
  const l = middle > 0 ? rangesOf(keys.slice(0, middle)) : undefined;
  const r = middle + 1 < keys.length ? rangesOf(keys.slice(middle + 1)) : undefined;
  return { from: key, to: key, d: 1 + Math.max(l?.d ?? 0, r?.d ?? 0), ...(l && { l }), ...(r && { r }) };
}
