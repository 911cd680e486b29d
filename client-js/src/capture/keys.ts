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
      // Just the view's own bytes, in a buffer that is not shared.
      return new Uint8Array(new Uint8Array(key.buffer, key.byteOffset, key.byteLength)).buffer;
    }
    return snapshotDate(key) ?? ArrayBuffer.prototype.slice.call(key, 0);
  } catch {
    return undefined; // neither, or detached, or an array in itself
  }
}

/** Whether two snapshots are of the same key. */
export function isSameKey(one: IDBValidKey, other: IDBValidKey): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((key, i) => isSameKey(key, other[i] as IDBValidKey))
    );
  }
  if (one instanceof Date) return other instanceof Date && one.getTime() === other.getTime();
  return (
    one instanceof ArrayBuffer &&
    other instanceof ArrayBuffer &&
    String(new Uint8Array(one)) === String(new Uint8Array(other))
  );
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
