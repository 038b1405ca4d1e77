// What the editor knows of the record, worked out once for each revision of the trees and each sample.

import type { EditorData, FunctionData } from "../data.ts";
import type { Store, Values } from "../store.ts";
import type { Knowledge } from "./completion.ts";
import { Fields } from "./fields.ts";

export class Known {
  private revision: string | undefined;
  private values: Values | undefined;
  private fields = new Fields([]);
  private functions: readonly FunctionData[] = [];

  constructor(private readonly store: Store) {}

  /** For the data of now. Trees that have not come yet leave those of before. */
  of(data: EditorData): Knowledge {
    const trees = this.store.get(data.trees);
    const { values } = this.store;
    if (trees && (this.revision !== data.trees || this.values !== values)) {
      this.revision = data.trees;
      this.values = values;
      this.fields = new Fields(trees.source.nodes, values);
    }
    const base = data.scope ? (this.fields.namesOf(data.scope) ?? []) : [];
    this.functions = data.functions ?? trees?.functions ?? this.functions;
    return { fields: this.fields, base, functions: this.functions, variables: data.variables, texts: data.texts };
  }
}
