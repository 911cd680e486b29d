import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedOfOne, feedOfSeveral } from '../../src/sync/server/feed.ts';
import { eventsOf, type ServerSentEvent } from '../../src/sync/server/server-sent-events.ts';
import { mutated } from './mutations.ts';

const RUNS = process.env.WATERSMEET_LONG === undefined ? 1_000 : 10_000;
const PATIENCE = { begin: 20_000, silence: 20_000 };
const page = { documents: [], cursor: 'c1', more: false };
const problem = { code: 'resync', retry: 'resync', status: 409, detail: 'old', last: null };

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((line) => !/[\r\n\0]/.test(line));

/** A stream that brings bytes in pieces of the given lengths, over and over. */
function stream(bytes: Uint8Array<ArrayBuffer>, lengths: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  let piece = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const length = lengths[piece++ % lengths.length] as number;
      controller.enqueue(bytes.slice(at, at + length));
      at += length;
    },
  });
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function check<T>(arbitrary: fc.Arbitrary<T>, property: (input: T) => Promise<void>): Promise<void> {
  return fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: RUNS, seed: 4711 });
}

/** The events of a text, read line by line as the HTML standard describes it. */
function expected(stream: string): ServerSentEvent[] {
  const lines = stream.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n').slice(0, -1);
  const events: ServerSentEvent[] = [];
  let event = '';
  let data: string | undefined;
  for (const line of lines) {
    if (line === '') {
      if (data !== undefined) events.push({ event: event === '' ? 'message' : event, data: data.slice(0, -1) });
      event = '';
      data = undefined;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data = `${data ?? ''}${value}\n`;
  }
  return events;
}

const encode = (text: string) => new TextEncoder().encode(text);

describe('the reader of Server-Sent Events', () => {
  it('finds the events, whatever ends the lines and however the bytes are cut', async () => {
    const field = fc.oneof(
      fc.tuple(fc.constantFrom('event', 'data', 'id', 'retry', ''), fc.constantFrom(':', ': ', ':  '), text),
      fc.tuple(fc.constantFrom('event', 'data', 'other'), fc.constant(''), fc.constant('')),
    );
    const line = fc.oneof(
      { weight: 3, arbitrary: field.map((parts) => parts.join('')) },
      { weight: 1, arbitrary: fc.constant('') },
    );
    const lines = fc.array(
      fc.tuple(line, lineEnd).map(([line, end]) => line + end),
      { maxLength: 12 },
    );
    await check(fc.tuple(lines, text, lengths), async ([lines, cut, lengths]) => {
      const told = lines.join('') + cut;
      // A byte order mark at the beginning is none of the text.
      expect(await all(eventsOf(stream(encode(told), lengths), PATIENCE))).toEqual(
        expected(told.replace(/^\ufeff/, '')),
      );
    });
  });

  it('reads to the end of any bytes', async () => {
    const bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(10, 13, 58)), { maxLength: 200 });
    await check(fc.tuple(bytes, lengths), async ([bytes, lengths]) => {
      await all(eventsOf(stream(Uint8Array.from(bytes), lengths), PATIENCE));
    });
  });

  it('refuses an event without end', async () => {
    let cancelled = false;
    const endless = (piece: string) =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => controller.enqueue(encode(piece)),
        cancel: () => {
          cancelled = true;
        },
      });
    for (const piece of ['data: x', 'data: x\n', ': x', 'id: x\n']) {
      cancelled = false;
      const events = all(eventsOf(endless(piece), PATIENCE, 10_000));
      await expect(events).rejects.toMatchObject({ name: 'MalformedError', place: 'event' });
      await expect.poll(() => cancelled).toBe(true);
    }
  });
});

describe('a live feed', () => {
  const { signal } = new AbortController();
  const server = (body: string, lengths: readonly number[]) => ({
    url: 'http://127.0.0.1/v1',
    bearer: 'token',
    fetch: async () =>
      new Response(stream(encode(body), lengths), { headers: { 'Content-Type': 'text/event-stream' } }),
  });
  const start = { space: 'shop', cursor: 'c0' };

  const name = fc.constantFrom('changes', 'problem', 'changes', 'other');
  const seeds = [page, problem, { space: 'shop', changes: page }, { space: 'shop', problem }, { problem }];
  const data = fc.oneof(
    mutated(seeds).map((json) => JSON.stringify(json) ?? ''),
    fc.tuple(fc.constantFrom(...seeds), fc.nat(80)).map(([json, end]) => JSON.stringify(json).slice(0, end)),
    text,
    fc.constantFrom('', '{', 'null', '[[[[', '{"a":1}{', 'NaN', '['.repeat(100_000)),
  );
  const body = fc
    .array(fc.tuple(name, data), { maxLength: 4 })
    .map((events) => events.map(([name, data]) => `event: ${name}\ndata: ${data}\n\n`).join(''));

  it('tells what it understands, and refuses the rest as malformed', async () => {
    await check(fc.tuple(body, lengths), async ([body, lengths]) => {
      for (const feed of [
        feedOfOne(server(body, [1_000, ...lengths]), start, PATIENCE, signal),
        feedOfSeveral(server(body, [1_000, ...lengths]), [start], PATIENCE, signal),
      ]) {
        const error: unknown = await all(feed).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (error !== undefined) expect(error).toMatchObject({ name: 'MalformedError' });
      }
    });
  }, 60_000);
});
