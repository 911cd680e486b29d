/**
 * The TypeScript model as a program: one question a line on the standard input, as JSON, and one answer a line on the
 * standard output. Nothing is kept between questions. Everything is ASCII, so that lone surrogates pass.
 */
import { createInterface } from 'node:readline';
import { clockOutcomes } from './clocks.ts';
import { runHistory } from './history.ts';
import {
  collectionOf,
  idOfDescribedKey,
  idOfText,
  parsedPath,
  parsedReplica,
  parsedStamp,
  pathOfArray,
  sortedValues,
} from './names.ts';
import { canonicalNumber, canonicalText, canonicalValue } from './values.ts';

type Ask = (question: never) => unknown;

const ASKS: Readonly<Record<string, Ask>> = {
  history: runHistory,
  clock: clockOutcomes,
  texts: each(canonicalText),
  numbers: each(canonicalNumber),
  values: each(canonicalValue),
  order: sortedValues,
  keys: each(idOfDescribedKey),
  ids: each(idOfText),
  collections: each(collectionOf),
  pathArrays: each(pathOfArray),
  pathTexts: each(parsedPath),
  stamps: each(parsedStamp),
  replicas: each(parsedReplica),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${ascii(answer(line))}\n`);
}

function answer(line: string): string {
  try {
    const { ask, question } = JSON.parse(line) as { ask: string; question: never };
    const run = ASKS[ask];
    if (run === undefined) {
      throw new Error(`nobody knows how to answer ${ask}`);
    }
    return JSON.stringify({ answer: run(question) });
  } catch (error) {
    return JSON.stringify({ failure: (error as Error).stack });
  }
}

function each<Q>(ask: (question: Q) => unknown): (questions: readonly Q[]) => unknown[] {
  return (questions) => questions.map(ask);
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
