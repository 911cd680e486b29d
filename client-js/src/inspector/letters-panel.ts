import type { DeadLetter } from '../sync/lists/dead-letters.ts';
import type { Watersmeet } from '../sync/watersmeet.ts';
import { button, el, rowsOf } from './dom.ts';
import type { Panel, Surroundings } from './panel.ts';
import { keyText, timeText, valueText } from './words.ts';

const save = (name: string, content: unknown): void => {
  const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the download reads it after the click
};

/** The edits that the server has refused. */
export const createLettersPanel = ({ attempt }: Surroundings): Panel => {
  const list = el('ul', { 'aria-label': 'Refused edits, the oldest first' });
  let client: Watersmeet | undefined;
  const exporting = button('Export all as JSON', () =>
    attempt(async () => save('refused-edits.json', await client?.deadLetters.export()), 'Exported.'),
  );

  const row = (letter: DeadLetter): Node => {
    const name = `${letter.collection} ${keyText(letter.key)}`;
    return el(
      'li',
      { class: 'tall' },
      el('span', { class: 'what' }, el('b', {}, letter.code), ` ${name}`),
      el(
        'div',
        {},
        el('p', {}, letter.detail),
        el('p', { class: 'value' }, letter.record === undefined ? 'A deletion' : valueText(letter.record)),
        el('small', {}, `refused ${timeText(letter.at)}`),
      ),
      el(
        'span',
        { class: 'actions' },
        button('Retry', () => attempt(async () => client?.deadLetters.retry(letter), 'Made again.'), `Retry ${name}`),
        button(
          'Discard',
          () => attempt(async () => client?.deadLetters.discard(letter), 'Discarded.'),
          `Discard ${name}`,
        ),
      ),
    );
  };

  return {
    name: 'letters',
    title: 'Refused',
    element: el('div', {}, list, exporting),
    follow: (followed) => {
      client = followed;
      return followed.deadLetters.watch((letters) => {
        list.replaceChildren(...rowsOf(letters, row, 'The server has refused nothing.'));
        exporting.hidden = letters.length === 0;
      });
    },
  };
};
