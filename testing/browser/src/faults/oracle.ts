import type { Item } from '../../pages/app.ts';

/** Whether the application was told that a write is complete; if not, as it was killed meanwhile, either may be. */
export type Certainty = 'done' | 'perhaps';

/** What has been done beside the system under test, and what therefore has to be true of the records at the end. */
export interface Oracle {
  /** A document that nobody has deleted is to be there. */
  put(id: string, name: string, certainty: Certainty): void;
  /** A name was written over the one that stood. */
  named(id: string, name: string, replaced: string | undefined, certainty: Certainty): void;
  counted(id: string, difference: number, certainty: Certainty): void;
  tagged(id: string, tag: string, certainty: Certainty): void;
  untagged(id: string, tag: string, certainty: Certainty): void;
  deleted(id: string): void;
  /** What is not as it has to be. */
  problems(records: Readonly<Record<string, Omit<Item, 'id'>>>): string[];
}

interface Expected {
  /** All names that it may have; one that was replaced by who had seen it is none of them any more. */
  readonly names: Set<string>;
  readonly totals: Set<number>;
  readonly tags: Map<string, 'there' | 'gone' | 'either'>;
  exists: 'certain' | 'perhaps';
}

export function createOracle(): Oracle {
  const documents = new Map<string, Expected>();
  const at = (id: string) => documents.get(id) as Expected;

  function problemsOf(id: string, expected: Expected, record: Omit<Item, 'id'> | undefined): string[] {
    if (record === undefined) return expected.exists === 'certain' ? [`${id} is lost`] : [];
    const problems: string[] = [];
    if (!expected.names.has(record.name)) {
      problems.push(`${id} has the name ${record.name} and not one of ${[...expected.names].join(', ')}`);
    }
    if (!expected.totals.has(record.quantity)) {
      problems.push(`${id} has the total ${record.quantity} and not one of ${[...expected.totals].join(', ')}`);
    }
    for (const [tag, state] of expected.tags) {
      const there = record.tags.includes(tag);
      if (state === 'there' && !there && expected.exists === 'certain') problems.push(`${id} lacks the tag ${tag}`);
      if (state === 'gone' && there) problems.push(`${id} has the removed tag ${tag}`);
    }
    for (const tag of record.tags) if (!expected.tags.has(tag)) problems.push(`${id} has the unknown tag ${tag}`);
    if (new Set(record.tags).size < record.tags.length) problems.push(`${id} has a tag twice: ${record.tags.join()}`);
    return problems;
  }

  return {
    put(id, name, certainty) {
      const exists = certainty === 'done' ? 'certain' : 'perhaps';
      documents.set(id, { names: new Set([name]), totals: new Set([0]), tags: new Map(), exists });
    },
    named(id, name, replaced, certainty) {
      const { names } = at(id);
      if (certainty === 'done' && replaced !== undefined) names.delete(replaced);
      names.add(name);
    },
    counted(id, difference, certainty) {
      const { totals } = at(id);
      const before = [...totals];
      if (certainty === 'done') totals.clear();
      for (const total of before) totals.add(total + difference);
    },
    tagged: (id, tag, certainty) => at(id).tags.set(tag, certainty === 'done' ? 'there' : 'either'),
    untagged: (id, tag, certainty) => at(id).tags.set(tag, certainty === 'done' ? 'gone' : 'either'),
    deleted(id) {
      at(id).exists = 'perhaps'; // edits that the deletion had not seen keep it alive
    },
    problems(records) {
      const found = [...documents].flatMap(([id, expected]) => problemsOf(id, expected, records[id]));
      const strange = Object.keys(records).filter((id) => !documents.has(id));
      return [...found, ...strange.map((id) => `${id} was never put`)];
    },
  };
}
