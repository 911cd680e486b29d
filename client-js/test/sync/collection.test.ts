import { describe, expect, it } from 'vitest';
import type { CapturedConnection } from '../../src/capture/index.ts';
import { parseSchema } from '../../src/model/index.ts';
import { type CollectionOptions, collectionsOf, declaredBy } from '../../src/sync/collection.ts';

function schemaOf(options: Readonly<Record<string, CollectionOptions>>) {
  const connection = { trackedStores: [{ name: 'todos', keyPath: 'id' }] } as unknown as CapturedConnection;
  return collectionsOf(connection, declaredBy(options)).get('todos')?.schema;
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

  it('is declared by the JSON of a schema', () => {
    const json = '{"collections":{"todos":{"fields":{"done":"flag"},"deletion":"last-writer-wins","local":["draft"]}}}';
    const schema = { fields: { done: 'flag' }, deletion: 'last-writer-wins', local: ['draft'] };
    expect(schemaOf(parseSchema(json).collections)).toEqual(schema);
    expect(schemaOf(parseSchema(JSON.parse(json)).collections)).toEqual(schema);
  });

  it('is refused by the name of what is wrong', () => {
    const refusal = (todos: unknown) => () => schemaOf({ todos: todos as CollectionOptions });
    expect(refusal({ tags: 'list' })).toThrow(
      /^collections\.todos\.fields\.tags: must be one of register, set, .*"list"/,
    );
    expect(refusal({ fields: {}, delition: 'add-wins' })).toThrow(/^collections\.todos: has no member "delition"/);
    expect(refusal({ fields: {}, deletion: 'never' })).toThrow(
      /^collections\.todos\.deletion: must be one of add-wins/,
    );
    expect(refusal({ fields: { a: 'set' }, local: ['b', 'a'] })).toThrow(/^collections\.todos\.local\[1\]: .*"a"/);
    expect(refusal(null)).toThrow('collections.todos');
    expect(refusal(null)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});
