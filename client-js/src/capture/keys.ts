type KeyPath = string | readonly string[];

/**
 * The key at a key path, as long as finding it runs no code of the application and needs no structured clone.
 * `undefined` if it would, or if there is none.
 */
export function readKey(value: unknown, keyPath: KeyPath): IDBValidKey | undefined {
  if (typeof keyPath === 'string') return walk(value, keyPath);
  const keys = keyPath.map((path) => walk(value, path));
  return keys.includes(undefined) ? undefined : (keys as IDBValidKey[]);
}

/**
 * A copy of a key that no later change of it reaches, in the form in which IndexedDB returns keys; `undefined` for what is no key, and for one that
 * cannot be read without running code of the application.
 */
export function snapshotKey(key: unknown): IDBValidKey | undefined {
  if (typeof key === 'number' || typeof key === 'string') return key;
  if (typeof key !== 'object' || key === null) return undefined;
  try {
    if (Array.isArray(key)) return snapshotEntries(key);
    if (ArrayBuffer.isView(key)) {
      return new Uint8Array(bytesOf(key as ArrayBufferView<ArrayBuffer>)).buffer; // not shared
    }
    return snapshotDate(key) ?? ArrayBuffer.prototype.slice.call(key, 0);
  } catch {
    return undefined; // neither, or detached, or an array in itself
  }
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

/** The bytes of a binary key. */
export function bytesOf(key: BufferSource): Uint8Array {
  return ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key);
}

function snapshotEntries(key: readonly unknown[]): IDBValidKey[] | undefined {
  // By their numbers: neither a getter in the array nor one on `Object.prototype` is run.
  const entries = [...new Array(key.length).keys()].map((i) =>
    snapshotKey(Object.getOwnPropertyDescriptor(key, i)?.value),
  );
  return entries.includes(undefined) ? undefined : (entries as IDBValidKey[]);
}

/** By its brand, so that a date of another window is one, too. */
function snapshotDate(key: object): Date | undefined {
  try {
    return new Date(Date.prototype.getTime.call(key));
  } catch {
    return undefined;
  }
}

function walk(value: unknown, path: string): IDBValidKey | undefined {
  // The empty path is the value itself.
  return (path === '' ? value : path.split('.').reduce(step, value)) as IDBValidKey | undefined;
}

/** Own enumerable data properties: what a structured clone copies as it stands. */
function step(value: unknown, name: string): unknown {
  if (typeof value === 'string') return name === 'length' ? value.length : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && name === 'length') return value.length;
  const property = Object.getOwnPropertyDescriptor(value, name);
  return property?.enumerable ? property.value : undefined;
}
