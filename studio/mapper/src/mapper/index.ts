// A place-holder until the field trees are here.

import type { Mount } from "../component.ts";
import type { MapperData } from "../data.ts";

export const mountMapper: Mount<MapperData> = (parent) => {
  const box = document.createElement("div");
  box.dataset["testid"] = "mapper";
  parent.append(box);
  return {
    update(data) {
      box.textContent = `${data.lines.length} lines`;
    },
    destroy: () => box.remove(),
  };
};
