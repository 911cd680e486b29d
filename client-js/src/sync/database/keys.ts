/** A map by keys as IndexedDB compares them, in the order in which they came. */
export interface KeyMap<V> {
  readonly size: number;
  get(key: IDBValidKey): V | undefined;
  set(key: IDBValidKey, value: V): void;
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
    values: () => map.values(),
  };
}

/** The order of keys in IndexedDB. */
export function compareKeys(one: IDBValidKey, other: IDBValidKey): number {
  if (typeof one === 'string' && typeof other === 'string') return compareValues(one, other); // by far the most
  const [type, otherType] = [typeOf(one), typeOf(other)];
  if (type !== otherType) return type - otherType;
  if (type === ARRAY) return compareLists(one as IDBValidKey[], other as IDBValidKey[], compareKeys);
  if (type === BINARY) return compareLists(bytesOf(one as BufferSource), bytesOf(other as BufferSource), compareValues);
  return compareValues(one as string, other as string);
}

const [NUMBER, DATE, STRING, BINARY, ARRAY] = [0, 1, 2, 3, 4];

function typeOf(key: IDBValidKey): number {
  if (typeof key === 'number') return NUMBER;
  if (typeof key === 'string') return STRING;
  if (Array.isArray(key)) return ARRAY;
  return key instanceof Date ? DATE : BINARY;
}

function compareLists<T>(one: ArrayLike<T>, other: ArrayLike<T>, compare: (one: T, other: T) => number): number {
  for (let i = 0; i < one.length && i < other.length; i++) {
    const order = compare(one[i] as T, other[i] as T);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function compareValues<T extends string | number | Date>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function bytesOf(key: BufferSource): Uint8Array {
  return ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key);
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
