import { describe, expect, test } from 'vitest';
import { cellText, inReadingOrder } from '../../src/inspector/cell-text.ts';
import type { CellView } from '../../src/sync/lists/inspection.ts';

const REPLICA = '0123456789ABC';

const cell = (path: readonly unknown[], rest: Partial<CellView> = {}): CellView => ({
  path,
  stamp: '',
  millis: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
  replica: REPLICA,
  removed: false,
  ...rest,
});

describe('a cell in words', () => {
  test.each([
    [['r', 'note'], 'note', 'register'],
    [['s', 'tags', 'heavy', REPLICA], 'tags ∋ heavy', 'set · 9ABC'],
    [['c', 'quantity', '0000000002000', REPLICA], 'quantity', 'counter · 9ABC'],
    [['b', 'quantity', '0000000002000', REPLICA], 'quantity', 'counter’s base · 9ABC'],
    [['e', REPLICA], 'exists', 'existence · 9ABC'],
    [['d', '*'], 'deleted', 'deletion · anyone'],
    [['v'], 'the record', 'root'],
    [['m', 'state', 'open', REPLICA], 'state = open', 'multi · 9ABC'],
    [['n', 'address', 'geo', 'lat'], 'address.geo.lat', 'map'],
    [['x', 'address'], '["x","address"]', 'unknown'],
  ])('names %j', (path, subject, kind) => {
    expect(cellText(cell(path))).toMatchObject({ subject, kind });
  });

  test('tells an empty text from no value', () => {
    expect(cellText(cell(['r', 'note'], { value: '' })).value).toBe('""');
    expect(cellText(cell(['e', REPLICA])).value).toBe('');
  });

  test('gives the time to the millisecond', () => {
    expect(cellText(cell(['v'])).written).toMatch(/^\d\d:\d\d:05\.067$/);
  });

  test('stands after registers, sets and counters if it is about existence', () => {
    const paths = [
      ['e', REPLICA],
      ['c', 'quantity', '0000000002000', REPLICA],
      ['r', 'shelf'],
      ['r', 'name'],
    ];
    expect(inReadingOrder(paths.map((path) => cell(path))).map(({ path }) => path)).toEqual([
      ['r', 'name'],
      ['r', 'shelf'],
      ['c', 'quantity', '0000000002000', REPLICA],
      ['e', REPLICA],
    ]);
  });
});
