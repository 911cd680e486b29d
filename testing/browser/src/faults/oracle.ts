import type { Item } from '../../pages/app.ts';

/** Whether the application was told that a write is complete; if not, as it was killed meanwhile, either may be. */
export type Certainty = 'done' | 'perhaps';

/** What has been done beside the system under test, and what therefore has to be true of the records at the end. */
export interface Oracle {
  /** A document that nobody has deleted is to be there. */
  put(id: string, name: string, by: string, certainty: Certainty): void;
  /** A name was written over the one that stood. */
  named(id: string, name: string, replaced: string | undefined, by: string, certainty: Certainty): void;
  counted(id: string, difference: number, certainty: Certainty): void;
  tagged(id: string, tag: string, certainty: Certainty): void;
  untagged(id: string, tag: string, certainty: Certainty): void;
  /** A document is to be gone, unless somebody else has written it since all held the same: edits that a deletion had not seen keep it alive. */
  deleted(id: string, by: string, certainty: Certainty): void;
  /** A document was put that the server refuses. */
  refused(id: string, certainty: Certainty): void;
  /** Refused edits were discarded, unless they were being made again; which ones is not known of a tab that was killed. */
  discarded(ids?: readonly string[]): void;
  /** All hold the same now: whatever is done next has seen all that was done before. */
  converged(): void;
  /** What is not as it has to be. @param letters the documents whose edits are kept as refused */
  problems(records: Readonly<Record<string, Omit<Item, 'id'>>>, letters: readonly string[]): string[];
}

interface Expected {
  /** All names that it may have; one that was replaced by who had seen it is none of them any more. */
  readonly names: Set<string>;
  readonly totals: Set<number>;
  readonly tags: Map<string, 'there' | 'gone' | 'either'>;
  /** Who has written it since all held the same. */
  readonly writers: Set<string>;
  exists: 'certain' | 'perhaps' | 'gone';
}

/** One who may have written, and may be at it still: the tab was killed meanwhile. */
const UNCERTAIN = 'a tab that was killed';

export function createOracle(): Oracle {
  const documents = new Map<string, Expected>();
  /** Whether there is to be a letter of each refused document. */
  const refused = new Map<string, Certainty>();
  const at = (id: string) => documents.get(id) as Expected;

  function problemsOf(id: string, expected: Expected, record: Omit<Item, 'id'> | undefined): string[] {
    if (record === undefined) return expected.exists === 'certain' ? [`${id} is lost`] : [];
    if (expected.exists === 'gone') return [`${id} is there, and was deleted`];
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
    put(id, name, by, certainty) {
      const exists = certainty === 'done' ? 'certain' : 'perhaps';
      const writers = new Set([writer(by, certainty)]);
      documents.set(id, { names: new Set([name]), totals: new Set([0]), tags: new Map(), writers, exists });
    },
    named(id, name, replaced, by, certainty) {
      const expected = at(id);
      const { names, writers } = expected;
      writers.add(writer(by, certainty));
      if (expected.exists === 'gone') expected.exists = 'perhaps';
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
    deleted(id, by, certainty) {
      const expected = at(id);
      const seen = [...expected.writers].every((writer) => writer === by);
      expected.exists = seen && certainty === 'done' ? 'gone' : 'perhaps';
    },
    refused: (id, certainty) => refused.set(id, certainty),
    discarded(ids = [...refused.keys()]) {
      for (const id of ids) refused.set(id, 'perhaps');
    },
    converged() {
      for (const { writers } of documents.values()) writers.clear();
    },
    problems(records, letters) {
      const found = [...documents].flatMap(([id, expected]) => problemsOf(id, expected, records[id]));
      const strange = Object.keys(records).filter((id) => !documents.has(id));
      const lost = [...refused].filter(([id, certainty]) => certainty === 'done' && !letters.includes(id));
      const unknown = letters.filter((id, i) => !refused.has(id) || letters.indexOf(id) !== i);
      return [
        ...found,
        ...strange.map((id) => `${id} was never put, or is refused`),
        ...lost.map(([id]) => `${id} was refused, and no letter tells`),
        ...unknown.map((id) => `there is a letter of ${id} that was not refused, or is told already`),
      ];
    },
  };
}

function writer(by: string, certainty: Certainty): string {
  return certainty === 'done' ? by : UNCERTAIN;
}
