// How many values something can have, from few to no end.

/** From a few that are known to a new one each time. */
const ORDER = ['fixed', 'declared', 'reduced', 'number', 'text', 'perRun', 'perNode', 'fresh'] as const;

export type SpreadKind = (typeof ORDER)[number];
export type OpenKind = Exclude<SpreadKind, 'fixed'>;

/** At most so many values; with COUNT_MAX so many or more. */
export interface FixedSpread {
  readonly kind: 'fixed';
  readonly count: number;
  /** The variables that they come from. */
  readonly sources: readonly string[];
}

export interface OpenSpread {
  readonly kind: OpenKind;
  /** The variable or function that it comes from. */
  readonly source: string;
  /** Where that was passed on, in order, such as `inputs.parameters.started`. */
  readonly passed?: readonly string[];
}

/**
 * `fixed`: so many; `declared`: as many as people write into manifests, or as somebody passes who is not in the file;
 * `reduced`: a part of something that has no end; then what has no end: numbers, texts, one for each workflow, for each
 * node, for each emission.
 */
export type Spread = FixedSpread | OpenSpread;

/** Beyond it nobody counts. */
export const COUNT_MAX = 1e15;

/** Sources that are kept; a few tell where the values come from. */
const SOURCES_MAX = 5;

export function fixed(count: number, sources: readonly string[] = []): Spread {
  return { kind: 'fixed', count: Math.min(count, COUNT_MAX), sources: sources.slice(0, SOURCES_MAX) };
}

export function spreadOf(kind: OpenKind, source: string): Spread {
  return { kind, source };
}

/** Values of one or the other. */
export function either(left: Spread, right: Spread): Spread {
  return left.kind === 'fixed' && right.kind === 'fixed'
    ? fixed(left.count + right.count, sourcesOf(left, right))
    : wider(left, right);
}

/** Values of both at once. */
export function both(left: Spread, right: Spread): Spread {
  return left.kind === 'fixed' && right.kind === 'fixed'
    ? fixed(left.count * right.count, sourcesOf(left, right))
    : wider(left, right);
}

/** What is left when a part is taken: still its own for each run, but fewer. */
export function partOf(spread: Spread): Spread {
  if (spread.kind === 'fixed' || spread.kind === 'declared' || spread.kind === 'fresh') return spread;
  return { ...spread, kind: 'reduced' };
}

/** The same values under another name: the chain grows by it. */
export function passedOn(spread: Spread, name: string): Spread {
  if (spread.kind === 'fixed') return fixed(spread.count, [name]);
  return { ...spread, passed: [...(spread.passed ?? []), name] };
}

export function isEndless(spread: Spread): spread is OpenSpread {
  return ORDER.indexOf(spread.kind) >= ORDER.indexOf('number');
}

function sourcesOf(left: FixedSpread, right: FixedSpread): readonly string[] {
  return [...new Set([...left.sources, ...right.sources])];
}

function wider(left: Spread, right: Spread): Spread {
  return ORDER.indexOf(left.kind) >= ORDER.indexOf(right.kind) ? left : right;
}
