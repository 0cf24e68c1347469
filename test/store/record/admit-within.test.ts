// Goal: a series is there only with what it needs, however often that is given back meanwhile.
import { expect } from 'chai';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { admitWithin } from '../../../lib/store/record/admit-within.js';
import { SeriesPlaces } from '../../../lib/store/record/series-places.js';
import { createCore } from '../../../lib/store/store-core.js';

const LIMIT = 2;

const DEFINITION: StreamDefinition = {
  ...{ scope: { name: 's' }, name: 'c', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], verbatim: false, limit: LIMIT },
};

describe('admitWithin', () => {
  const open = () => {
    const core = createCore({ maxBytes: 2 ** 22, maxSeries: 8 });
    const places = (hidden: boolean): SeriesPlaces => {
      const stream = core.registry.register({ ...DEFINITION, limit: hidden ? LIMIT : 5, hidden }, 0);
      return new SeriesPlaces(stream!, { region: core.region, now: () => 0, refuse: () => {} });
    };
    return { core, holders: places(true), series: places(false) };
  };

  it('should admit as many values as there are places, and any number of series within them', () => {
    const { core, holders, series } = open();
    const admit = (value: string, text: string) => admitWithin(holders, value, () => series.admit(text));
    expect(admit('a', '{"k":"a"}')).to.deep.equal(series.admit('{"k":"a"}'));
    for (const text of ['{"k":"a"}', '{"k":"a","z":1}', '{"k":"a","z":2}'])
      expect(admit('a', text)?.slot).to.be.greaterThan(1);
    expect(admit('b', '{"k":"b"}')).to.deep.include(series.admit('{"k":"b"}'));
    let asked = 0;
    expect(admitWithin(holders, 'c', () => (asked++, series.overflow()))).to.equal(undefined);
    expect(asked, 'nothing is admitted for it').to.equal(0);
    core.shutdown();
  });

  it('should decide anew when the place is given back while the series is admitted', async () => {
    const { core, holders, series } = open();
    let times = 0;
    const place = admitWithin(holders, 'a', () => {
      // Three times somebody is faster.
      if (times++ < 3) expect(holders.remove('a')).to.equal(true);
      return series.admit('{"k":"a"}');
    });
    expect(times).to.equal(4);
    expect(place).to.deep.equal(series.admit('{"k":"a"}'));
    core.shutdown();
  });

  it('should end, and give the value no place, when somebody is faster again and again', () => {
    const { core, holders, series } = open();
    let times = 0;
    const place = admitWithin(holders, 'a', () => {
      if (++times > 1000) throw new Error('for ever');
      holders.remove('a');
      return series.admit('{"k":"a"}');
    });
    expect(place).to.equal(undefined);
    core.shutdown();
  });
});
