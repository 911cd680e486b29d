import { comparison, ended, result } from './context.ts';

function cyclic(): unknown {
  const value: Record<string, unknown> = { name: 'cycle' };
  value.self = value;
  value.list = [value, { up: value }];
  return value;
}

function shared(): unknown {
  const part = { x: 1 };
  return { one: part, other: part };
}

/** Each is made anew, for some can be changed. */
const values: Record<string, () => unknown> = {
  'empty object': () => ({}),
  null: () => null,
  undefined: () => undefined,
  true: () => true,
  zero: () => 0,
  'minus zero': () => -0,
  NaN: () => NaN,
  'big integer': () => 12345678901234567890n,
  'empty string': () => '',
  'lone surrogate': () => '\uD800',
  'sparse array': () => Object.assign(new Array(3), { 0: 1, 2: 3 }),
  'array with a name': () => Object.assign([1], { name: 'x' }),
  'Boolean object': () => new Boolean(false),
  'Number object': () => new Number(-0),
  'String object': () => new String('x'),
  'BigInt object': () => Object(5n),
  date: () => new Date(1234),
  'invalid date': () => new Date(NaN),
  'regular expression': () => Object.assign(/a(b)/giu, { lastIndex: 3 }),
  map: () =>
    new Map<unknown, unknown>([
      [1, { a: 1 }],
      [{ k: 1 }, new Map()],
    ]),
  set: () => new Set([1, 'a', { x: 1 }]),
  'array buffer': () => new Uint8Array([1, 2, 3]).buffer,
  'typed arrays': () => [
    new Uint8Array([1]),
    new Int16Array([-1]),
    new Float64Array([1.5]),
    new BigInt64Array([5n]),
    new Uint8ClampedArray([300]),
  ],
  'view of a part': () => new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  'two views of a buffer': () => {
    const { buffer } = new Uint8Array([1, 2, 3, 4]);
    return [new Uint8Array(buffer, 0, 2), new DataView(buffer, 2)];
  },
  blob: () => new Blob(['abc'], { type: 'text/plain' }),
  file: () => new File(['abc'], 'name.txt', { type: 'text/plain', lastModified: 7 }),
  error: () => new RangeError('message'),
  cyclic,
  shared,
  nested: () => ({ a: { b: { c: [{ d: [] }] } } }),
  'instance of a class': () =>
    new (class Point {
      x = 1;
      get y() {
        return 2;
      }
    })(),
  'getter of its own': () => ({
    get x() {
      return 'computed';
    },
  }),
  'without a prototype': () => Object.assign(Object.create(null), { x: 1 }),
  'symbols and hidden properties': () =>
    Object.defineProperty({ [Symbol('s')]: 1, x: 2 }, 'hidden', { value: 3, enumerable: false }),
  'own __proto__': () => JSON.parse('{"__proto__":{"x":1},"y":2}'),
  arguments: () =>
    (
      function () {
        // biome-ignore lint/complexity/noArguments: it is about them.
        return arguments;
      } as (...args: unknown[]) => unknown
    )(1, 2),
  frozen: () => Object.freeze({ a: Object.freeze([1]) }),
};

const refused: Record<string, () => unknown> = {
  function: () => () => 1,
  'function inside': () => ({ deep: [{ f: () => 1 }] }),
  symbol: () => Symbol('x'),
  'symbol inside': () => ({ s: Symbol('x') }),
  proxy: () => new Proxy({}, {}),
  'weak map': () => new WeakMap(),
  promise: () => Promise.resolve(),
  'throwing getter': () => ({
    get x() {
      throw new RangeError('own');
    },
  }),
  generator: () => (function* () {})(),
};

/** Section 2.3: values. */
export const structuredClones = [
  comparison('values of all types', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s');
      db.createObjectStore('inline', { keyPath: 'id' });
    });
    for (const [name, make] of Object.entries(values)) {
      const transaction = db.transaction(['s', 'inline'], 'readwrite');
      attempt('put', () => void transaction.objectStore('s').put(make(), name));
      attempt('put', () => void transaction.objectStore('inline').put({ id: name, value: make() }));
      log(name, await ended(transaction));
      const read = db.transaction(['s', 'inline']);
      log(await result(read.objectStore('s').get(name)), await result(read.objectStore('inline').get(name)));
      const request = db.transaction('s', 'readwrite').objectStore('s').openCursor(name);
      log((await result(request))?.value, request.result?.value === request.result?.value);
    }
    log(await result(db.transaction('inline', 'readwrite').objectStore('inline').getAll()));
  }),

  comparison('what is in a blob', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    await result(
      db
        .transaction('s', 'readwrite')
        .objectStore('s')
        .put({ blob: new Blob(['ab', 'c']) }, 1),
    );
    const record = await result(db.transaction('s', 'readwrite').objectStore('s').get(1));
    log(await (record.blob as Blob).text());
  }),

  comparison('what cannot be cloned', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s');
      db.createObjectStore('inline', { keyPath: 'id' });
    });
    const transaction = db.transaction(['s', 'inline'], 'readwrite');
    for (const [name, make] of Object.entries(refused)) {
      for (const method of ['put', 'add'] as const) {
        attempt(`${name} ${method}`, () => void transaction.objectStore('s')[method](make(), name));
        attempt(
          `${name} inline ${method}`,
          () => void transaction.objectStore('inline')[method]({ id: name, value: make() }),
        );
        attempt(`${name} invalid key`, () => void transaction.objectStore('s')[method](make(), {} as IDBValidKey));
        attempt(`${name} no key`, () => void transaction.objectStore('inline')[method]({ value: make() }));
      }
    }
    log(await ended(transaction), await result(db.transaction('s').objectStore('s').count()));
  }),

  comparison('values are copied at the call', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    const value = { id: 1, list: [1], map: new Map([[1, { x: 1 }]]) };
    transaction.objectStore('s').put(value);
    value.list.push(2);
    value.id = 9;
    (value.map.get(1) as { x: number }).x = 2;
    await ended(transaction);
    const [one, other] = await Promise.all([1, 1].map((key) => result(db.transaction('s').objectStore('s').get(key))));
    log(one, one === other, one.list === other.list, value);
  }),

  comparison('put does not touch the value', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const value = Object.freeze({ id: 1, inner: Object.freeze({ a: 1 }) });
    const transaction = db.transaction('s', 'readwrite');
    transaction.objectStore('s').put(value);
    log(await ended(transaction), Reflect.ownKeys(value), Reflect.ownKeys(value.inner));
    const read = await result(db.transaction('s', 'readwrite').objectStore('s').get(1));
    log(
      Reflect.ownKeys(read),
      Object.getOwnPropertyDescriptors(read),
      Object.getPrototypeOf(read) === Object.prototype,
    );
    const again = db.transaction('s', 'readwrite');
    again.objectStore('s').put({ ...read, more: 1 });
    log(await ended(again), read, await result(db.transaction('s').objectStore('s').get(1)));
  }),
];
