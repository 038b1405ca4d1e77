// The source fields by their paths: what can stand after `customer.`, and what a path means.

import type { FieldType, Node } from "../data.ts";

/** A field as completion knows it. `names` is its path from the root, lists unmarked. */
export interface SourceField {
  id: string;
  names: readonly string[];
  label: string;
  type: FieldType;
  value: string;
  help: string;
}

// Names come from outside and may hold anything but this.
const BETWEEN = "\u0000";

function nameOf(node: Node): string {
  return node.parent === null && node.id.startsWith("$") ? node.id : node.name;
}

export class Fields {
  private readonly byPath = new Map<string, SourceField>();
  private readonly below = new Map<string, SourceField[]>();
  readonly all: readonly SourceField[];

  constructor(nodes: readonly Node[], values: Readonly<Record<string, string>> = {}) {
    const paths = new Map<string, readonly string[]>();
    const all: SourceField[] = [];
    for (const node of nodes) {
      if (node.gone) continue;
      const above = node.parent === null ? [] : paths.get(node.parent);
      if (!above) continue;
      const names = [...above, nameOf(node)];
      paths.set(node.id, names);
      const path = names.join(BETWEEN);
      if (this.byPath.has(path)) continue;
      const { id, label, type, help = "" } = node;
      const field = { id, names, label, type, value: values[id] ?? node.value ?? "", help };
      this.byPath.set(path, field);
      const siblings = this.below.get(above.join(BETWEEN));
      if (siblings) siblings.push(field);
      else this.below.set(above.join(BETWEEN), [field]);
      all.push(field);
    }
    this.all = all;
  }

  at(names: readonly string[]): SourceField | undefined {
    return this.byPath.get(names.join(BETWEEN));
  }

  /** The fields right below a path; those of the record and of all roots for the empty one. */
  children(names: readonly string[]): readonly SourceField[] {
    return this.below.get(names.join(BETWEEN)) ?? [];
  }

  /** All fields at any depth below a path, in the order of the tree. */
  descendants(names: readonly string[]): SourceField[] {
    return this.children(names).flatMap((field) => [field, ...this.descendants(field.names)]);
  }

  /** The names of a path as the tree writes it: `orderrows[].price`, or one with odd names in it. */
  namesOf(id: string): readonly string[] | undefined {
    return (this.all.find((field) => field.id === id) ?? this.at(id.replaceAll("[]", "").split(".")))?.names;
  }
}
