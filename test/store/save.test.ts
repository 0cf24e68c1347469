// Goal: what is saved is what the last cut shows, and given back it shows the same; what is over is not among it.
import { expect } from 'chai';
import { lastCut, saveSeries, type SavedStream } from '../../lib/store/save.js';
import { restoreSeries } from '../../lib/store/restore.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { defineCustomInstrument, type CustomInstrument } from '../../lib/instruments/custom-instrument.js';
import { pointsIn } from '../support/points.js';

describe('saveSeries', () => {
  let now: number;
  const coreOf = (): StoreCore =>
    createCore({
      shared: false,
      maxBytes: 2 ** 22,
      cardinalityLimit: 2,
      seriesTtlMillis: 100,
      clock: { now: () => now },
    });
  beforeEach(() => (now = 1000));

  const instrument = (core: StoreCore, type: 'counter' | 'gauge' | 'histogram'): CustomInstrument => {
    const defined = defineCustomInstrument(core, { name: type, help: 'h', type, boundaries: [1, 5] });
    if (!('instrument' in defined)) throw new Error('not defined');
    return defined.instrument;
  };
  const save = async (core: StoreCore, keeps?: bigint): Promise<SavedStream[]> => {
    const { value } = await core.cuts.request(() => saveSeries(core, () => true, keeps));
    return value ?? [];
  };
  const shown = async (core: StoreCore): Promise<unknown> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.map(({ definition: { name }, points }) => [
      name,
      pointsIn(points)
        .map(({ attributes, value, startUnixMillis }) => JSON.stringify([attributes, value, startUnixMillis]))
        .sort(),
    ]);
  };

  it('should give back all kinds, those without a place of their own too', async () => {
    const core = coreOf();
    for (const k of ['a', 'b', 'c', 'd']) {
      instrument(core, 'counter').series({ k }).add(0.1);
      instrument(core, 'gauge').series({ k }).set(k.charCodeAt(0));
      instrument(core, 'histogram').series({ k }).record(3);
      now += 5;
    }
    instrument(core, 'gauge').series({ k: 'a' }, 'me').recordElapsed(700);
    instrument(core, 'counter').series({ k: 'a' }).add(0);
    const saved = await save(core);
    expect(saved.map(({ definition, series }) => [definition.name, series.length])).to.deep.equal([
      ['counter', 3],
      ['gauge', 3],
      ['histogram', 3],
    ]);
    const again = coreOf();
    for (const { definition, series } of saved)
      expect(restoreSeries(again, definition, series)).to.equal(series.length);
    expect(await shown(again)).to.deep.equal(await shown(core));
    expect(await save(again)).to.deep.equal(await save(core));
  });

  it('should leave out what was never recorded, what was withdrawn, and what nobody wants', async () => {
    const core = coreOf();
    instrument(core, 'counter').series({ k: 'a' });
    const gauge = instrument(core, 'gauge').series({ k: 'a' });
    gauge.set(1);
    gauge.clear();
    instrument(core, 'histogram').series({ k: 'a' }).record(1);
    expect((await save(core)).map(({ definition }) => definition.name)).to.deep.equal(['histogram']);
    const { value } = await core.cuts.request(() => saveSeries(core, ({ kind }) => kind === 'COUNTER'));
    expect(value).to.deep.equal([]);
  });

  it('should leave out what has expired, unless only a cut that nobody is shown found it', async () => {
    const core = coreOf();
    instrument(core, 'counter').series({ k: 'a' }).add(7);
    await save(core);
    now += 200;
    const { epoch } = lastCut(core);
    const [stream] = await save(core, epoch + 1n);
    expect(stream?.series[0]).to.include({ value: 7, usedUnixMillis: 1000 });
    expect(await save(core, epoch + 3n)).to.deep.equal([]);
  });

  it('should say which cut was the last one, and when', async () => {
    const core = coreOf();
    expect(lastCut(core)).to.deep.equal({ epoch: 0n, atUnixMillis: 0 });
    await save(core);
    expect(lastCut(core)).to.deep.equal({ epoch: 1n, atUnixMillis: 1000 });
  });
});
