import {
  canonical,
  checkCollection,
  checkId,
  checkJson,
  compareCanonical,
  counterOf,
  deletion,
  elementOf,
  fieldOf,
  idOfKey,
  isReplicaId,
  isStamp,
  type Json,
  kindOf,
  lifeOf,
  makeStamp,
  millisOf,
  type PathText,
  parseJson,
  parsePath,
  pathText,
  replicaOf,
  replicaOfPath,
  sinceOf,
  subFieldsOf,
} from '../../../../client-js/src/model/index.ts';
import { type Description, described } from './described.ts';
import { unlessMalformed, unlessUnsupported } from './refusal.ts';

/** The canonical texts of values in their order. */
export function sortedValues(texts: readonly string[]): string[] {
  return texts.map((text) => canonical(JSON.parse(text))).sort(compareCanonical);
}

export function idOfDescribedKey(key: Description): string | null {
  return unlessUnsupported(() => canonical(idOfKey(described(key) as IDBValidKey)));
}

export function idOfText(text: string): string | null {
  return unlessMalformed(() => canonical(checkId(checkJson(parseJson(text)))));
}

export function collectionOf(name: string): string | null {
  return unlessMalformed(() => checkCollection(name));
}

/** The parts of a path that arrives as a JSON array. */
export function pathOfArray(text: string): string | null {
  return unlessMalformed(() => parts(pathText(parsePath(parseJson(text) as Json[]))));
}

/** The parts of a path that is given by its text, which has to be canonical. */
export function parsedPath(text: string): string | null {
  return unlessMalformed(() => parts(pathText(parsePath(text))));
}

export function parsedStamp(text: string): string | null {
  if (!isStamp(text)) {
    return null;
  }
  const [millis, counter, replica] = [millisOf(text), counterOf(text), replicaOf(text)];
  return `${millis} ${counter} ${replica} ${makeStamp(millis, counter, replica)} ${sinceOf(text)}`;
}

export function parsedReplica(text: string): string | null {
  return isReplicaId(text) ? text : null;
}

/** One a line. */
function parts(path: PathText): string {
  const kind = kindOf(path);
  return [
    path,
    kind,
    'rscbmn'.includes(kind) ? canonical(fieldOf(path)) : '-',
    'sm'.includes(kind) ? elementOf(path) : '-',
    'escbm'.includes(kind) || (kind === 'd' && path !== deletion('*')) ? replicaOfPath(path) : '-',
    kind === 'n' ? canonical(subFieldsOf(path)) : '-',
    'cb'.includes(kind) ? lifeOf(path).slice(0, 13) : '-',
  ].join('\n');
}
