import type { Page } from 'playwright-core';

interface WireDocument {
  readonly id: string;
  readonly cells: readonly (readonly [path: readonly string[], stamp: string, removed: 0 | 1, value?: unknown])[];
}

/**
 * What the server has acknowledged, read off the network and not from the client: for each document and field the value with the greatest stamp.
 */
export interface AcknowledgementLog {
  readonly pushes: number;
  value(id: string, field: string): unknown;
  ids(): string[];
}

export function recordAcknowledgements(page: Page): AcknowledgementLog {
  const fields = new Map<string, Map<string, { stamp: string; value: unknown }>>();
  let pushes = 0;

  page.on('response', async (response) => {
    const request = response.request();
    if (!request.url().endsWith('/sync') || response.status() !== 200) return;
    const answer = (await response.json().catch(() => undefined)) as { push?: { rejected: unknown[] } } | undefined;
    const sent = request.postDataJSON() as { push?: { documents: WireDocument[] } };
    if (answer?.push === undefined || sent.push === undefined || answer.push.rejected.length > 0) return;
    pushes++;
    for (const { id, cells } of sent.push.documents) {
      for (const [path, stamp, removed, value] of cells)
        if (path[0] === 'r' && removed === 0) note(id, path[1] as string, stamp, value);
    }
  });

  function note(id: string, field: string, stamp: string, value: unknown): void {
    const known = fields.get(id) ?? new Map<string, { stamp: string; value: unknown }>();
    fields.set(id, known);
    const present = known.get(field);
    if (present === undefined || stamp > present.stamp) known.set(field, { stamp, value });
  }

  return {
    get pushes() {
      return pushes;
    },
    value: (id, field) => fields.get(id)?.get(field)?.value,
    ids: () => [...fields.keys()],
  };
}
