import type { TrackedStore } from '../../capture/index.ts';
import { type CollectionSchema, diff, idOfKey, makeStamp } from '../../model/index.ts';
import { createEmitter, type Happening } from '../observable.ts';
import type { AnyCollections, CollectionName } from '../typed.ts';
import { toWireRecord } from './records.ts';

/** What cannot travel, and stays on this device. */
export type Staying<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: StayingIn<Name>;
}[CollectionName<C>];

interface StayingIn<Name extends string> {
  /** The object store; none if it is a whole database. */
  readonly collection?: Name;
  /** The key of the one record; none if it is the whole store. */
  readonly key?: IDBValidKey;
  readonly reason: string;
}

/**
 * Tells what stays local: everyone who listens each time, the console once for each store.
 *
 * @param onStores is given the names of all such stores, when there is another one
 */
export function createStaying(onStores: (stores: readonly string[]) => void): {
  local(staying: Staying): void;
  readonly happening: Happening<Staying>;
  end(): void;
} {
  const emitter = createEmitter<Staying>();
  const told = new Set<string | undefined>();
  return {
    happening: emitter,
    end: emitter.end,
    local(staying) {
      emitter.emit(staying);
      const { collection, key, reason } = staying;
      if (told.has(collection)) return;
      told.add(collection);
      onStores([...told].filter((store) => store !== undefined));
      const what = key === undefined ? 'cannot travel' : 'has a record that cannot travel';
      console.warn(
        `Watersmeet: ${collection ?? 'a database'} ${what} and stays local:`,
        ...(key === undefined ? [] : [key]),
        reason,
      );
    },
  };
}

const ANY = makeStamp(0, 0, '0000000000000');
const REGISTERS: CollectionSchema = { fields: {} };

/** Refuses a record that could not be drained as it stands: it throws what a drain would say. */
export function createCheck(schemas: ReadonlyMap<string, CollectionSchema>) {
  return ({ name, keyPath }: TrackedStore, record: unknown, key: IDBValidKey | undefined): void => {
    const schema = schemas.get(name) ?? REGISTERS;
    diff({ schema, stamp: ANY, stands: {}, put: toWireRecord(record, keyPath, schema.local) });
    if (key !== undefined) idOfKey(key);
  };
}
