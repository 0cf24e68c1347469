// Policies on a real MeterProvider of the SDK.
import { diag } from '@opentelemetry/api';
import { MeterProvider, type SumMetricData } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { cardinalityLimitedView } from '../../lib/otel/cardinality-limited-view.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { HostLabels } from '../../lib/otel/host-labels.js';
import { readLabelPolicies, type LabelPolicy } from '../../lib/otel/label-policy.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { canonicalizeLabels } from '../../lib/store/series/attributes.js';
import { captureWarnings } from '../faults/warnings.js';

function hostWith(labels: Record<string, LabelPolicy>, limit = 100) {
  const store = createStore({ maxBytes: 4 * 1024 * 1024, shared: false });
  const reader = new DoubleBufferedMetricReader({ store });
  const views = [cardinalityLimitedView({ instrumentName: 'c', limit, labels })];
  const provider = new MeterProvider({ views, readers: [reader] });
  const points = async () => {
    const { resourceMetrics } = await reader.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics) as SumMetricData[];
    return metrics.flatMap(({ dataPoints }) => dataPoints);
  };
  return { meter: provider.getMeter('m'), points };
}

describe('policies on a MeterProvider', () => {
  let warnings: string[] = [];
  beforeEach(() => void (warnings = captureWarnings()));
  afterEach(() => diag.disable());

  it('should apply as in a store, across collections, and lose no record', async () => {
    const { meter, points } = hostWith({
      pod: { maxValues: 5 },
      method: { allow: ['GET', /^X-/] },
      route: { map: route => route.replace(/\d+/g, ':n') },
      trace: { drop: true },
    });
    const counter = meter.createCounter('c');
    let sum = 0;
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 200; n++, sum++)
        counter.add(1, {
          ...{ pod: `p${n}`, method: ['GET', 'PUT', 'X-A'][n % 3]!, route: `/user/${n}` },
          ...{ trace: `${round} ${n}` },
        });
      const found = await points();
      expect(found.reduce((total, { value }) => total + value, 0)).to.equal(sum);
      const valuesOf = (label: string): unknown[] => [
        ...new Set(found.map(({ attributes }) => attributes[label])),
      ];
      expect(valuesOf('pod')).to.have.members(['p0', 'p1', 'p2', 'p3', 'p4', '_OTHER']);
      expect(valuesOf('method')).to.have.members(['GET', '_OTHER', 'X-A']);
      expect(valuesOf('route')).to.deep.equal(['/user/:n']);
      expect(valuesOf('trace')).to.deep.equal([undefined]);
    }
    expect(warnings).to.deep.equal([]);
  });

  it('should leave observable instruments as they are', async () => {
    const { meter, points } = hostWith({ pod: { maxValues: 1 } });
    meter.createObservableCounter('c').addCallback(result => {
      for (let n = 0; n < 5; n++) result.observe(1, { pod: n });
    });
    expect(await points()).to.have.lengthOf(5);
    expect(warnings.join()).to.include('observable');
  });

  it('should say once that a map fails, and go on', async () => {
    const { meter, points } = hostWith({
      pod: {
        map: () => {
          throw new Error('no');
        },
      },
    });
    for (let n = 0; n < 5; n++) meter.createCounter('c').add(1, { pod: n });
    expect((await points()).map(({ attributes, value }) => [attributes, value])).to.deep.equal([
      [{ pod: '_OTHER' }, 5],
    ]);
    expect(warnings.filter(text => text.includes('no'))).to.have.lengthOf(1);
  });
});

describe('HostLabels', () => {
  it('should let in what it decided, also of a list that reads otherwise each time', () => {
    const host = new HostLabels(readLabelPolicies({ pod: { allow: ['["in"]'], maxValues: 1 } }), () => {});
    let reads = 0;
    const list: string[] = Object.defineProperty([''], 0, { get: () => (reads++ === 0 ? 'in' : 'out') });
    const decided = host.decide(new Map([['pod', list]]));
    expect(canonicalizeLabels(decided, Infinity).text).to.equal('{"pod":["in"]}');
  });

  it('should know a value again for what it is, not for what it looks like', () => {
    const labels = new HostLabels(readLabelPolicies({ v: { maxValues: 3 } }), () => {});
    const decide = (v: unknown): unknown => labels.decide(new Map([['v', v]])).get('v');
    expect([1, '1', true, 'true', 1, '1'].map(decide)).to.deep.equal([1, '1', true, '_OTHER', 1, '1']);
  });
});
