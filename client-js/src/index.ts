export { MalformedError } from './model/index.ts';
export { type CellView, type Change, type Watersmeet, type WatersmeetOptions, watersmeet } from './sync/client.ts';
export type { CollectionOptions } from './sync/collection.ts';
export type { Happening, Observable } from './sync/observable.ts';
export type { Status } from './sync/status.ts';
