import type { CellView } from '@watersmeet/client';
import { cellText, inReadingOrder } from './cell-text.ts';
import { el, part } from './dom.ts';
import type { Item } from './stockroom.ts';

/** The cells of one document, by layer; `undefined` where the replica holds none of it. */
export type Inspect = (
  id: string,
) => Promise<{ readonly delivered: readonly CellView[]; readonly pending: readonly CellView[] } | undefined>;

/** The panel that shows what this replica holds of the chosen item. */
export interface HeldView {
  /** Offers these items for choice. A chosen item stays, also when it is deleted: its cells are still held. */
  offer(items: readonly Item[]): void;
  choose(id: string): void;
  /** Reads the chosen item's cells again. */
  refresh(): void;
}

// A colour for each replica, the same on both panes; the text next to it says the same.
const swatch = (replica: string): SVGSVGElement => {
  const hue = [...replica].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 360, 7);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  svg.setAttribute('viewBox', '0 0 10 10');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  for (const name of ['cx', 'cy', 'r']) circle.setAttribute(name, '5');
  circle.setAttribute('fill', `hsl(${hue} 48% 50%)`);
  svg.append(circle);
  return svg;
};

const cellRow = (cell: CellView): HTMLTableRowElement => {
  const { subject, kind, value, state, written, by } = cellText(cell);
  return el(
    'tr',
    { 'data-testid': 'cell', 'data-path': JSON.stringify(cell.path), class: state },
    el(
      'th',
      { class: 'subject', scope: 'row', title: JSON.stringify(cell.path) },
      el('b', {}, subject),
      el('small', {}, kind),
    ),
    el('td', { class: 'value' }, value),
    el('td', {}, state),
    el(
      'td',
      { class: 'written', title: cell.stamp },
      el('time', { datetime: new Date(cell.millis).toISOString() }, written),
      el('span', { title: cell.replica }, swatch(cell.replica), by),
    ),
  );
};

const headRow = (name: string, meaning: string): HTMLTableRowElement =>
  el('tr', { class: 'layer' }, el('th', { scope: 'rowgroup', colspan: '4' }, name, el('small', {}, meaning)));

const showLayer = (
  body: HTMLElement,
  name: string,
  meaning: string,
  nothing: string,
  cells: readonly CellView[],
): void => {
  const rows = inReadingOrder(cells).map(cellRow);
  body.replaceChildren(headRow(`${name}, ${cells.length}`, rows.length > 0 ? meaning : nothing), ...rows);
};

export const createHeldView = (inspect: Inspect): HeldView => {
  const toggle = part('held-toggle', HTMLButtonElement);
  const panel = part('held', HTMLElement);
  const select = part('held-item', HTMLSelectElement);
  const pending = part('held-pending', HTMLElement);
  const delivered = part('held-delivered', HTMLElement);
  const names = new Map<string, string>();
  let offered = '';
  let isReading = false;
  let isStale = false;

  const showOptions = (options: readonly (readonly [id: string, label: string])[]): void => {
    // Rebuilding the options closes an open list, so only when they differ.
    if (JSON.stringify(options) === offered) return;
    offered = JSON.stringify(options);
    const chosen = select.value;
    select.replaceChildren(...options.map(([value, label]) => el('option', { value }, label)));
    if (options.some(([id]) => id === chosen)) select.value = chosen;
  };

  const markRow = (): void => {
    for (const row of document.querySelectorAll('[data-testid="item"]')) {
      row.classList.toggle('chosen', row.getAttribute('data-id') === select.value);
    }
  };

  const read = async (): Promise<void> => {
    const held = select.value === '' ? undefined : await inspect(select.value);
    showLayer(
      pending,
      'Pending',
      'edits that the server has not settled yet',
      'nothing waits for the server',
      held?.pending ?? [],
    );
    showLayer(delivered, 'Delivered', 'what the server holds', 'nothing has been exchanged yet', held?.delivered ?? []);
  };

  // One read at a time: a first sync asks for many.
  const refresh = async (): Promise<void> => {
    if (panel.hidden) return;
    markRow();
    isStale = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isStale) {
        isStale = false;
        await read();
      }
    } finally {
      isReading = false;
    }
  };

  const revealRow = (): void =>
    document.querySelector(`[data-id="${CSS.escape(select.value)}"]`)?.scrollIntoView({ block: 'nearest' });

  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute('aria-expanded', String(!panel.hidden));
    document.body.classList.toggle('holding', !panel.hidden);
    revealRow();
    void refresh();
  });
  select.addEventListener('change', () => {
    revealRow();
    void refresh();
  });

  return {
    offer: (items) => {
      for (const item of items) names.set(item.id, item.name);
      const options = items.map((item) => [item.id, item.name] as const);
      const gone = select.value !== '' && !items.some((item) => item.id === select.value);
      showOptions(gone ? [...options, [select.value, `${names.get(select.value)} (deleted)`]] : options);
      void refresh();
    },
    choose: (id) => {
      if (select.value === id) return;
      select.value = id;
      void refresh();
    },
    refresh: () => void refresh(),
  };
};
