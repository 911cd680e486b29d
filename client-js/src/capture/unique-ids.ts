/** Where records refer to those that are moved. */
export interface Reference {
  readonly store: string;
  /** The field that holds a key of the moved table, or an array of such keys. */
  readonly field: string;
}

export interface UniqueIdsOptions {
  /** The object store that generates its keys. */
  readonly from: string;
  /** An object store with the same fields that does not, and whose key path is `field`. */
  readonly to: string;
  /** The field that holds the key, in both; `id` if not given. */
  readonly field?: string;
  /** Fields of other records that refer to these, also of the moved ones themselves (then `store` is `to`). */
  readonly references?: readonly Reference[];
  /** Makes an id that no other device makes; a random UUID if not given. */
  readonly createId?: () => string;
}

/**
 * Moves the records of an object store with generated keys to one whose keys no two devices share, and what refers to them along, in an upgrade
 * transaction or any that writes to all these stores. The old store is left empty.
 *
 * @returns the new ids by the old keys
 */
export function moveToUniqueIds(
  transaction: IDBTransaction,
  { from, to, field = 'id', references = [], createId = () => crypto.randomUUID() }: UniqueIdsOptions,
): Promise<ReadonlyMap<IDBValidKey, string>> {
  const ids = new Map<IDBValidKey, string>();
  return new Promise((resolve, reject) => {
    const target = transaction.objectStore(to);
    const move = (cursor: IDBCursorWithValue) => {
      const id = createId();
      ids.set(cursor.primaryKey, id);
      target.add({ ...cursor.value, [field]: id });
      cursor.delete();
    };
    const refer = (cursor: IDBCursorWithValue, name: string) => {
      const record = cursor.value as Record<string, unknown>;
      const referred = moved(record[name], ids);
      if (referred !== record[name]) cursor.update({ ...record, [name]: referred });
    };
    const next = ([reference, ...rest]: readonly Reference[]) => {
      if (reference === undefined) return resolve(ids);
      const { store, field: name } = reference;
      walk(
        transaction.objectStore(store),
        (cursor) => refer(cursor, name),
        () => next(rest),
        reject,
      );
    };
    walk(transaction.objectStore(from), move, () => next(references), reject);
  });
}

/** What refers to moved records; the same value if it refers to none. */
function moved(value: unknown, ids: ReadonlyMap<IDBValidKey, string>): unknown {
  if (!Array.isArray(value)) return ids.get(value as IDBValidKey) ?? value;
  const others = value.map((key) => ids.get(key) ?? key);
  return others.some((key, i) => key !== value[i]) ? others : value;
}

function walk(
  store: IDBObjectStore,
  step: (cursor: IDBCursorWithValue) => void,
  done: () => void,
  failed: (error: unknown) => void,
): void {
  const request = store.openCursor();
  request.onerror = () => failed(request.error);
  request.onsuccess = () => {
    const cursor = request.result;
    if (cursor === null) return done();
    try {
      step(cursor);
      cursor.continue();
    } catch (error) {
      failed(error);
    }
  };
}
