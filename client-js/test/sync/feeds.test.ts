import { afterEach, describe, expect, it } from 'vitest';
import { HeldFeedError, ProblemError } from '../../src/sync/server/problem.ts';
import { createTransport, type Transport } from '../../src/sync/server/transport.ts';
import { type Answer, type Asked, eventually, type Stub, startBufferingProxy, startStub } from './stub-server.ts';

const fetchOnce: typeof fetch = (input, init) => fetch(input, init);
const page = (cursor: string) => ({ documents: [], cursor, more: false });

const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function stub(answer: (asked: Asked) => Answer = () => 'feed'): Promise<Stub> {
  const started = await startStub(answer);
  stops.push(started.close);
  return started;
}

function transport(url: string, space: string, more: { token?: string; begin?: number } = {}): Transport {
  const { token = 'token', begin = 10_000 } = more;
  const patience = { begin, silence: 10_000 };
  return createTransport({ url, space, token: () => token, fetch: fetchOnce, patience, onTime: () => {} });
}

interface Follower {
  readonly cursors: string[];
  /** Resolves when the feed ends, to what it ended with. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

function follow({ feed }: Transport, cursor: string): Follower {
  const cursors: string[] = [];
  const stopping = new AbortController();
  stops.unshift(() => stopping.abort());
  const run = async () => {
    for await (const page of feed(cursor, stopping.signal)) cursors.push(page.cursor);
  };
  return { cursors, ended: run().catch((error: unknown) => error), stop: () => stopping.abort() };
}

const starts = (asked: Asked) => (asked.body as { spaces: { space: string; cursor: string }[] }).spaces;

describe('a live feed', () => {
  it('of one space alone is that of P-13', async () => {
    const server = await stub();
    const alone = follow(transport(server.url, 'shop'), 'c0');
    await eventually(() => expect(server.feeds).toHaveLength(1));
    expect(server.feeds[0]?.asked).toMatchObject({ method: 'GET', path: '/spaces/shop/changes' });
    expect(server.feeds[0]?.asked.query.get('cursor')).toBe('c0');
    server.feeds[0]?.event('changes', page('c1'));
    await eventually(() => expect(alone.cursors).toEqual(['c1']));
    server.feeds[0]?.end();
    expect(await alone.ended).toBeUndefined();
  });

  it('is one for the spaces of a page (P-20)', async () => {
    const server = await stub();
    const shop = follow(transport(server.url, 'shop'), 's0');
    const depot = follow(transport(server.url, 'depot'), 'd0');
    await eventually(() => expect(server.feeds).toHaveLength(1));
    const [feed] = server.feeds;
    expect(feed?.asked).toMatchObject({ method: 'POST', path: '/feed', body: { protocol: 1 } });
    expect(starts(feed?.asked as Asked)).toEqual([
      { space: 'shop', cursor: 's0' },
      { space: 'depot', cursor: 'd0' },
    ]);
    feed?.event('changes', { space: 'shop', changes: page('s1') });
    feed?.event('changes', { space: 'depot', changes: page('d1') });
    feed?.event('changes', { space: 'shop', changes: page('s2') });
    await eventually(() => expect([shop.cursors, depot.cursors]).toEqual([['s1', 's2'], ['d1']]));
    feed?.end();
    expect(await Promise.all([shop.ended, depot.ended])).toEqual([undefined, undefined]);
  });

  it('is begun anew, from where it was, for a space that comes later', async () => {
    const server = await stub();
    const shop = follow(transport(server.url, 'shop'), 's0');
    await eventually(() => expect(server.feeds).toHaveLength(1));
    server.feeds[0]?.event('changes', page('s1'));
    await eventually(() => expect(shop.cursors).toEqual(['s1']));
    const depot = follow(transport(server.url, 'depot'), 'd0');
    await eventually(() => expect(server.feeds).toHaveLength(2));
    expect(starts(server.feeds[1]?.asked as Asked)).toEqual([
      { space: 'shop', cursor: 's1' },
      { space: 'depot', cursor: 'd0' },
    ]);
    await eventually(() => expect(server.feeds[0]?.closed).toBe(true));
    server.feeds[1]?.event('changes', { space: 'depot', changes: page('d1') });
    await eventually(() => expect(depot.cursors).toEqual(['d1']));
  });

  it('goes on for the others when one space has a problem, or is left', async () => {
    const server = await stub();
    const shop = follow(transport(server.url, 'shop'), 's0');
    const depot = follow(transport(server.url, 'depot'), 'd0');
    const attic = follow(transport(server.url, 'attic'), 'a0');
    await eventually(() => expect(server.feeds).toHaveLength(1));
    const problem = { code: 'resync', retry: 'resync', status: 409, detail: 'old' };
    server.feeds[0]?.event('problem', { space: 'shop', problem });
    expect(await shop.ended).toMatchObject({ code: 'resync', retry: 'resync' });
    attic.stop();
    await attic.ended;
    server.feeds[0]?.event('changes', { space: 'attic', changes: page('a1') });
    server.feeds[0]?.event('changes', { space: 'depot', changes: page('d1') });
    await eventually(() => expect(depot.cursors).toEqual(['d1']));
    expect(server.feeds).toHaveLength(1);
    expect(attic.cursors).toEqual([]);
  });

  it('ends for all with a problem of all', async () => {
    const server = await stub();
    const followers = ['shop', 'depot'].map((space) => follow(transport(server.url, space), 'c0'));
    await eventually(() => expect(server.feeds).toHaveLength(1));
    server.feeds[0]?.event('problem', { problem: { code: 'unauthenticated', retry: 'token', status: 401 } });
    for (const { ended } of followers) expect(await ended).toMatchObject({ retry: 'token' });
  });

  it('is one for each space where the server knows no others', async () => {
    const notFound = { status: 404, json: { code: 'not-found', retry: 'never', status: 404 } };
    const server = await stub(({ path }) => (path === '/feed' ? notFound : 'feed'));
    const first = ['shop', 'depot'].map((space) => follow(transport(server.url, space), 'c0'));
    expect(await Promise.all(first.map(({ ended }) => ended))).toEqual([undefined, undefined]);
    const again = ['shop', 'depot'].map((space) => follow(transport(server.url, space), 'c0'));
    await eventually(() =>
      expect(server.feeds.map(({ asked }) => asked.path).sort()).toEqual([
        '/spaces/depot/changes',
        '/spaces/shop/changes',
      ]),
    );
    for (const feed of server.feeds) feed.event('changes', page('c1'));
    await eventually(() => expect(again.map(({ cursors }) => cursors)).toEqual([['c1'], ['c1']]));
  });

  it('is not shared with those who come with another token, or follow the same space', async () => {
    const server = await stub();
    follow(transport(server.url, 'shop'), 'c0');
    follow(transport(server.url, 'depot', { token: 'another' }), 'c0');
    follow(transport(server.url, 'shop'), 'c0');
    await eventually(() => expect(server.feeds).toHaveLength(3));
    expect(server.feeds.every(({ asked }) => asked.method === 'GET')).toBe(true);
  });

  it('is left at once, also by who is still at work on a page', async () => {
    const server = await stub();
    const leaving = new AbortController();
    const pages = transport(server.url, 'shop').feed('c0', leaving.signal)[Symbol.asyncIterator]();
    const first = pages.next();
    await eventually(() => expect(server.feeds).toHaveLength(1));
    server.feeds[0]?.event('changes', page('c1'));
    await first;
    leaving.abort();
    await eventually(() => expect(server.feeds[0]?.closed).toBe(true));
  });

  it('is closed when nobody follows it', async () => {
    const server = await stub();
    const followers = ['shop', 'depot'].map((space) => follow(transport(server.url, space), 'c0'));
    await eventually(() => expect(server.feeds).toHaveLength(1));
    for (const { stop } of followers) stop();
    await eventually(() => expect(server.feeds[0]?.closed).toBe(true));
  });

  it.each([true, false])(
    'that a proxy holds back is found out (P-13), headers passed on: %s',
    async (passesHeaders) => {
      const server = await stub();
      const proxy = await startBufferingProxy(server.url, passesHeaders);
      stops.push(proxy.close);
      for (const spaces of [['shop'], ['shop', 'depot']]) {
        const held = spaces.map((space) => follow(transport(proxy.url, space, { begin: 100 }), 'c0'));
        await eventually(() => expect(server.feeds.at(-1)).toBeDefined());
        server.feeds.at(-1)?.event('changes', page('c1'));
        for (const { ended } of held) expect(await ended).toBeInstanceOf(HeldFeedError);
      }
    },
  );

  it('that is refused is a problem of all its spaces', async () => {
    const problem = { code: 'rate-limited', retry: 'later', status: 429, detail: 'too many' };
    const server = await stub(() => ({ status: 429, json: problem }));
    const followers = ['shop', 'depot'].map((space) => follow(transport(server.url, space), 'c0'));
    for (const { ended } of followers) expect(await ended).toBeInstanceOf(ProblemError);
  });
});
