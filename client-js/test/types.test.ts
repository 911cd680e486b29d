import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Change,
  type Conflict,
  type DeadLetter,
  type Multi,
  parseSchema,
  type Watersmeet,
  type WatersmeetOptions,
  watersmeet,
} from '../src/index.ts';

interface Todo {
  id: string;
  title: string;
  votes: number;
  done: boolean;
  due: Date;
  tags?: string[];
  place: { town: string };
  state: Multi<'open' | 'closed'>;
}

interface Note {
  id: number;
  text: string;
}

interface Shop {
  todos: Todo;
  notes: Note;
}

const server = { url: '/v1', space: 'shop-7', token: () => 'token', indexedDB: {} as IDBFactory, connect: false };
const shop = () => watersmeet<Shop>(server);
const untyped = () => watersmeet({ ...server, collections: { todos: { tags: 'set', done: 'flag' } } });

type Declared = NonNullable<WatersmeetOptions<Shop>['collections']>;
const declared = (collections: Declared) => collections;

// tsc checks this file: an error that is expected and does not come is an error.
describe('the types of fields that an application declares', () => {
  it('are those that the TypeScript types of its records allow', () => {
    declared({
      todos: { votes: 'counter', done: 'flag', tags: 'set', place: 'map', state: 'multi', title: 'register' },
      notes: { fields: { text: 'multi' }, deletion: 'last-writer-wins', local: ['text'] },
    });
    // @ts-expect-error only a number counts
    declared({ todos: { title: 'counter' } });
    // @ts-expect-error only an array is a set
    declared({ todos: { title: 'set' } });
    // @ts-expect-error only a boolean is a flag
    declared({ todos: { votes: 'flag' } });
    // @ts-expect-error only an object is a map
    declared({ todos: { tags: 'map' } });
    // @ts-expect-error a date has no fields
    declared({ todos: { due: 'map' } });
    // @ts-expect-error the long form is checked as the short one is
    declared({ todos: { fields: { title: 'set' } } });
  });

  it('and their names, and those of collections, are known', () => {
    // @ts-expect-error no such field
    declared({ todos: { titel: 'multi' } });
    // @ts-expect-error no such collection
    declared({ todo: {} });
    // @ts-expect-error no such field to keep local
    declared({ notes: { fields: {}, local: ['draft'] } });
    // @ts-expect-error a policy stands beside fields
    declared({ notes: { text: 'multi', deletion: 'last-writer-wins' } });
    // @ts-expect-error no such store
    expectTypeOf<'drafts'>().toExtend<NonNullable<WatersmeetOptions<Shop>['stores']>[number]>();
  });
});

describe('an application that names its collections', () => {
  it('is told of them by these names, with their records', () => {
    expectTypeOf<Change<Shop>['collection']>().toEqualTypeOf<'todos' | 'notes'>();
    expectTypeOf<Parameters<Watersmeet<Shop>['inspect']>[0]>().toEqualTypeOf<'todos' | 'notes'>();
    const title = (letter: DeadLetter<Shop>) => (letter.collection === 'todos' ? letter.record?.title : undefined);
    expectTypeOf(title).returns.toEqualTypeOf<string | undefined>();
  });

  it('knows what two edits of a field wrote', () => {
    const votes = (conflict: Conflict<Shop>) =>
      conflict.collection === 'todos' && conflict.field === 'votes' ? conflict.mine.value : 0;
    expectTypeOf(votes).returns.toEqualTypeOf<number | undefined>();
    const leaf = (conflict: Conflict<Shop>) =>
      conflict.collection === 'todos' && conflict.field === 'place' ? conflict.mine.value : 0;
    expectTypeOf(leaf).returns.toEqualTypeOf<unknown>();
  });

  it('hands its client to whatever takes any', () => {
    expectTypeOf(shop).returns.toEqualTypeOf<Watersmeet<Shop>>();
    const takesAny = (sync: Watersmeet) => sync;
    expectTypeOf((sync: Watersmeet<Shop>) => takesAny(sync)).returns.toEqualTypeOf<Watersmeet>();
  });
});

describe('an application that names none', () => {
  it('declares what it likes, and is told of any collection', () => {
    expectTypeOf(untyped).returns.toEqualTypeOf<Watersmeet>();
    expectTypeOf<Change['collection']>().toEqualTypeOf<string>();
    expectTypeOf<DeadLetter['record']>().toEqualTypeOf<unknown>();
    expectTypeOf<Conflict['mine']['value']>().toEqualTypeOf<unknown>();
    const { collections } = parseSchema({ collections: { todos: { fields: { tags: 'set' } } } });
    expect(watersmeet({ ...server, collections }).status.value.phase).toBe('offline');
  });

  it('is still refused a type that there is not', () => {
    // @ts-expect-error no such type
    const misspelt = () => watersmeet({ ...server, collections: { todos: { tags: 'sett' } } });
    expect(misspelt).toThrow(/collections\.todos\.fields\.tags: must be one of/);
  });
});
