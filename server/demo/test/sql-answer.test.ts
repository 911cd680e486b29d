import { expect, it } from 'vitest';
import { answerOf, queriesOf } from '../src/sql-answer.ts';

it('shows rows as texts in the order of the columns', () => {
  const rows = [{ quantity: 3, tags: ['a', '<b>'], name: 'nails' }, { name: null }];
  expect(answerOf({ columns: ['name', 'tags', 'quantity'], rows })).toEqual({
    columns: ['name', 'tags', 'quantity'],
    rows: [
      ['nails', 'a, <b>', '3'],
      ['', '', ''],
    ],
    problem: undefined,
  });
});

it('tells what is wrong', () => {
  expect(answerOf({ problem: 'Drill has no answer yet' }).problem).toBe('Drill has no answer yet');
  expect(answerOf(null)).toEqual({ columns: [], rows: [], problem: undefined });
});

it('takes queries from a server, and none from anything else', () => {
  const query = { name: 'stock', title: 'The stock', sql: 'SELECT 1' };
  expect(queriesOf({ queries: [query] })).toEqual([query]);
  expect(queriesOf(undefined)).toEqual([]);
});
