import { AggregationType } from '@opentelemetry/sdk-metrics';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { cardinalityLimitedView } from '../../lib/otel/cardinality-limited-view.js';
import { toStoreViews } from '../../lib/otel/view.js';
import { DEFAULT_BOUNDARIES } from '../../lib/store/definition/boundaries.js';

const explicit = (boundaries?: number[]): ViewOptions['aggregation'] => ({
  type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
  ...(boundaries !== undefined && { options: { boundaries } }),
});

const minMax = (recordMinMax: unknown): ViewOptions['aggregation'] => ({
  type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
  options: { boundaries: [1], recordMinMax: recordMinMax as boolean },
});

const BOUNDS = { maxBoundaries: 64, maxLabelValueLength: 2048 };

describe('toStoreViews', () => {
  it('takes over data, and puts processors in a row', () => {
    const add = (k: string) => ({ process: (attributes: object) => ({ ...attributes, [k]: 1 }) });
    const [view] = toStoreViews(
      [{ instrumentName: 'c', attributesProcessors: [add('a'), add('b')] }],
      BOUNDS,
    );
    expect(view?.selector).to.deep.equal({ instrumentName: 'c' });
    expect(view?.process?.({})).to.deep.equal({ a: 1, b: 1 });
  });

  const aggregations: [ViewOptions['aggregation'], object][] = [
    [undefined, {}],
    [{ type: AggregationType.DEFAULT }, {}],
    [{ type: AggregationType.DROP }, { drop: true }],
    [{ type: AggregationType.SUM }, { aggregation: 'sum' }],
    [{ type: AggregationType.LAST_VALUE }, { aggregation: 'last value' }],
    [explicit([1, 2]), { boundaries: [1, 2] }],
    [explicit([1, Infinity]), { boundaries: [1] }],
    [explicit([]), { boundaries: [] }],
    [explicit(), { boundaries: DEFAULT_BOUNDARIES }],
    [minMax(true), { boundaries: [1] }],
    [minMax(false), { boundaries: [1], recordMinMax: false }],
  ];
  for (const [aggregation, expected] of aggregations)
    it(`reads the aggregation ${JSON.stringify(aggregation)}`, () => {
      const options = { instrumentName: 'c', ...(aggregation !== undefined && { aggregation }) };
      expect(toStoreViews([options], BOUNDS)).to.deep.equal([
        { selector: { instrumentName: 'c' }, ...expected },
      ]);
    });

  it('takes the limit of a limiting View, not the one that it has for a MeterProvider', () => {
    const view = cardinalityLimitedView({ instrumentName: 'c*', limit: 7 });
    expect(toStoreViews([view], BOUNDS)).to.deep.equal([{ selector: { instrumentName: 'c*' }, limit: 7 }]);
  });

  const unreadable = new Proxy([1], {
    get: () => {
      throw new Error('length');
    },
  });
  const refused: [string, unknown, RegExp][] = [
    ['no object', null, /view 0 must be an object, got null/],
    ['no criterion', { description: 'x' }, /must have one of instrumentName/],
    ['a criterion that is no string', { instrumentName: /c/ }, /instrumentName must be a string/],
    ['one name for several', { instrumentName: 'c*', name: 'x' }, /several instruments/],
    ['one name for all of a kind', { instrumentType: 'COUNTER', name: 'x' }, /several instruments/],
    ['exponential buckets', { instrumentName: 'c', aggregation: { type: 5 } }, /exponential/],
    ['an unknown aggregation', { instrumentName: 'c', aggregation: { type: 'sum' } }, /got "sum"/],
    ['NaN as a boundary', { instrumentName: 'c', aggregation: explicit([NaN]) }, /NaN/],
    [
      'boundaries that cannot be read',
      { instrumentName: 'c', aggregation: explicit(unreadable) },
      /view 0: boundaries cannot be read: Error: length/,
    ],
    ['too many boundaries', { instrumentName: 'c', aggregation: explicit([1, 2, 3]) }, /at most 2/],
    ['a recordMinMax that is no boolean', { instrumentName: 'c', aggregation: minMax(0) }, /got 0/],
    ['a limit of 0', { instrumentName: 'c', aggregationCardinalityLimit: 0 }, /got 0/],
    ['a processor without process()', { instrumentName: 'c', attributesProcessors: [{}] }, /process\(\)/],
  ];
  for (const [what, view, message] of refused)
    it(`refuses ${what}`, () => {
      const convert = (): unknown => toStoreViews([view as ViewOptions], { ...BOUNDS, maxBoundaries: 2 });
      expect(convert).to.throw(message).with.property('code', 'INVALID_OPTION');
    });

  it('refuses views that are no array', () => {
    expect(() => toStoreViews({} as never, BOUNDS)).to.throw(/INVALID_OPTION/);
  });
});
