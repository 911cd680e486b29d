import type { Staying } from '../sync/merging/staying.ts';
import type { Withheld } from '../sync/merging/withheld.ts';
import { el, MOST_ROWS, rowsOf } from './dom.ts';
import type { Panel } from './panel.ts';
import { keyText, valueText } from './words.ts';

const stayingRow = ({ collection, key, reason }: Staying): Node =>
  el(
    'li',
    {},
    el(
      'span',
      { class: 'what' },
      el('b', {}, collection ?? 'the database'),
      key === undefined ? '' : ` ${keyText(key)}`,
    ),
    el('span', { class: 'note' }, reason),
  );

const withheldRow = ({ collection, key, reason, record }: Withheld): Node =>
  el(
    'li',
    { class: 'tall' },
    el('span', { class: 'what' }, el('b', {}, collection), ` ${keyText(key)}`),
    el('div', {}, el('p', {}, reason), el('p', { class: 'value' }, valueText(record))),
  );

/** What stays on this device, and what its stores do not show. It has to hear of the former from the beginning, seen or not. */
export const createLocalPanel = (): Panel & { readonly hear: Panel['follow'] } => {
  const staying = el('ul', { 'aria-label': 'What stays on this device' });
  const withheld = el('ul', { 'aria-label': 'Records that their store refuses' });
  let heard: Staying[] = [];

  const showStaying = (stores: readonly string[]): void => {
    const unheard = stores.filter((store) => !heard.some(({ collection }) => collection === store));
    const all = [
      ...heard,
      ...unheard.map((collection): Staying => ({ collection, reason: 'holds what cannot travel' })),
    ];
    staying.replaceChildren(...rowsOf(all, stayingRow, 'Everything that was written travels.'));
  };

  return {
    name: 'local',
    title: 'Local',
    element: el(
      'div',
      {},
      el('h3', {}, 'Stays on this device'),
      staying,
      el('h3', {}, 'Withheld by its store'),
      withheld,
    ),
    hear: (client) => {
      heard = [];
      return client.local.subscribe((one) => {
        heard = [one, ...heard].slice(0, MOST_ROWS);
        showStaying(client.status.value.local ?? []);
      });
    },
    follow: (client) => {
      const stops = [
        client.status.subscribe(({ local = [] }) => showStaying(local)),
        client.withheld.watch((all) =>
          withheld.replaceChildren(...rowsOf(all, withheldRow, 'Every store shows all that it holds.')),
        ),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
};
