// The page itself: its language and title, which Streamlit does not let Python set.

import type { Api, Instance, Mount } from "./component.ts";
import type { PageData } from "./data.ts";

export const mountPage: Mount<PageData> = (): Instance<PageData> => ({
  update(data: PageData, _api: Api) {
    document.documentElement.lang = data.language;
    if (data.title) document.title = data.title;
  },
  destroy() {},
});
