import type { Conflict, ConflictSide } from '../sync/lists/conflicts.ts';
import type { Watersmeet } from '../sync/watersmeet.ts';
import { button, el, rowsOf } from './dom.ts';
import type { Panel, Surroundings } from './panel.ts';
import { keyText, shortReplica, timeText, valueText } from './words.ts';

const sideText = ({ value, removed }: ConflictSide, about: Conflict['about']): string => {
  if (about === 'document') return removed ? 'deleted it' : 'edited it';
  return removed ? 'took it away' : valueText(value);
};

const place = ({ about, way }: Conflict): string => (about === 'field' ? way.join('.') : `the ${about}`);

/** The edits that met others, and of which one is lost. */
export const createConflictsPanel = ({ show, attempt }: Surroundings): Panel => {
  const list = el('ul', { 'aria-label': 'Conflicts, the newest first' });
  let client: Watersmeet | undefined;

  const side = (conflict: Conflict, whose: 'mine' | 'theirs'): Node => {
    const { replica, millis } = conflict[whose];
    const won = conflict.winner === whose;
    return el(
      'p',
      { class: won ? 'won' : 'lost' },
      el('em', {}, won ? 'won' : 'lost'),
      el('span', { class: 'value' }, sideText(conflict[whose], conflict.about)),
      el(
        'small',
        {},
        `${whose === 'mine' ? 'this device' : 'another device'}, ${shortReplica(replica)}, ${timeText(millis)}`,
      ),
    );
  };

  const row = (conflict: Conflict): Node => {
    const { collection, id, winner } = conflict;
    const name = `${collection} ${keyText(id)}`;
    return el(
      'li',
      { class: 'tall' },
      el('span', { class: 'what' }, el('b', {}, place(conflict)), ` of ${name}`),
      el('div', {}, side(conflict, winner), side(conflict, winner === 'mine' ? 'theirs' : 'mine')),
      el(
        'span',
        { class: 'actions' },
        button('Cells', () => show(collection, id), `Cells of ${name}`),
        button(
          'Dismiss',
          () => attempt(async () => client?.conflicts.dismiss(conflict), 'Dismissed.'),
          `Dismiss the conflict of ${name}`,
        ),
      ),
    );
  };

  return {
    name: 'conflicts',
    title: 'Conflicts',
    element: list,
    follow: (followed) => {
      client = followed;
      return followed.conflicts.watch((all) => list.replaceChildren(...rowsOf(all, row, 'No edit was lost.')));
    },
  };
};
