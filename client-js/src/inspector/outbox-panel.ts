import type { PendingEdit } from '../sync/lists/pending.ts';
import { button, el, rowsOf } from './dom.ts';
import type { Panel, Surroundings } from './panel.ts';
import { keyText, timeText } from './words.ts';

/** The documents with edits that the server has not confirmed. */
export const createOutboxPanel = ({ show }: Surroundings): Panel => {
  const list = el('ul', { 'aria-label': 'Documents that wait to be sent' });

  const row = ({ collection, key, since }: PendingEdit): Node =>
    el(
      'li',
      {},
      el('span', { class: 'what' }, el('b', {}, collection), ' ', keyText(key)),
      el('span', { class: 'note' }, `since ${timeText(since)}`),
      button('Cells', () => show(collection, key), `Cells of ${collection} ${keyText(key)}`),
    );

  return {
    name: 'outbox',
    title: 'Outbox',
    element: list,
    follow: (client) =>
      client.pending.watch((edits) => list.replaceChildren(...rowsOf(edits, row, 'Everything is confirmed.'))),
  };
};
