import type { FieldType } from '../model/index.ts';

/** The collections of an application that declares none to TypeScript: any name, and records of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: an interface without an index signature extends this one, but none of `unknown`
export type AnyCollections = Record<string, any>;

/** The names of an application's collections: of its object stores. */
export type CollectionName<C extends object> = keyof C & string;

/**
 * The type of a field that is declared as `multi`: its value, or what several devices wrote at the same time, until one is put.
 */
export type Multi<T> = T | { readonly $conflict: readonly T[] };

/** What is no object of fields, though TypeScript takes it for one. */
type Opaque =
  | Date
  | RegExp
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>;

type Structured<V> = [V] extends [readonly unknown[]]
  ? 'set'
  : [V] extends [number]
    ? 'counter'
    : [V] extends [boolean]
      ? 'flag'
      : [V] extends [Opaque]
        ? never
        : [V] extends [object]
          ? 'map'
          : never;

/** The field types that a value's TypeScript type allows: each of `register` and `multi`, and `set`, `counter`, `flag` and `map` where it is what they merge. */
export type FieldTypeFor<V> = unknown extends V ? FieldType : 'register' | 'multi' | Structured<NonNullable<V>>;
