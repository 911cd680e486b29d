import type { Certainty, Oracle } from './oracle.ts';
import type { AppTab } from './profile.ts';
import type { Random } from './random.ts';

/** One thing that the application does in a tab. */
export interface Operation {
  readonly what: string;
  /** Does it in the tab that is so named, and tells the oracle; where the tab dies meanwhile, that it is perhaps done. */
  run(tab: AppTab, by: string): Promise<void>;
}

/** The documents of which all is counted, tagged and named; others are put and deleted. */
export const STANDING = ['box', 'crate', 'chest'] as const;

/** Chooses operations; what they write is written once only, so that it can be told from everything else. */
export function createOperations(random: Random, oracle: Oracle): () => Operation {
  let written = 0;
  const put: string[] = [];
  const tags: [id: string, tag: string][] = [];

  function count(id: string): Operation {
    const difference = random.below(9) - 4;
    return {
      what: `counts ${difference} in ${id}`,
      run: (tab) =>
        attempt(
          () => tab.run(({ app }, [id, by]) => app.count(id, by), [id, difference] as const),
          (before, certainty) => {
            if (certainty === 'perhaps' || before !== undefined) oracle.counted(id, difference, certainty);
          },
        ),
    };
  }

  function addTag(id: string): Operation {
    const added = `tag-${written++}`;
    return {
      what: `adds ${added} to ${id}`,
      run: (tab) =>
        attempt(
          () => tab.run(({ app }, [id, added]) => app.addTag(id, added), [id, added] as const),
          (before, certainty) => {
            if (certainty === 'done' && before === undefined) return;
            oracle.tagged(id, added, certainty);
            tags.push([id, added]);
          },
        ),
    };
  }

  function removeTag(id: string, removed: string): Operation {
    return {
      what: `removes ${removed} from ${id}`,
      run: (tab) =>
        attempt(
          () => tab.run(({ app }, [id, removed]) => app.removeTag(id, removed), [id, removed] as const),
          (before, certainty) => {
            if (certainty === 'perhaps' || before?.tags.includes(removed)) oracle.untagged(id, removed, certainty);
          },
        ),
    };
  }

  function rename(id: string): Operation {
    const name = `name-${written++}`;
    return {
      what: `names ${id} ${name}`,
      run: (tab, by) =>
        attempt(
          () => tab.run(({ app }, [id, name]) => app.edit(id, { name }), [id, name] as const),
          (before, certainty) => {
            if (certainty === 'perhaps' || before !== undefined) oracle.named(id, name, before?.name, by, certainty);
          },
        ),
    };
  }

  function putNew(): Operation {
    const id = `new-${written++}`;
    return {
      what: `puts ${id}`,
      run: (tab, by) =>
        attempt(
          () => tab.run(({ app }, id) => app.put({ id, name: id, tags: [], quantity: 0 }), id),
          (_, certainty) => {
            oracle.put(id, id, by, certainty);
            put.push(id);
          },
        ),
    };
  }

  /** A document that the server refuses: it declares the field `shelf` otherwise. */
  function putRefused(): Operation {
    const id = `refused-${written++}`;
    return {
      what: `puts ${id}`,
      run: (tab) =>
        attempt(
          () => tab.run(({ app }, id) => app.put({ id, name: id, shelf: 'top', tags: [], quantity: 0 }), id),
          (_, certainty) => oracle.refused(id, certainty),
        ),
    };
  }

  const retryLetter: Operation = {
    what: 'makes the oldest refused edit again',
    run: (tab) =>
      attempt(
        () =>
          tab.run(async ({ sync }) => {
            const [letter] = await sync.deadLetters.list();
            if (letter !== undefined) await sync.deadLetters.retry(letter).catch(() => {}); // it stays, or is made again
          }),
        () => {},
      ),
  };

  const discardLetters: Operation = {
    what: 'discards all refused edits',
    run: (tab) =>
      attempt(
        () =>
          tab.run(async ({ sync }) => {
            const letters = await sync.deadLetters.list();
            for (const letter of letters) await sync.deadLetters.discard(letter);
            return letters.map(({ key }) => key as string);
          }),
        oracle.discarded,
      ),
  };

  function remove(id: string): Operation {
    return {
      what: `deletes ${id}`,
      run: (tab, by) =>
        attempt(
          () => tab.run(({ app }, id) => app.remove(id), id),
          (before, certainty) => {
            if (certainty === 'perhaps' || before !== undefined) oracle.deleted(id, by, certainty);
          },
        ),
    };
  }

  return () => {
    const [tag] = random.percent(40) && tags.length > 0 ? tags.splice(random.below(tags.length), 1) : [];
    if (tag !== undefined) return removeTag(...tag);
    const kinds = [
      () => count(random.of(STANDING)),
      () => count(random.of(STANDING)),
      () => addTag(random.of(STANDING)),
      () => addTag(random.of(STANDING)),
      () => rename(random.of(STANDING)),
      () => rename(put.length > 0 ? random.of(put) : random.of(STANDING)),
      putNew,
      putRefused,
      () => (random.percent(50) ? retryLetter : discardLetters),
      () => (put.length > 2 ? remove(random.of(put)) : putNew()),
      () => (put.length > 2 ? remove(random.of(put)) : putNew()),
    ];
    return random.of(kinds)();
  };
}

/** @param told hears what stood before, and whether that is certain */
async function attempt<T>(
  work: () => Promise<T>,
  told: (before: T | undefined, certainty: Certainty) => void,
): Promise<void> {
  let before: T;
  try {
    before = await work();
  } catch {
    return told(undefined, 'perhaps');
  }
  told(before, 'done');
}
