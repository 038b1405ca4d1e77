// The formula editor (for now a plain text area).

import type { Mount } from "../component.ts";
import type { EditorData } from "../data.ts";

export const mountEditor: Mount<EditorData> = (parent) => {
  const box = document.createElement("textarea");
  box.dataset["testid"] = "editor";
  parent.append(box);
  return {
    update(data) {
      box.value = data.text;
    },
    destroy: () => box.remove(),
  };
};
