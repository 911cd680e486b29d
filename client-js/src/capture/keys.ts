type KeyPath = string | readonly string[];

/**
 * The key at a key path, as long as finding it runs no code of the application and needs no structured clone.
 * `undefined` if it would, or if there is none.
 */
export function readKey(value: unknown, keyPath: KeyPath): IDBValidKey | undefined {
  return evaluate(value, keyPath, plainStep);
}

/** The key at a key path of a structured clone. `undefined` if there is none. */
export function readKeyOfClone(clone: unknown, keyPath: KeyPath): IDBValidKey | undefined {
  return evaluate(clone, keyPath, cloneStep);
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

type Step = (value: unknown, name: string) => unknown;

function evaluate(value: unknown, keyPath: KeyPath, step: Step): IDBValidKey | undefined {
  if (typeof keyPath === 'string') return walk(value, keyPath, step);
  const keys = keyPath.map((path) => walk(value, path, step));
  return keys.includes(undefined) ? undefined : (keys as IDBValidKey[]);
}

function walk(value: unknown, path: string, step: Step): IDBValidKey | undefined {
  // The empty path is the value itself.
  return (path === '' ? value : path.split('.').reduce(step, value)) as IDBValidKey | undefined;
}

/** Own enumerable data properties: what a structured clone copies as it stands. */
function plainStep(value: unknown, name: string): unknown {
  if (typeof value === 'string') return name === 'length' ? value.length : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && name === 'length') return value.length;
  const property = Object.getOwnPropertyDescriptor(value, name);
  return property?.enumerable ? property.value : undefined;
}

/** What IndexedDB itself reads of a clone: own properties, and these attributes of platform objects. */
function cloneStep(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && BLOB_ATTRIBUTES.has(name) && isBlob(value)) {
    return (value as unknown as Record<string, unknown>)[name];
  }
  if (typeof value === 'string' || typeof value === 'object') return ownValue(value, name);
  return undefined;
}

const BLOB_ATTRIBUTES = new Set(['size', 'type', 'name', 'lastModified']);

function isBlob(value: object): value is Blob {
  return typeof Blob !== 'undefined' && value instanceof Blob;
}

function ownValue(value: string | object | null, name: string): unknown {
  return value === null ? undefined : Object.getOwnPropertyDescriptor(Object(value), name)?.value;
}
