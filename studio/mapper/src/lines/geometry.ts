// Where rows and lines stand, by arithmetic alone: every row is equally high, so nothing is measured.

export const ROW = 30;
export const PAD = 4;
/** How far from the edge of a pane the lines of fields beyond it end. */
export const EDGE = 9;

export interface Point {
  x: number;
  y: number;
}

/** The middle of a row, seen from the top of what is shown of its pane. */
export function rowMiddle(row: number, scrollTop: number): number {
  return PAD + row * ROW + ROW / 2 - scrollTop;
}

/** Which row stands at a height; may lie outside of what there is. */
export function rowAt(y: number, scrollTop: number): number {
  return Math.floor((y + scrollTop - PAD) / ROW);
}

export type Beyond = "above" | "below" | null;

/** The height at which a line ends: that of its row, or the edge beyond which the row lies. */
export function clamped(y: number, height: number): { y: number; beyond: Beyond } {
  if (y < -ROW / 6) return { y: EDGE, beyond: "above" };
  if (y > height + ROW / 6) return { y: height - EDGE, beyond: "below" };
  return { y, beyond: null };
}

/** A curve that leaves and arrives level. */
export function curve(from: Point, to: Point): string {
  const reach = Math.max(24, Math.abs(to.x - from.x) * 0.5);
  const [x1, x2] = [round(from.x + reach), round(to.x - reach)];
  return `M${round(from.x)} ${round(from.y)}C${x1} ${round(from.y)} ${x2} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
}

export function middle(from: Point, to: Point): Point {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

/** Where a pane must be scrolled to so that a row is seen whole; the present place if it is. */
export function revealed(row: number, scrollTop: number, height: number): number {
  const top = PAD + row * ROW;
  if (top < scrollTop + PAD) return Math.max(0, top - PAD);
  if (top + ROW > scrollTop + height - PAD) return top + ROW - height + PAD;
  return scrollTop;
}

/** How far to scroll in one frame when the pointer drags near the edge of a pane: nothing in the middle. */
export function edgeScroll(y: number, height: number, zone = 36, most = 14): number {
  if (y < zone) return -Math.min(most, 2 + (zone - y) / 3);
  if (y > height - zone) return Math.min(most, 2 + (y - height + zone) / 3);
  return 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
