import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { toStoreViews } from '../../lib/otel/view.js';

describe('toStoreViews', () => {
  it('takes over data, and puts processors in a row', () => {
    const add = (k: string) => ({ process: (attributes: object) => ({ ...attributes, [k]: 1 }) });
    const [view] = toStoreViews([{ instrumentName: 'c', attributesProcessors: [add('a'), add('b')] }], 64);
    expect(view?.selector).to.deep.equal({ instrumentName: 'c' });
    expect(view?.process?.({})).to.deep.equal({ a: 1, b: 1 });
  });

  it('knows drop and boundaries', () => {
    const explicit = { type: 4, options: { boundaries: [1, 2] } };
    const views = toStoreViews(
      [
        { instrumentName: 'c', aggregation: { type: 1 } },
        { instrumentName: 'h', aggregation: explicit },
      ],
      64,
    );
    expect(views.map(({ drop, boundaries }) => [drop, boundaries])).to.deep.equal([
      [true, undefined],
      [undefined, [1, 2]],
    ]);
  });

  it('refuses exponential histograms, unordered boundaries and a limit of 0', () => {
    for (const bad of [
      { aggregation: { type: 5 } },
      { aggregation: { type: 4, options: { boundaries: [2, 1] } } },
      { aggregationCardinalityLimit: 0 },
    ] as ViewOptions[])
      expect(() => toStoreViews([{ instrumentName: 'c', ...bad }], 64)).to.throw(/INVALID_OPTION/);
  });
});
