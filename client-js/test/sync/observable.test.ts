import { describe, expect, it } from 'vitest';
import { createEmitter, createSource, MOST_BEHIND } from '../../src/sync/observable.ts';

async function take<T>(iterable: AsyncIterable<T>, most: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const value of iterable) {
    taken.push(value);
    if (taken.length === most) break;
  }
  return taken;
}

describe('an iteration over a value', () => {
  it('gives it as it is, and then the latest alone', async () => {
    const source = createSource(1);
    const iterator = source[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ value: 1, done: false });
    source.set(2);
    source.set(3);
    expect(await iterator.next()).toEqual({ value: 3, done: false });
    const waiting = iterator.next();
    source.set(4);
    expect(await waiting).toEqual({ value: 4, done: false });
    source.end();
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });
});

describe('an iteration over what happens', () => {
  it('gives each event since it began, in their order', async () => {
    const emitter = createEmitter<number>();
    emitter.emit(0);
    const taken = take(emitter, 3);
    for (const event of [1, 2, 3, 4]) emitter.emit(event);
    expect(await taken).toEqual([1, 2, 3]);
  });

  it('ends with what it follows, after what is left', async () => {
    const emitter = createEmitter<number>();
    const taken = take(emitter, 9);
    emitter.emit(1);
    emitter.end();
    emitter.emit(2);
    expect(await taken).toEqual([1]);
    expect(await take(emitter, 9)).toEqual([]);
  });

  it('that falls too far behind gives what it holds, and then fails', async () => {
    const emitter = createEmitter<number>();
    const iterator = emitter[Symbol.asyncIterator]();
    for (let event = 0; event <= MOST_BEHIND; event++) emitter.emit(event);
    for (let event = 0; event < MOST_BEHIND; event++) expect((await iterator.next()).value).toBe(event);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'overflow' });
    expect((await iterator.next()).done).toBe(true);
  });

  it('stops listening when it is left', async () => {
    const emitter = createEmitter<number>();
    const iterator = emitter[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    emitter.emit(1);
    expect((await waiting).done).toBe(true);
    expect((await iterator.next()).done).toBe(true);
  });
});
