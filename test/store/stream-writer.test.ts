import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamWriter } from '../../lib/store/stream-writer.js';

describe('StreamWriter', () => {
  let core: StoreCore;
  let writer: StreamWriter;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, handleCacheSize: 4 });
    const counter = { name: 'c', description: '', unit: '', valueType: 1, kind: 'COUNTER' } as const;
    const definition = { ...counter, scope: { name: 'm' }, boundaries: [], limit: 100, verbatim: false };
    writer = core.writer(definition)!;
  });
  afterEach(() => core.shutdown());

  const add = (value: number, attributes: object): void => {
    const series = writer.handleOf(attributes as Attributes, undefined);
    if (series !== undefined) core.recorder.add(series, value);
  };
  const shown = async (): Promise<[Attributes, unknown][]> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) =>
      points.map(({ attributes, value }) => [attributes, value] as [Attributes, unknown]),
    );
  };

  it('should never mix up two series because a getter answers differently each time', async () => {
    let calls = 0;
    const restless = {
      get k(): number {
        return calls++ % 8;
      },
    };
    for (let round = 0; round < 100; round++) {
      add(1000, restless);
      for (let k = 0; k < 8; k++) add(1, { k });
    }
    const points = await shown();
    expect(points.map(([{ k }]) => k)).to.have.members([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const [{ k }, value] of points) expect(Number(value) % 1000, `k=${String(k)}`).to.equal(100);
    expect(points.reduce((sum, [, value]) => sum + Number(value), 0)).to.equal(100 * 1008);
  });

  it('should admit nothing for attributes that cannot be read', async () => {
    for (let round = 0; round < 3; round++)
      add(1, {
        id: round,
        get bad(): string {
          throw new Error('no');
        },
      });
    expect(await shown()).to.deep.equal([]);
    const { series, refused } = reportStatistics(core);
    expect({ series, attributes: refused.attributes }).to.deep.equal({ series: 0, attributes: 3 });
  });

  it('should take attributes that are named like parts of JavaScript for what they are', async () => {
    const odd = JSON.parse('{"__proto__":"p","constructor":"c","hasOwnProperty":"h"}') as object;
    add(1, odd);
    add(2, odd);
    expect(await shown()).to.deep.equal([[odd, 3]]);
    expect(Object.prototype).not.to.have.property('p');
  });
});
