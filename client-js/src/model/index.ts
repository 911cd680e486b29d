/** The merge model: pure values and functions over them (spec/merge-format.md, sections 1 to 6). */
export { type Cell, type Cells, compareCells, holds, isEmpty, join, joined, without } from './cell.ts';
export { type Clock, type ClockOptions, createClock } from './clock.ts';
export { type CellConflict, conflicts } from './conflicts.ts';
export { diff, type Put, type Removal, remove } from './diff.ts';
export { MalformedError, TypeMismatchError, UnsupportedValueError } from './errors.ts';
export { differences, fingerprint, type SchemaDifference } from './fingerprint.ts';
export { canonical, checkJson, compareCanonical, equal, type Json, type JsonObject, parseJson } from './json.ts';
export { checkCollection, checkId, idOfKey, keyOfId } from './key.ts';
export {
  abandon,
  echoOf,
  edit,
  forgotten,
  isOverwritten,
  joinedLayers,
  known,
  type Layers,
  NO_LAYERS,
  receive,
  reject,
  replaceDelivered,
  type Sent,
  settle,
  settleOverwritten,
  settleWritten,
  toSend,
  wholeCells,
} from './layers.ts';
export {
  baseOf,
  beginningOf,
  counter,
  counterBase,
  deletion,
  elementOf,
  existence,
  fieldOf,
  hasReplica,
  kindOf,
  lifeOf,
  mapLeaf,
  multiValue,
  type Path,
  type PathText,
  parsePath,
  pathText,
  register,
  replicaOfPath,
  root,
  setElement,
  subFieldsOf,
  totalOf,
  withReplica,
} from './path.ts';
export { alive, read, readHidden } from './read.ts';
export { type Restamping, restamped, stampsAbove } from './restamping.ts';
export {
  type CollectionSchema,
  checkCollectionSchema,
  checkSchema,
  type DeletionPolicy,
  type FieldType,
  parseSchema,
  type Schema,
} from './schema.ts';
export {
  counterOf,
  isReplicaId,
  isStamp,
  makeStamp,
  millisOf,
  nonceText,
  type Reading,
  type ReplicaId,
  randomReplicaId,
  replicaOf,
  type Since,
  type Stamp,
  sinceOf,
} from './stamp.ts';
export { fromJson, recordToJson, toJson } from './value.ts';
export {
  type DocumentName,
  decodeCell,
  decodeCells,
  decodeDocument,
  decodeName,
  type EncodedDocument,
  encodeCell,
  encodeCells,
  encodeDocument,
  type WireCell,
  type WireDocument,
} from './wire.ts';
