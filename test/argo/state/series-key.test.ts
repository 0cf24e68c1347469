// Goal: the key of a series says which one it is.
import { expect } from 'chai';
import { RealtimeSeries } from '../../../lib/argo/emit/realtime-series.js';
import { defineCustomInstrument } from '../../../lib/instruments/custom-instrument.js';
import { heldBy, placeOfKey } from '../../../lib/argo/state/series-key.js';
import { createCore } from '../../../lib/store/store-core.js';

describe('the place that a key names', () => {
  it('should have the stream and the attributes of the series, or none of them for the overflow series', () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22 });
    const defined = defineCustomInstrument(core, { name: 'c', help: 'h', type: 'counter' });
    if (!('instrument' in defined)) throw new Error('not defined');
    const { instrument } = defined;
    const { index, text } = placeOfKey(instrument.series({ b: 'x y', a: '{"1' }).key);
    expect(core.registry.at(index).definition.name).to.equal('c');
    expect(JSON.parse(text ?? '')).to.deep.equal({ a: '{"1', b: 'x y' });
    expect(placeOfKey(instrument.overflow().key)).to.deep.equal({ index, text: undefined });
    expect(placeOfKey(instrument.series({}).key)).to.deep.equal({ index, text: '{}' });
    core.shutdown();
  });

  it('should be where a report was held, not where there is room by now', async () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22, cardinalityLimit: 1 });
    const defined = defineCustomInstrument(core, { name: 'g', help: 'h', type: 'gauge' });
    if (!('instrument' in defined)) throw new Error('not defined');
    const { instrument } = defined;
    const realtime = new RealtimeSeries();
    for (const owner of ['a', 'b'])
      realtime.report({ owner, subject: '', metric: 'm' }, instrument.series({ owner }), { start: 0 });
    const saved = (): unknown[] => Array.from(realtime.held(), report => heldBy(core, report).text);
    expect(saved()).to.deep.equal(['{"owner":"a"}', undefined]);
    realtime.delete('a');
    for (let cuts = 0; cuts < 3; cuts++) await core.cuts.request(() => true);
    expect(saved()).to.deep.equal([undefined]);
    expect(placeOfKey(instrument.series({ owner: 'c' }).key).text).to.equal('{"owner":"c"}');
    core.shutdown();
  });
});
