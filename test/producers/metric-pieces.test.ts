// Goal: whatever a provider gives, what can be cloned arrives as it was, and what cannot takes nothing else along. Method:
// generated metrics through structuredClone, as a port does it.
import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import {
  cloneable,
  JoinedPieces,
  sendInPieces,
  type MetricPiece,
} from '../../lib/producers/metric-pieces.js';

const metric = (name: string, attributes: readonly object[]): MetricData =>
  ({
    descriptor: { name, description: '', unit: '', valueType: 1, advice: {} },
    dataPointType: 3,
    aggregationTemporality: 1,
    isMonotonic: true,
    dataPoints: attributes.map((set, value) => ({
      startTime: [0, 0],
      endTime: [1, 0],
      attributes: set,
      value,
    })),
  }) as unknown as MetricData;

const scope = (name: string, metrics: MetricData[]): ScopeMetrics => ({ scope: { name }, metrics });

async function send(
  scopeMetrics: ScopeMetrics[],
  pointsMax?: number,
): Promise<{ arrived: readonly ScopeMetrics[]; pieces: MetricPiece[]; errors: string[] }> {
  const pieces: MetricPiece[] = [];
  const errors = await sendInPieces(
    scopeMetrics,
    piece => pieces.push(structuredClone(piece)),
    ...(pointsMax === undefined ? [] : [pointsMax]),
  );
  const joined = new JoinedPieces();
  for (const piece of pieces) joined.add(piece);
  return { arrived: joined.scopeMetrics, pieces, errors: errors.map(String) };
}

const points = (length: number): object[] => Array.from({ length }, (_, i) => ({ i }));

describe('metrics in pieces', () => {
  it('should come out as they went in, whatever their numbers are', async () => {
    const sets = fc.array(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()))),
    );
    const metrics = fc.array(fc.record({ name: fc.string(), sets, many: fc.constantFrom(0, 1, 499, 1201) }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ name: fc.string(), metrics })), async scopes => {
        const given = scopes.map(({ name, metrics: own }) =>
          scope(
            name,
            own.map(({ name: of, sets: some, many }) => metric(of, [...some, ...points(many)])),
          ),
        );
        const { arrived, errors } = await send(given);
        // A scope without metrics has no piece.
        assert.deepEqual(arrived, structuredClone(given.filter(({ metrics: of }) => of.length > 0)));
        expect(errors).to.deep.equal([]);
      }),
      { numRuns: 50 },
    );
  });

  it('should be cut between metrics, so that no piece is long', async () => {
    const given = [
      scope(
        's',
        Array.from({ length: 100 }, (_, i) => metric(`m${i}`, points(100))),
      ),
    ];
    const { pieces, arrived } = await send(given);
    expect(pieces.map(({ metrics }) => metrics.length)).to.deep.equal(Array(20).fill(5));
    expect(arrived).to.deep.equal(given);
  });

  it('should lose of what cannot be cloned that alone', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const odd = {
      text: 'a',
      list: ['a', () => 1],
      call: () => 1,
      symbol: Symbol('s'),
      object: new (class Thing {
        own = 1;
        method = (): number => 1;
      })(),
      __proto__: null,
    };
    const { arrived, errors } = await send([
      scope('s', [metric('a', [{ k: 1 }]), metric('odd', [odd]), metric('round', [{ circle, f: () => 1 }])]),
    ]);
    expect(errors).to.deep.equal([]);
    const [a, second, third] = arrived[0]?.metrics ?? [];
    expect(a).to.deep.equal(metric('a', [{ k: 1 }]));
    expect(second?.dataPoints[0]?.attributes).to.deep.equal({
      text: 'a',
      list: ['a', undefined],
      object: { own: 1 },
    });
    expect(third?.descriptor.name).to.equal('round');
  });

  it('should leave out a metric that throws when it is looked at, and say so', async () => {
    const throwing = {
      get k(): string {
        throw new Error('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const { arrived, errors } = await send([
      scope('s', [metric('bad', [throwing]), metric('gone', [{ proxy }]), metric('good', [{ k: 1 }])]),
    ]);
    expect(arrived[0]?.metrics).to.deep.equal([metric('good', [{ k: 1 }])]);
    expect(errors[0]).to.match(/"bad" cannot go to the collector thread and is left out: .*no/);
    expect(errors[1]).to.match(/"gone" cannot go/);
    expect(errors).to.have.length(2);
  });

  it('should end at so many points, and say what was left out', async () => {
    const { arrived, errors } = await send(
      [scope('s', [metric('a', points(4)), metric('b', points(7))]), scope('t', [metric('c', points(6))])],
      10,
    );
    expect(arrived.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name))).to.deep.equal([
      'a',
      'c',
    ]);
    expect(errors.join()).to.include('"b" cannot go').and.to.include('more than 10 points');
  });
});

describe('cloneable', () => {
  it('should be what can be cloned, and the same as before where all of it can', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
        expect(cloneable(value)).to.deep.equal(structuredClone(value));
      }),
    );
    fc.assert(
      fc.property(
        fc.object({ values: [fc.anything(), fc.constant(() => 1), fc.constant(Symbol('s'))], maxDepth: 3 }),
        value => void structuredClone(cloneable(value)),
      ),
    );
  });
});
