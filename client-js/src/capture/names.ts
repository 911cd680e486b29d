import { likeNative } from './natives.ts';

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

export function isSideStore(name: string): boolean {
  return name.startsWith(sideStoreName(''));
}

/** The key in a side store of the number of times that records were changed hidden from the application. */
export const VERSION_KEY = 'version';

/** The key in the meta store whose presence says that the store has a side store, but is not tracked: its records have not been taken up. */
export function untrackedKey(store: string): [string, string] {
  return ['untracked', store];
}

/** The key in the meta store whose presence says that the store had another name, and that its side store came along. */
export function renamedKey(store: string): [string, string] {
  return ['renamed', store];
}

/** Whether a method's first argument can be turned into a name; where it cannot, the browser says so in its own words. */
export function startsWithName(args: readonly unknown[]): boolean {
  return args.length > 0 && typeof args[0] !== 'symbol';
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

/** A list as the browser's own, but for its brand: only the browser can make those. */
function createNameList(list: DOMStringList, names: readonly string[]): DOMStringList {
  const prototype = Object.getPrototypeOf(list);
  const writable = Object.getOwnPropertyDescriptor(list, 0)?.writable === true; // in fake-indexeddb
  const constant = (value: unknown, enumerable = false) => ({ value, enumerable, writable, configurable: true });
  // fake-indexeddb keeps its state in own fields, and goes on changing the lists that it hands out.
  const fields = Object.entries(list).filter(([key]) => !/^\d/.test(key));
  const isGeneric = prototype[Symbol.iterator] === Array.prototype[Symbol.iterator];
  const methods = likeNative(
    {
      contains: (...args: [name: unknown]) =>
        args.length > 0 ? names.includes(`${args[0]}`) : list.contains.apply(list, args as never),
      item: (...args: [index: number]) => (args.length > 0 ? (names[args[0] >>> 0] ?? null) : list.item(...args)),
    },
    prototype,
  );
  const members = Object.create(prototype, {
    ...Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, constant(method, true)])),
    length: constant(names.length, true),
    ...(!isGeneric && { [Symbol.iterator]: constant(() => names[Symbol.iterator]()) }),
  });
  return Object.create(members, {
    ...Object.fromEntries(fields.map(([key, value]) => [key, constant(value)])),
    ...Object.fromEntries(names.map((name, index) => [index, constant(name, true)])),
  });
}
