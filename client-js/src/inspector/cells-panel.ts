import type { CellView } from '../sync/lists/inspection.ts';
import type { Watersmeet } from '../sync/watersmeet.ts';
import { cellText, inReadingOrder } from './cell-text.ts';
import { el, MOST_ROWS } from './dom.ts';
import type { Panel } from './panel.ts';
import { keyOf, keyText } from './words.ts';

const cellRow = (cell: CellView): Node => {
  const { subject, kind, value, state, written, by } = cellText(cell);
  return el(
    'tr',
    { class: state, 'data-path': JSON.stringify(cell.path) },
    el('th', { scope: 'row', title: JSON.stringify(cell.path) }, el('b', {}, subject), el('small', {}, kind)),
    el('td', { class: 'value' }, state === 'removed' ? `removed ${value}` : value),
    el('td', { title: cell.stamp }, written),
    el('td', { title: cell.replica }, by),
  );
};

const headRow = (text: string): Node =>
  el('tr', { class: 'layer' }, el('th', { scope: 'rowgroup', colspan: '4' }, text));

const layer = (name: string, cells: readonly CellView[]): Node => {
  const rows = inReadingOrder(cells).slice(0, MOST_ROWS).map(cellRow);
  const rest = cells.length - rows.length;
  return el(
    'tbody',
    { 'data-layer': name.toLowerCase() },
    headRow(`${name}, ${cells.length}`),
    ...rows,
    ...(rest > 0 ? [headRow(`and ${rest} more`)] : []),
  );
};

const head = (): Node =>
  el('thead', {}, el('tr', {}, ...['Cell', 'Value', 'Written', 'By'].map((name) => el('th', { scope: 'col' }, name))));

/** The cells of a document that one chooses. */
export const createCellsPanel = (): Panel & { choose(collection: string, key: IDBValidKey): void } => {
  const collection = el('input', { name: 'collection', autocomplete: 'off', required: '' });
  const key = el('input', { name: 'key', autocomplete: 'off', required: '' });
  const table = el('table', { 'aria-label': 'Cells' });
  const nothing = el('p', { class: 'note', role: 'status' }, 'Name a document.');
  const form = el(
    'form',
    {},
    el('label', {}, 'Collection', collection),
    el('label', {}, 'Key', key),
    el('button', { class: 'action' }, 'Show'),
  );
  let client: Watersmeet | undefined;
  let chosen: readonly [collection: string, key: IDBValidKey] | undefined;
  let reading = false;
  let stale = false;
  table.hidden = true;

  const read = async (): Promise<void> => {
    if (!client || !chosen) return;
    const held = await client.inspect(...chosen);
    table.hidden = held === undefined;
    nothing.textContent = held === undefined ? 'This device holds nothing of this document.' : '';
    if (held) table.replaceChildren(head(), layer('Pending', held.pending), layer('Delivered', held.delivered));
  };

  // One read at a time: a first synchronisation tells of many changes.
  const refresh = async (): Promise<void> => {
    stale = true;
    if (reading) return;
    reading = true;
    try {
      while (stale) {
        stale = false;
        await read();
      }
    } catch (error) {
      table.hidden = true;
      nothing.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      reading = false;
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    chosen = [collection.value, keyOf(key.value)];
    void refresh();
  });

  return {
    name: 'cells',
    title: 'Cells',
    element: el(
      'div',
      {},
      form,
      nothing,
      el('div', { class: 'scroller', role: 'region', 'aria-label': 'Cells of the document', tabindex: '0' }, table),
    ),
    choose: (name, id) => {
      chosen = [name, id];
      collection.value = name;
      key.value = keyText(id);
      void refresh();
    },
    follow: (followed) => {
      client = followed;
      const stops = [client.status.subscribe(() => void refresh()), client.changes.subscribe(() => void refresh())];
      return () => {
        client = undefined;
        for (const stop of stops) stop();
      };
    },
  };
};
