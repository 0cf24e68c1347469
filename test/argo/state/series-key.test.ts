// Goal: the key of a series says which one it is.
import { expect } from 'chai';
import { defineCustomInstrument } from '../../../lib/instruments/custom-instrument.js';
import { placeOfKey } from '../../../lib/argo/state/series-key.js';
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
});
