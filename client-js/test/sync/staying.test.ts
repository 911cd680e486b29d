import { afterEach, describe, expect, it, vi } from 'vitest';
import { declaredBy } from '../../src/sync/collection.ts';
import { createCheck, createStaying, type Staying } from '../../src/sync/merging/staying.ts';

afterEach(() => vi.restoreAllMocks());

describe('what stays local', () => {
  it('is told each time, counted by store, and logged once for each store', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const stores: (readonly string[])[] = [];
    const heard: Staying[] = [];
    const stays = createStaying((all) => stores.push(all));
    stays.happening.subscribe((staying) => heard.push(staying));
    stays.local({ collection: 'log', reason: 'it generates its keys' });
    stays.local({ collection: 'todos', key: 1, reason: 'file: Blob cannot travel' });
    stays.local({ collection: 'todos', key: 2, reason: 'file: Blob cannot travel' });
    expect(heard.map(({ collection, key }) => [collection, key])).toEqual([
      ['log', undefined],
      ['todos', 1],
      ['todos', 2],
    ]);
    expect(stores).toEqual([['log'], ['log', 'todos']]);
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn.mock.calls[1]?.join(' ')).toContain('todos has a record that cannot travel');
  });
});

describe('the check of a write', () => {
  const schemas = declaredBy({ todos: { fields: { votes: 'counter' }, local: ['draft'] } });
  const check = createCheck(schemas);
  const todos = { name: 'todos', keyPath: 'id' };

  it('names the field that cannot travel', () => {
    expect(() => check(todos, { id: 1, votes: 0, pattern: [/x/] }, undefined)).toThrow(
      'pattern.0: RegExp cannot travel',
    );
    expect(() => check(todos, { id: 1, votes: 'many' }, undefined)).toThrow('"votes" is declared as a counter');
    expect(() => check({ name: 'others', keyPath: null }, {}, 'x'.repeat(2000))).toThrow('1024 bytes');
  });

  it('lets the key and local fields hold what they will', () => {
    check(todos, { id: new Date(1), votes: 1, draft: /x/ }, undefined);
  });
});
