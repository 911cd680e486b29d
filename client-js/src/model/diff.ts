import { type Cells, isEmpty } from './cell.ts';
import { diffCounters, resetCounters } from './diff-counter.ts';
import { diffFlags } from './diff-flag.ts';
import { diffMaps } from './diff-map.ts';
import { diffMultis } from './diff-multi.ts';
import { diffSets } from './diff-set.ts';
import { type Edit, supportedField, supportedValue } from './edit.ts';
import { equal, type Json, type JsonObject } from './json.ts';
import { deletion, existence, register, root } from './path.ts';
import { formOf, memberOf } from './record.ts';
import { type CollectionSchema, typeOf } from './schema.ts';
import { replicaOf, type Stamp } from './stamp.ts';
import { showsRoot, type View, viewOf } from './view.ts';

export interface Put {
  readonly schema: CollectionSchema;
  /** The stamp of the edit, above every stamp of the document; its replica is the writer. */
  readonly stamp: Stamp;
  /** The state of the document as the writer's replica holds it. */
  readonly stands: Readonly<Cells>;
  /** The record that the writer put. */
  readonly put: Json;
  /** The record that the writer had read when it began to change it; without it, the record that stands. */
  readonly read?: Json | undefined;
}

export interface Removal {
  readonly schema: CollectionSchema;
  readonly stamp: Stamp;
  readonly stands: Readonly<Cells>;
}

const NO_FIELDS: JsonObject = {};

/**
 * The cells of the edit that a put makes, none if it makes none (M-16 to M-19, M-24, M-26, M-35). On a dead document the put is compared
 * with the hidden record, whatever was read (M-21).
 *
 * @throws TypeMismatchError if the record holds something else than a field's declared type
 * @throws UnsupportedValueError if a field's name, a value or a total exceeds a limit
 */
export function diff({ schema, stamp, stands, put, read }: Put): Cells {
  const view = viewOf(stands);
  const form = formOf(put);
  const readForm = view.alive && read !== undefined ? formOf(read) : undefined;
  const readFields = readForm === undefined ? undefined : 'fields' in readForm ? readForm.fields : NO_FIELDS;
  const edit: Edit = { schema, stamp, view, read: readFields, cells: {} };
  if (!view.alive) {
    resetCounters(edit);
  }
  const readRoot = readForm === undefined ? shownRoot(view) : 'root' in readForm ? readForm.root : undefined;
  if ('root' in form) {
    diffRoot(edit, form.root, readRoot);
  } else {
    diffFields(edit, form.fields, readRoot !== undefined);
  }
  if (!view.alive || !isEmpty(edit.cells)) {
    edit.cells[existence(replicaOf(stamp))] = [stamp, 0];
  }
  return edit.cells;
}

/** The cells of a deletion: it covers the edits that stand (M-20), and is none if the document is dead. */
export function remove({ schema, stamp, stands }: Removal): Cells {
  const view = viewOf(stands);
  const cells: Cells = {};
  if (!view.alive) {
    return cells;
  }
  for (const seen of view.existences) {
    if (!seen.covered) {
      cells[deletion(seen.replica)] = [seen.stamp, 1];
    }
  }
  if (schema.deletion === 'last-writer-wins') {
    cells[deletion('*')] = [stamp, 1];
  }
  return cells;
}

function diffFields(edit: Edit, put: JsonObject, wasRoot: boolean): void {
  diffRegisters(edit, put);
  diffSets(edit, put);
  diffFlags(edit, put);
  diffCounters(edit, put);
  diffMultis(edit, put);
  diffMaps(edit, put);
  // A root value that fields hide must not reappear when the last of them goes.
  if (edit.view.root !== undefined && (wasRoot || !edit.view.alive || !isEmpty(edit.cells))) {
    edit.cells[root] = [edit.stamp, 1];
  }
}

function diffRegisters(edit: Edit, put: JsonObject): void {
  const { schema, stamp, read } = edit;
  const standing = edit.view.registers;
  for (const field of Object.keys(put)) {
    if (typeOf(schema, field) !== 'register') {
      continue;
    }
    const value = put[field] as Json;
    if (!holds(read && memberOf(read, field), value) && !holds(standing.get(field), value)) {
      edit.cells[register(supportedField(field))] = [stamp, 0, supportedValue([field], value)];
    }
  }
  for (const field of read === undefined ? standing.keys() : Object.keys(read)) {
    if (typeOf(schema, field) === 'register' && standing.has(field) && !Object.hasOwn(put, field)) {
      edit.cells[register(field)] = [stamp, 1];
    }
  }
}

/** A root value takes the place of all fields, so what is live of them goes, whatever their types (M-15). */
function diffRoot(edit: Edit, put: Json, read: Json | undefined): void {
  const { stamp, view } = edit;
  if ((view.alive && holds(read, put)) || holds(shownRoot(view), put)) {
    return;
  }
  if (!holds(view.root, put)) {
    edit.cells[root] = [stamp, 0, supportedValue([], put)];
  }
  for (const field of view.registers.keys()) {
    edit.cells[register(field)] = [stamp, 1];
  }
  for (const elements of [...view.sets.values(), ...view.multis.values()]) {
    for (const tags of elements.values()) {
      for (const tag of tags) {
        edit.cells[tag.path] = [tag.stamp, 1];
      }
    }
  }
  for (const leaves of view.maps.values()) {
    for (const path of leaves.keys()) {
      edit.cells[path] = [stamp, 1];
    }
  }
  resetCounters(edit);
}

function shownRoot(view: View): Json | undefined {
  return showsRoot(view) ? view.root : undefined;
}

function holds(present: Json | undefined, value: Json): boolean {
  return present !== undefined && equal(present, value);
}
