import { describe, expect, test } from 'vitest';
import { statusText } from '../src/status-text.ts';

describe('a status in words', () => {
  test('says how far a first sync has come', () => {
    expect(statusText({ phase: 'syncing', pending: 0, rejected: 0, done: 340, total: 12_000 })).toEqual({
      phase: 'Syncing 340 of 12,000',
    });
  });

  test('leaves out the total while the server has not told it', () => {
    expect(statusText({ phase: 'syncing', pending: 0, rejected: 0, done: 340 }).phase).toBe('Syncing 340');
  });

  test('counts what waits and what was refused, in every phase', () => {
    expect(statusText({ phase: 'offline', pending: 3, rejected: 1 })).toEqual({
      phase: 'Offline',
      pending: '3 pending',
      rejected: '1 rejected',
    });
  });

  test('gives the reason of a failure', () => {
    const problem = { code: 'unauthorized', detail: 'The token has expired' };
    expect(statusText({ phase: 'failed', pending: 0, rejected: 0, problem })).toEqual({
      phase: 'Stopped',
      detail: 'The token has expired',
    });
  });
});
