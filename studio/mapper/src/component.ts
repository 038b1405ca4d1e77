// One living instance for each place on the page, however often Streamlit calls.

export type Place = ShadowRoot | HTMLElement;

/** The two ways to Python. A state is kept there; a trigger is heard once. */
export interface Api {
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

export interface Instance<Data> {
  update(data: Data, api: Api): void;
  destroy(): void;
}

export type Mount<Data> = (parent: Place) => Instance<Data>;

/** The argument of Streamlit's call. */
export interface Call<Data> extends Api {
  data: Data;
  parentElement: Place;
}

const instances = new WeakMap<Place, Instance<never>>();

function isOnPage(place: Place): boolean {
  return place instanceof ShadowRoot ? place.host.isConnected : place.isConnected;
}

/**
 * Updates the instance of a place, mounting it first where there is none; gives what takes it away again.
 * Streamlit also calls that when one update overtakes another: then the place is still on the page, and it stays.
 */
export function keep<Data>(mount: Mount<Data>, call: Call<Data>): () => void {
  const place = call.parentElement;
  let instance = instances.get(place) as Instance<Data> | undefined;
  if (!instance) {
    instance = mount(place);
    instances.set(place, instance as Instance<never>);
  }
  instance.update(call.data, call);
  const kept = instance;
  return () => {
    setTimeout(() => {
      if (isOnPage(place) || instances.get(place) !== (kept as Instance<never>)) return;
      instances.delete(place);
      kept.destroy();
    });
  };
}

/** Gives a place its styles; returns what takes them off. */
export function dress(place: Place, css: string): () => void {
  const style = document.createElement("style");
  style.textContent = css;
  place.append(style);
  return () => style.remove();
}
