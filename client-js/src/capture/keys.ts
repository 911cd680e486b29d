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

/** Whether a valid key can be read again without running code of the application. */
export function isPlainKey(key: unknown): key is IDBValidKey {
  if (!Array.isArray(key)) return key !== undefined;
  for (let i = 0; i < key.length; i++) {
    const entry = Object.getOwnPropertyDescriptor(key, i);
    if (entry?.get !== undefined || !isPlainKey(entry?.value)) return false;
  }
  return true;
}

/** A copy that no later change of the key reaches, in the form in which IndexedDB returns keys. */
export function snapshotKey(key: IDBValidKey): IDBValidKey {
  if (typeof key !== 'object') return key;
  if (Array.isArray(key)) return key.map(snapshotKey);
  // Just the view's own bytes: cloning a view copies all of its buffer.
  if (ArrayBuffer.isView(key)) {
    return key.buffer.slice(key.byteOffset, key.byteOffset + key.byteLength) as ArrayBuffer;
  }
  return structuredClone(key);
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
