// The door: Streamlit calls the default export with every change of the data; `kind` says what it is for.

import { type Call, keep, type Mount } from "./component.ts";
import type { ComponentData, EditorData, KeptData, MapperData, PageData, TreesData } from "./data.ts";
import { mountEditor } from "./editor/index.ts";
import { mountKept } from "./kept.ts";
import { mountMapper } from "./mapper/index.ts";
import { mountPage } from "./page.ts";
import { store } from "./store.ts";

const mountTrees: Mount<TreesData> = () => ({ update: (data) => store.put(data), destroy() {} });

export default function component(call: Call<ComponentData>): () => void {
  switch (call.data.kind) {
    case "trees":
      return keep(mountTrees, call as Call<TreesData>);
    case "mapper":
      store.values = call.data.values;
      return keep(mountMapper, call as Call<MapperData>);
    case "editor":
      return keep(mountEditor, call as Call<EditorData>);
    case "kept":
      return keep(mountKept, call as Call<KeptData>);
    case "page":
      return keep(mountPage, call as Call<PageData>);
  }
}
