import { IDBObjectStore as FDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeStamp } from '../../src/model/index.ts';
import { collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import { OFFSET } from '../../src/sync/database/rows.ts';
import type { Polling } from '../../src/sync/server/polling.ts';
import { readRetryAfter } from '../../src/sync/server/request.ts';
import { createSession, type Session } from '../../src/sync/session.ts';
import { OFFLINE, type Status } from '../../src/sync/status.ts';
import { readMeta } from '../../src/sync/tabs/leader.ts';
import { abortAs, FIELDS, type Fixture, open } from './harness.ts';
import { type Answer, type Asked, eventually, type Stub, startBufferingProxy, startStub } from './stub-server.ts';

const OTHER = '0000000000B0B';

let fixture: Fixture;
const stops: (() => unknown)[] = [];
let status: Status;
let history: Status[];
let token: string;

beforeEach(async () => {
  fixture = await open();
  status = OFFLINE;
  history = [];
  token = 'token';
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0)) await stop();
});

async function stub(answer: (asked: Asked) => Answer): Promise<Stub> {
  const started = await startStub(answer);
  stops.push(started.close);
  return started;
}

interface Setting {
  readonly begin?: number;
  readonly polling?: Polling;
  readonly versions?: readonly number[];
}

function start(url: string, { begin = 10_000, polling, versions }: Setting = {}): Session {
  const session = createSession({
    connection: fixture.connection,
    collections: collectionsOf(fixture.connection, declaredBy(FIELDS)),
    transport: {
      url,
      space: 'shop-7',
      token: () => token,
      fetch: (input, init) => fetch(input, init),
      patience: { begin, silence: 10_000 },
      ...(versions && { versions }),
    },
    polling: polling ?? { every: 10_000, retryFeedAfter: 60_000 },
    millis: Date.now,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    onStatus: (change) => {
      status = { ...status, ...change } as Status;
      history.push(status);
    },
    onChanged: () => {},
    onLocal: () => {},
    onConflict: () => {},
  });
  const stopping = new AbortController();
  session.connect(true);
  const run = session.run(stopping.signal).catch(() => {});
  stops.unshift(async () => {
    stopping.abort();
    await run;
  });
  return session;
}

/** Answers as a server with one document, renamed with each pull. */
function answersOf(more: object = {}): (asked: Asked) => Answer {
  let pulls = 0;
  return ({ path, body }) => {
    const time = Date.now();
    if (path.endsWith('/snapshot')) {
      const page = { documents: [], position: null, cursor: 'c0', total: 0, last: null };
      return { json: { protocol: 1, time, ...page, ...more } };
    }
    if (path.endsWith('/sync')) {
      pulls++;
      const stamp = makeStamp(time, pulls, OTHER);
      const cells = [
        [['e', OTHER], stamp, 0],
        [['r', 'name'], stamp, 0, `pull ${pulls}`],
      ];
      const changes = { documents: [{ collection: 'items', id: 'a', cells }], cursor: `c${pulls}`, more: false };
      const { pull, push } = body as { pull: boolean; push?: { number: number; nonce: string } };
      const outcome = push && { push: { number: push.number, nonce: push.nonce, rejected: [] } };
      return { json: { protocol: 1, time, ...more, ...outcome, ...(pull && { changes }) } };
    }
    return 'feed';
  };
}

describe('where live feeds are held back', () => {
  it('asks for changes now and then, pushes, and tries a feed again (P-13)', async () => {
    const server = await stub(answersOf());
    const proxy = await startBufferingProxy(server.url, true);
    stops.push(proxy.close);
    const session = start(proxy.url, { begin: 50, polling: { every: 20, retryFeedAfter: 100 } });
    await eventually(() => expect(status.phase).toBe('polling'));
    await eventually(async () => {
      const [item] = (await fixture.all()) as { name: string }[];
      expect(Number(item?.name.slice('pull '.length))).toBeGreaterThan(3);
    });
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    session.written();
    await eventually(() =>
      expect(server.asked.some(({ body }) => (body as { push?: unknown } | undefined)?.push !== undefined)).toBe(true),
    );
    await eventually(() => expect(server.feeds.length).toBeGreaterThan(1));
    expect(history.some(({ phase }) => phase === 'offline' || phase === 'failed')).toBe(false);
  });
});

describe('a live feed that is malformed', () => {
  it.each([
    ['is no JSON', undefined, 'the event changes: is not JSON'],
    ['is no page', { cursor: 7 }, 'documents: must be an array'],
  ])('because an event %s is told, and begun anew after a while', async (_, data, detail) => {
    const server = await stub(answersOf());
    start(server.url);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await eventually(() => expect(server.feeds).toHaveLength(attempt));
      server.feeds[attempt - 1]?.event('changes', data);
      await eventually(() => expect(server.feeds[attempt - 1]?.closed).toBe(true));
    }
    const told = history.filter(({ phase }) => phase === 'failed');
    expect(told).toHaveLength(3);
    expect(told[0]?.problem).toMatchObject({ code: 'client', detail: expect.stringContaining(detail) });
    await eventually(() => expect(server.feeds).toHaveLength(4));
    server.feeds[3]?.event('changes', { documents: [], cursor: 'c9', more: false });
    await eventually(() => expect(status).toMatchObject({ phase: 'live', problem: undefined }));
  });
});

describe('the schema of the server (P-25)', () => {
  const schema = { collections: { items: { fields: { tags: 'multi', done: 'flag' } }, others: { fields: {} } } };

  it('is asked for once, and what is declared otherwise is told', async () => {
    const answers = answersOf({ schema: '0000000000001' });
    const server = await stub((asked) =>
      asked.path.endsWith('/schema') ? { json: { protocol: 1, fingerprint: '0000000000001', schema } } : answers(asked),
    );
    start(server.url);
    await eventually(() =>
      expect(status.schema).toEqual([
        { collection: 'items', field: 'done', own: 'register', server: 'flag' },
        { collection: 'items', field: 'quantity', own: 'counter', server: 'register' },
        { collection: 'items', field: 'tags', own: 'set', server: 'multi' },
      ]),
    );
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(server.asked.filter(({ path }) => path.endsWith('/schema'))).toHaveLength(1);
  });

  it('is not asked for where the server says none', async () => {
    const server = await stub(answersOf());
    start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(server.asked.filter(({ path }) => path.endsWith('/schema'))).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('begins anew where the server cannot read how far it was', async () => {
    const answers = answersOf();
    let broken = 0;
    const server = await stub((asked) => {
      if (!asked.path.endsWith('/snapshot')) return answers(asked);
      if (asked.query.get('position') !== null) {
        broken++;
        return { status: 400, json: { code: 'malformed', retry: 'never', status: 400, detail: 'position' } };
      }
      return broken > 0 ? answers(asked) : { json: { ...(answers(asked) as { json: object }).json, position: 'p1' } };
    });
    start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(broken).toBe(1);
  });
});

describe('a first synchronisation that is interrupted', () => {
  it('goes on where it was in the next tab, and shows how far it is', async () => {
    const answers = answersOf();
    const document = (id: string) => ({ collection: 'items', id, cells: [[['e', OTHER], makeStamp(1, 0, OTHER), 0]] });
    let killed = false;
    const server = await stub((asked) => {
      if (!asked.path.endsWith('/snapshot')) return answers(asked);
      const position = asked.query.get('position');
      const head = { protocol: 1, time: Date.now(), last: null, total: 3 };
      if (position === null) return { json: { ...head, documents: [document('a')], position: 'p1', cursor: 'c0' } };
      if (position === 'p1') return { json: { ...head, documents: [document('b')], position: 'p2', cursor: 'c0' } };
      return killed
        ? { json: { ...head, documents: [document('c')], position: null, cursor: 'c0' } }
        : { status: 503, json: {} };
    });
    start(server.url);
    await eventually(() => expect(status.problem?.code).toBe('http-503'));
    expect(await fixture.all()).toMatchObject([{ id: 'a' }, { id: 'b' }]); // the application shows what is there
    await (stops.shift() as () => unknown)(); // the tab is killed
    killed = true;
    history = [];
    const before = server.asked.length;
    start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    const positions = server.asked.slice(before).filter(({ path }) => path.endsWith('/snapshot'));
    expect(positions.map(({ query }) => query.get('position'))).toEqual(['p2']);
    expect(history).toContainEqual(expect.objectContaining({ phase: 'syncing', done: 3, total: 3 }));
  });
});

describe('the clock of a server', () => {
  it('is not taken for another one because an answer is slow', async () => {
    const answers = answersOf();
    const server = await stub((asked) => {
      if (!asked.path.endsWith('/snapshot')) return answers(asked);
      const { json } = answers(asked) as { json: object };
      const time = Date.now();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2600);
      return { json: { ...json, time } };
    });
    start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(await readMeta(fixture.connection, OFFSET)).toBeUndefined();
  });
});

describe('a server that cannot answer now', () => {
  it.each([
    [429, { code: 'rate-limited', retry: 'later', status: 429, detail: 'too much' }, 'rate-limited'],
    [503, { code: 'unavailable', retry: 'later', status: 503, detail: 'starting' }, 'unavailable'],
    [502, {}, 'http-502'],
  ])('with status %s is left alone for as long as it says, and edits are kept', async (code, json, problem) => {
    const answers = answersOf();
    const refusedAt: number[] = [];
    let answeredAt = 0;
    const server = await stub((asked) => {
      if (!asked.path.endsWith('/sync')) return answers(asked);
      if (refusedAt.length === 0) {
        refusedAt.push(performance.now());
        return { status: code, headers: { 'Retry-After': '1' }, json };
      }
      answeredAt ||= performance.now();
      return answers(asked);
    });
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    start(server.url);
    await eventually(() => expect(status).toMatchObject({ phase: 'offline', pending: 1, problem: { code: problem } }));
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(answeredAt - (refusedAt[0] as number)).toBeGreaterThanOrEqual(1000);
    await eventually(() => expect(status.pending).toBe(0));
  });
});

describe('a server that is busy', () => {
  const busy = { code: 'unavailable', retry: 'later', status: 503, detail: 'starting' };

  it('is left alone for as long as it asks, also when the tab is shown or the network is back, and what is asked for meanwhile fails', async () => {
    const answers = answersOf();
    const askedAt: number[] = [];
    const server = await stub((asked) => {
      if (!asked.path.endsWith('/sync')) return answers(asked);
      askedAt.push(performance.now());
      return askedAt.length === 1 ? { status: 503, headers: { 'Retry-After': '2' }, json: busy } : answers(asked);
    });
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    const session = start(server.url);
    await eventually(() => expect(status.problem?.code).toBe('unavailable'));
    session.retry();
    await expect(session.exchangeNow()).rejects.toMatchObject({ code: 'unavailable' });
    session.connect(false);
    session.connect(true);
    await eventually(() => expect(status.pending).toBe(0));
    expect((askedAt[1] as number) - (askedAt[0] as number)).toBeGreaterThanOrEqual(2000);
  });
});

describe('a server that fails again and again', () => {
  it.each([0.25, 0.75])(
    'is asked after delays that double, each a random share of its bound, and that begin anew after a success (%d)',
    async (share) => {
      vi.spyOn(Math, 'random').mockReturnValue(share);
      const timers = vi.spyOn(globalThis, 'setTimeout');
      const answers = answersOf();
      let failing = true;
      let askedAt: number[] = [];
      const server = await stub((asked) => {
        if (!failing) return answers(asked);
        askedAt.push(performance.now());
        return { status: 500, json: { code: 'internal', retry: 'later', status: 500, detail: 'broken' } };
      });
      const gaps = () => askedAt.slice(1).map((at, i) => at - (askedAt[i] as number));
      const bounds = [500, 1000, 2000];
      start(server.url);
      await eventually(() => expect(gaps().length).toBeGreaterThanOrEqual(bounds.length));
      failing = false;
      for (const [i, bound] of bounds.entries()) {
        expect(gaps()[i]).toBeGreaterThanOrEqual(bound * share - 2); // timers are early by a millisecond at times
        expect(timers.mock.calls.map(([, millis]) => millis)).toContain(bound * share);
      }
      await eventually(() => expect(server.feeds).toHaveLength(1));
      server.feeds[0]?.event('changes', { documents: [], cursor: 'c9', more: false });
      await eventually(() => expect(status.phase).toBe('live'));
      timers.mockClear();
      failing = true;
      askedAt = [];
      server.feeds[0]?.end();
      await eventually(() => expect(gaps().length).toBeGreaterThanOrEqual(1));
      expect(timers.mock.calls.map(([, millis]) => millis)).toContain(500 * share);
    },
  );
});

it.each([
  ['120', undefined, 120_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:07 GMT', 30_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', undefined, 7000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 'Mon, 07 Nov 1994 08:49:37 GMT', 0],
  ['99999999999', undefined, 86_400_000],
  ['soon', undefined, undefined],
])('Retry-After: %s, at %s, is %s ms', (text, date, millis) => {
  const headers = new Headers({ 'Retry-After': text, ...(date && { Date: date }) });
  expect(readRetryAfter(headers, Date.parse('Sun, 06 Nov 1994 08:49:30 GMT'))).toBe(millis);
});

describe('a token that expires while the feed is live', () => {
  it('is told, and the next one is used, with the edits made meanwhile', async () => {
    const answers = answersOf();
    const server = await stub((asked) => {
      if (asked.headers.authorization === `Bearer ${token}` && token !== 'expired') return answers(asked);
      return { status: 401, json: { code: 'unauthenticated', retry: 'token', status: 401, detail: 'expired' } };
    });
    const session = start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    token = 'expired';
    server.feeds[0]?.end();
    await eventually(() => expect(status).toMatchObject({ phase: 'failed', problem: { code: 'unauthenticated' } }));
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    session.written();
    await eventually(() => expect(status.pending).toBe(1));
    token = 'next';
    session.retry();
    await eventually(() => expect(server.feeds).toHaveLength(2));
    await eventually(() => expect(status).toMatchObject({ pending: 0 }));
    expect(status.problem).toBeUndefined();
  });
});

describe('versions (P-27)', () => {
  const unsupported = (supported: readonly number[]) => {
    return {
      status: 400,
      json: { code: 'protocol-unsupported', retry: 'never', status: 400, detail: 'no', supported },
    };
  };

  it('a server that has left this one behind stops the client, which keeps its edits', async () => {
    const server = await stub(() => unsupported([7]));
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    start(server.url);
    await eventually(() => expect(status).toMatchObject({ phase: 'failed', pending: 1 }));
    expect(status.problem).toEqual({ code: 'protocol-unsupported', detail: 'no' });
    expect(server.asked[0]?.query.get('protocol')).toBe('1');
    expect(await fixture.all()).toMatchObject([{ id: 'b', name: 'mine' }]);
  });

  it('an answer in another version than was asked for is not read', async () => {
    const answers = answersOf();
    const server = await stub((asked) => {
      const answer = answers(asked);
      return answer === 'feed' ? answer : { json: { ...(answer.json as object), protocol: 7 } };
    });
    start(server.url);
    await eventually(() => expect(status.problem?.code).toBe('protocol-unsupported'));
    expect(await fixture.all()).toEqual([]);
  });

  it('of several that the client speaks the greatest that the server speaks is taken', async () => {
    const answers = answersOf();
    const server = await stub((asked) => {
      const asks = asked.query.get('protocol') ?? (asked.body as { protocol?: number } | undefined)?.protocol;
      return asks === undefined || Number(asks) === 1 ? answers(asked) : unsupported([1, 2, 9]);
    });
    start(server.url, { versions: [1, 3] });
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(await fixture.all()).toMatchObject([{ id: 'a' }]);
  });

  it('members and events that this client does not know are passed over', async () => {
    const answers = answersOf({ later: { than: ['now'] } });
    const server = await stub(answers);
    start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    server.feeds[0]?.event('weather', 'fair');
    server.feeds[0]?.event('changes', { documents: [], cursor: 'c9', more: false, later: true });
    await eventually(() => expect(status.phase).toBe('live'));
  });
});

describe('a browser that gives the site no more storage', () => {
  it.each(['edits', 'pages'])('is told, and goes on once it does, with %s', async (what) => {
    const server = await stub(answersOf());
    const session = start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    if (what === 'edits') await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    session.written();
    if (what === 'pages') server.feeds[0]?.event('changes', { documents: [], cursor: 'c9', more: false });
    await eventually(() => expect(status.problem?.code).toBe('quota'));
    full.mockRestore();
    await eventually(() => expect(status.problem).toBeUndefined());
    if (what === 'pages') await eventually(() => expect(server.feeds.length).toBeGreaterThan(1));
    else await eventually(() => expect(server.asked.some(({ body }) => (body as { push?: unknown })?.push)).toBe(true));
  });

  it('is told as the browser says it of a whole transaction, while what was still asked in that is merely aborted', async () => {
    const server = await stub(answersOf());
    const session = start(server.url);
    await eventually(() => expect(server.feeds).toHaveLength(1));
    await fixture.write((store) => store.put({ id: 'b', name: 'mine' }));
    const put = FDBObjectStore.prototype.put as IDBObjectStore['put'];
    const full = vi.spyOn(FDBObjectStore.prototype as IDBObjectStore, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      const request = put.apply(this, given);
      queueMicrotask(() => abortAs('QuotaExceededError', this.transaction));
      return request;
    });
    session.written();
    await eventually(() => expect(status.problem).toBeDefined());
    expect(status.problem?.code).toBe('quota');
    full.mockRestore();
    await eventually(() => expect(status.problem).toBeUndefined());
  });
});

it('takes the lead at last where the browser has aborted the transaction in which it would have', async () => {
  const { connection } = fixture;
  let attempts = 0;
  const aborting = Object.create(connection, {
    transaction: {
      value: (...asked: Parameters<typeof connection.transaction>) => {
        const transaction = connection.transaction(...asked);
        if (asked[1] === 'readwrite' && attempts++ === 0) queueMicrotask(() => transaction.abort());
        return transaction;
      },
    },
  });
  fixture = { ...fixture, connection: aborting };
  const server = await stub(answersOf());
  start(server.url);
  await eventually(() => expect(server.feeds).toHaveLength(1));
  expect(history.some(({ phase, problem }) => phase === 'failed' && problem !== undefined)).toBe(true);
});
