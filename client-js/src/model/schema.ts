/** The types that a field can be declared as; every other field is a register (M-14). */
export type FieldType = 'register' | 'set' | 'counter';

/** What a collection declares. It decides what a reader reads and how a writer's changes become cells. */
export interface CollectionSchema {
  readonly fields: Readonly<Record<string, FieldType>>;
  /** What a deletion does to edits that it has not seen (M-20); `add-wins` keeps them, and is the default. */
  readonly deletion?: 'add-wins' | 'last-writer-wins';
}

export function typeOf(schema: CollectionSchema, field: string): FieldType {
  return Object.hasOwn(schema.fields, field) ? (schema.fields[field] as FieldType) : 'register';
}

/** The fields that are declared as a set or a counter. */
export function declared(schema: CollectionSchema, type: 'set' | 'counter'): string[] {
  return Object.keys(schema.fields).filter((field) => schema.fields[field] === type);
}
