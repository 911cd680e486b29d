/**
 * Starts the name of every hidden object store. A private use character: engines that keep names in SQLite read U+FFFE
 * and U+FFFF back as U+FFFD.
 */
const PREFIX = '\uF8FF';

/** The hidden store for what belongs to the database as a whole. Never part of a transaction of the application. */
export const META_STORE = `${PREFIX}meta`;

/** A hidden name that no store ever has: asking for it makes the browser itself refuse a reserved name. */
export const NO_STORE = PREFIX;

/** The hidden store beside an object store of the application: notes under generated numbers. */
export function sideStoreName(store: string): string {
  return `${PREFIX}:${store}`;
}

/** The key in the meta store whose presence says that the store's records have been taken up. */
export function trackingKey(store: string): [string, string] {
  return ['tracked', store];
}

export function isHidden(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** The list without hidden names: the list itself if it has none. */
export function visibleNames(list: DOMStringList): DOMStringList {
  const all = Array.from(list);
  const visible = all.filter((name) => !isHidden(name));
  return visible.length === all.length ? list : createNameList(list, visible);
}

function createNameList(list: DOMStringList, names: readonly string[]): DOMStringList {
  const constant = (value: unknown, enumerable = false) => ({ value, enumerable, writable: true, configurable: true });
  // fake-indexeddb keeps its state in own fields, and goes on changing the lists that it hands out.
  const fields = Object.entries(list).filter(([key]) => !/^\d/.test(key));
  return Object.create(Object.getPrototypeOf(list), {
    ...Object.fromEntries(fields.map(([key, value]) => [key, constant(value)])),
    ...Object.fromEntries(names.map((name, index) => [index, constant(name, true)])),
    length: constant(names.length),
    contains: constant((name: unknown) => names.includes(String(name))),
    item: constant((index: number) => names[index >>> 0] ?? null),
    [Symbol.iterator]: constant(() => names[Symbol.iterator]()),
  });
}
