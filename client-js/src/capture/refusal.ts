import { UnsupportedValueError } from '../model/errors.ts';
import { idOfKey } from '../model/key.ts';
import { recordToJson } from '../model/value.ts';
import type { CapturedStore } from './captured.ts';
import { readKey } from './keys.ts';
import type { TrackedStore } from './types.ts';

/**
 * The arguments of a write, where the application wants what cannot travel to be refused: the record among them is a clone, so that getters run
 * once.
 *
 * @throws UnsupportedValueError naming the field
 */
export function checked(state: CapturedStore | undefined, args: unknown[]): unknown[] {
  const options = state?.captured.connection.options;
  if (options?.unsupported !== 'refuse' || !state?.wanted || args.length === 0) return args;
  const { name } = state.store;
  if (state.generatesKeys) {
    throw new UnsupportedValueError(
      [],
      `the object store ${name} generates its keys, which would collide between devices`,
    );
  }
  const [value, ...rest] = args;
  const [key] = rest;
  const record = structuredClone(value);
  options.check({ name, keyPath: state.keyPath }, record, key as IDBValidKey | undefined);
  return [record, ...rest];
}

/** Refuses a record that has no form in the merge format (M-5), or has a key that is too long. */
export function checkRecord({ keyPath }: TrackedStore, record: unknown, key: IDBValidKey | undefined): void {
  recordToJson(record);
  const own = keyPath === null ? key : readKey(record, keyPath);
  if (own !== undefined) idOfKey(own);
}
