import type { Json, JsonObject } from './json.ts';
import { mapLeaf, type PathText, subFieldsOf } from './path.ts';
import { formOf, isLeaf, recordOf } from './record.ts';
import type { Leaves } from './view.ts';

/** A leaf of an object that is taken apart. */
export interface Leaf {
  readonly subFields: readonly string[];
  readonly value: Json;
}

/** A place in the object that live leaves make: a leaf, an object, or a leaf that an object hides. */
interface Node {
  readonly members: Map<string, Node>;
  path?: PathText;
  value?: Json;
}

/** The object that leaves make: where a leaf and others beneath it are live, these win (M-25). */
export function nested(leaves: Leaves | undefined): Json {
  return objectOf(treeOf(leaves ?? new Map()));
}

/** The paths of the live leaves that objects hide. */
export function hiddenIn(leaves: Leaves): PathText[] {
  const hidden: PathText[] = [];
  const visit = ({ path, members }: Node): void => {
    if (path !== undefined && members.size > 0) {
      hidden.push(path);
    }
    members.forEach(visit);
  };
  visit(treeOf(leaves));
  return hidden;
}

/** The leaves of an object, by the paths that they would have; arrays, tagged values and empty objects are leaves. */
export function leavesOf(field: string, fields: JsonObject): Map<PathText, Leaf> {
  const leaves = new Map<PathText, Leaf>();
  const visit = (object: JsonObject, way: readonly string[]): void => {
    for (const name of Object.keys(object)) {
      const value = object[name] as Json;
      const subFields = [...way, name];
      const form = formOf(value);
      if ('fields' in form && Object.keys(form.fields).length > 0) {
        visit(form.fields, subFields);
      } else {
        leaves.set(mapLeaf(field, subFields), { subFields, value: isLeaf(value) ? value : {} });
      }
    }
  };
  visit(fields, []);
  return leaves;
}

function treeOf(leaves: Leaves): Node {
  const root: Node = { members: new Map() };
  for (const [path, value] of leaves) {
    let node = root;
    for (const name of subFieldsOf(path)) {
      let member = node.members.get(name);
      if (member === undefined) {
        member = { members: new Map() };
        node.members.set(name, member);
      }
      node = member;
    }
    node.path = path;
    node.value = value;
  }
  return root;
}

function objectOf({ members, value }: Node): Json {
  if (members.size === 0) {
    return value === undefined ? {} : value; // null is a leaf
  }
  return recordOf(new Map([...members].map(([name, node]) => [name, objectOf(node)])));
}
