// Mounts the mapper: its styles and its one instance.

import { dress, type Mount } from "../component.ts";
import type { MapperData } from "../data.ts";
import lines from "../lines/lines.css";
import trees from "../trees/trees.css";
import frame from "./mapper.css";
import { Mapper } from "./mapper.ts";

export const mountMapper: Mount<MapperData> = (parent) => {
  const undress = dress(parent, [frame, trees, lines].join("\n"));
  const mapper = new Mapper(parent);
  return {
    update: (data, api) => mapper.update(data, api),
    destroy() {
      mapper.destroy();
      undress();
    },
  };
};
