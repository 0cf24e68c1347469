import { expect } from 'chai';
import { HOLDER, KnownSeries, mayBeHeld, shownText } from '../../../lib/store/series/known-series.js';
import type { RegisteredStream } from '../../../lib/store/series/stream-registry.js';

const gauges = { index: 0, definition: { kind: 'GAUGE', verbatim: true } } as unknown as RegisteredStream;
const counters = { index: 1, definition: { kind: 'COUNTER', verbatim: true } } as unknown as RegisteredStream;

describe('KnownSeries', () => {
  const seriesOf = (stream: RegisteredStream, attributes: object): KnownSeries =>
    new KnownSeries(
      { slot: 7, live: 9, stream, histogram: 64 },
      shownText(stream, JSON.stringify(attributes)),
    );

  it('should make its attributes when somebody looks, once, frozen', () => {
    const series = seriesOf(counters, { k: 'a', list: [1, 2] });
    const { attributes } = series;
    expect(attributes).to.deep.equal({ k: 'a', list: [1, 2] });
    expect(Object.isFrozen(attributes)).to.equal(true);
    expect(series.attributes).to.equal(attributes);
    expect(series.readAttributes()).to.equal(attributes);
  });

  it('should make attributes for one look that it does not keep', () => {
    const series = seriesOf(counters, { k: 'a' });
    expect(series.readAttributes()).to.deep.equal({ k: 'a' });
    expect(series.readAttributes()).to.not.equal(series.readAttributes());
  });

  it('should show of a copy of a holder what all copies have in common', () => {
    const series = seriesOf(gauges, { [HOLDER]: 'somebody', k: 'a' });
    expect([series.isHeld, series.text, series.attributes]).to.deep.equal([true, '{"k":"a"}', { k: 'a' }]);
    for (const attributes of [{ k: 'a' }, { k: HOLDER }]) {
      const plain = seriesOf(gauges, attributes);
      expect([plain.isHeld, plain.attributes]).to.deep.equal([false, attributes]);
    }
    const counter = seriesOf(counters, { [HOLDER]: 'somebody' });
    expect([mayBeHeld(counters), counter.isHeld, counter.attributes]).to.deep.equal([
      false,
      false,
      { [HOLDER]: 'somebody' },
    ]);
  });
});
