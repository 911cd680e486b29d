import { forceCloseDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { type Environment, openTodos } from './harness.ts';
import { scenarios } from './scenarios/index.ts';

function createEnvironment(): Environment {
  return { native: new IDBFactory(), keyRange: IDBKeyRange, name: 'shop' };
}

describe('on fake-indexeddb without any global', () => {
  test('there is no global to rely on', () => {
    expect('indexedDB' in globalThis).toBe(false);
    expect('IDBKeyRange' in globalThis).toBe(false);
  });

  test.each(scenarios.filter((scenario) => !scenario.globals))('$name', ({ run }) => run(createEnvironment()));

  test('a connection that the browser closes is told', async () => {
    const { db, closed, connection } = await openTodos(createEnvironment());
    await new Promise((resolve) => {
      db.addEventListener('close', resolve);
      forceCloseDatabase(db as never);
    });
    expect(closed).toEqual([connection]);
    expect(connection.closed).toBe(true);
  });
});
