import { bytesOf } from '../../capture/keys.ts';

/** A map by keys as IndexedDB compares them, in the order in which they came. */
export interface KeyMap<V> {
  readonly size: number;
  get(key: IDBValidKey): V | undefined;
  set(key: IDBValidKey, value: V): void;
  delete(key: IDBValidKey): void;
  values(): Iterable<V>;
}

export function createKeyMap<V>(): KeyMap<V> {
  const map = new Map<unknown, V>();
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(identityOf(key)),
    set: (key, value) => void map.set(identityOf(key), value),
    delete: (key) => void map.delete(identityOf(key)),
    values: () => map.values(),
  };
}

/** Equal for equal keys alone: strings and numbers stand for themselves, other keys for a text that no string key is put in the place of. */
function identityOf(key: IDBValidKey): unknown {
  return typeof key === 'string' ? `s${key}` : typeof key === 'number' ? key : `k${textOf(key)}`;
}

function textOf(key: IDBValidKey): string {
  if (typeof key === 'string') return JSON.stringify(key);
  if (Array.isArray(key)) return `[${key.map(textOf)}]`;
  if (key instanceof Date) return `d${key.getTime()}`;
  if (typeof key === 'number') return String(key);
  return `b${bytesOf(key)}`;
}
