// How many values something can have, from few to no end.

/** From a few that are known to a new one each time. */
const ORDER = ['fixed', 'declared', 'reduced', 'number', 'text', 'perRun', 'perNode', 'fresh'] as const;

export type SpreadKind = (typeof ORDER)[number];

/**
 * `fixed`: so many; `declared`: as many as people write into manifests; `reduced`: a part of something that has no end;
 * then what has no end: numbers, texts, one for each workflow, for each node, for each emission.
 */
export type Spread =
  | { readonly kind: 'fixed'; readonly count: number }
  | {
      readonly kind: Exclude<SpreadKind, 'fixed'>;
      /** The variable or function that it comes from. */
      readonly source: string;
      /** Where that was passed on, such as `inputs.parameters.started`. */
      readonly through?: string;
    };

export function fixed(count: number): Spread {
  return { kind: 'fixed', count };
}

export function spreadOf(kind: Exclude<SpreadKind, 'fixed'>, source: string): Spread {
  return { kind, source };
}

/** Values of one or the other. */
export function either(left: Spread, right: Spread): Spread {
  return left.kind === 'fixed' && right.kind === 'fixed'
    ? fixed(left.count + right.count)
    : wider(left, right);
}

/** Values of both at once. */
export function both(left: Spread, right: Spread): Spread {
  return left.kind === 'fixed' && right.kind === 'fixed'
    ? fixed(left.count * right.count)
    : wider(left, right);
}

/** What is left when a part is taken: still its own for each run, but fewer. */
export function partOf(spread: Spread): Spread {
  if (spread.kind === 'fixed' || spread.kind === 'declared' || spread.kind === 'fresh') return spread;
  return { ...spread, kind: 'reduced' };
}

export function isEndless({ kind }: Spread): boolean {
  return ORDER.indexOf(kind) >= ORDER.indexOf('number');
}

function wider(left: Spread, right: Spread): Spread {
  return ORDER.indexOf(left.kind) >= ORDER.indexOf(right.kind) ? left : right;
}
