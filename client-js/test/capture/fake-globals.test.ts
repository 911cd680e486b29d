import 'fake-indexeddb/auto';
import { describe, test } from 'vitest';
import { scenarios } from './scenarios/index.ts';

describe('on fake-indexeddb as the global', () => {
  test.each(scenarios)('$name', ({ name, run }) => run({ native: indexedDB, keyRange: IDBKeyRange, name }));
});
