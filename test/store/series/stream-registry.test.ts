import { expect } from 'chai';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { reportStatistics } from '../../../lib/store/store-report.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import { StreamRegistry } from '../../../lib/store/series/stream-registry.js';

const COUNTER: StreamDefinition = {
  scope: { name: 'm' },
  name: 'c',
  description: 'first',
  unit: 's',
  valueType: 1,
  kind: 'COUNTER',
  boundaries: [],
  limit: 10,
  verbatim: false,
};
const HISTOGRAM: StreamDefinition = { ...COUNTER, kind: 'HISTOGRAM', boundaries: [1, 2.5, 10] };

describe('StreamRegistry', () => {
  let core: StoreCore | undefined;
  afterEach(() => core?.shutdown());

  const open = (options: object): StoreCore =>
    (core = createCore({ shared: false, maxBytes: 2 ** 22, maxStreams: 8, ...options }));

  it('should give the first definition to all who ask for the same stream, in every thread', () => {
    const { region, registry } = open({});
    const first = registry.register(HISTOGRAM, 1000);
    const other = new StreamRegistry(region); // As another thread has one.
    const asked = { ...HISTOGRAM, name: 'C', description: 'later', limit: 5, boundaries: [7] };
    for (const stream of [other.register(asked, 2000), registry.register(asked, 2000)])
      expect(stream).to.deep.equal(first);
    expect(first).to.deep.include({ index: 0, definition: HISTOGRAM, startUnixMillis: 1000 });
    const at = (first?.boundariesAddress ?? 0) / 8;
    expect([...region.f64.subarray(at, at + 3)]).to.deep.equal([1, 2.5, 10]);
  });

  it('should tell apart what an exporter would tell apart', () => {
    const { registry } = open({});
    const others: StreamDefinition[] = [
      COUNTER,
      { ...COUNTER, unit: 'ms' },
      { ...COUNTER, kind: 'UP_DOWN_COUNTER' },
      { ...COUNTER, valueType: 0 },
      { ...COUNTER, scope: { name: 'm', version: '1' } },
      { ...COUNTER, scope: { name: 'm', schemaUrl: '1' } },
      { ...COUNTER, verbatim: true },
    ];
    expect(others.map(definition => registry.register(definition, 1)?.index)).to.deep.equal([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    const custom = { ...COUNTER, verbatim: true, kind: 'GAUGE', unit: '' } as const;
    expect(registry.register(custom, 1)?.index, 'a custom name has one definition').to.equal(6);
    expect(registry.all().map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
  });

  it('should refuse what has no room, and keep nothing of it', () => {
    const bytes = (): number => reportStatistics(core!).labelBytes;
    const named = (index: number): StreamDefinition => ({ ...HISTOGRAM, name: `h${index}` });
    const full = open({ maxStreams: 1 }).registry;
    full.register(COUNTER, 1);
    const before = bytes();
    for (let index = 0; index < 100; index++) expect(full.register(named(index), 1)).to.equal(undefined);
    expect(bytes(), 'no stream is left').to.equal(before);
    expect(reportStatistics(core!).refused.streams).to.equal(100);
    open({}).registry.register(named(0), 1);
    const each = bytes();
    // Room for the text and not for the boundaries, or the other way round.
    for (let maxLabelBytes = 64; maxLabelBytes < 512; maxLabelBytes += 64) {
      const { registry } = open({ maxLabelBytes });
      const streams = [0, 1, 2]
        .map(index => registry.register(named(index), 1))
        .filter(stream => stream !== undefined);
      expect(bytes(), `${streams.length} streams in ${maxLabelBytes}`).to.equal(streams.length * each);
    }
  });

  it('should look at each stream once, however often somebody asks for one that is there or has no room', () => {
    const { region } = open({ maxStreams: 500 });
    let looks = 0;
    const counting = {
      ...region,
      get layout() {
        looks++;
        return region.layout;
      },
    };
    const registry = new StreamRegistry(counting);
    const other = new StreamRegistry(region);
    const named = (index: number): StreamDefinition => ({ ...COUNTER, name: `c${index}` });
    for (let index = 0; index < 500; index++) other.register(named(index), 1);
    for (let round = 0; round < 20; round++) {
      for (let index = 0; index < 500; index += 100)
        expect(registry.register(named(index), 1)?.index).to.equal(index);
      for (let index = 500; index < 600; index++)
        expect(registry.register(named(index), 1)).to.equal(undefined);
    }
    expect(reportStatistics(core!).refused.streams).to.equal(2000);
    // 2,100 questions of 500 streams.
    expect(looks).to.be.lessThan(10_000);
  });
});
