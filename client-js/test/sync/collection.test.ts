import { describe, expect, it } from 'vitest';
import type { CapturedConnection } from '../../src/capture/index.ts';
import { type CollectionOptions, collectionsOf } from '../../src/sync/collection.ts';

function schemaOf(options: Readonly<Record<string, CollectionOptions>>) {
  const connection = { trackedStores: [{ name: 'todos', keyPath: 'id' }] } as unknown as CapturedConnection;
  return collectionsOf(connection, options).get('todos')?.schema;
}

describe('a collection', () => {
  it('that is not named has registers only', () => {
    expect(schemaOf({})).toEqual({ fields: {} });
    expect(schemaOf({ other: { tags: 'set' } })).toEqual({ fields: {} });
  });

  it('is declared by the types of its fields', () => {
    const fields = { tags: 'set', votes: 'counter', state: 'multi', address: 'map', title: 'register' } as const;
    expect(schemaOf({ todos: fields })).toEqual({ fields });
  });

  it('is declared with a policy of deletion, too', () => {
    const long = { fields: { tags: 'set' }, deletion: 'last-writer-wins' } as const;
    expect(schemaOf({ todos: long })).toEqual(long);
    expect(schemaOf({ todos: { fields: {} } })).toEqual({ fields: {} });
  });

  it('may have fields that are called as the members of the long form', () => {
    expect(schemaOf({ todos: { fields: 'set', deletion: 'map' } })).toEqual({
      fields: { fields: 'set', deletion: 'map' },
    });
    expect(schemaOf({ todos: { fields: { fields: 'set' } } })).toEqual({ fields: { fields: 'set' } });
  });
});
