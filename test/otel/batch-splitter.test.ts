import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { isEmpty, scopesOf, splitBatch, type Batch } from '../../lib/otel/batch-splitter.js';

/** Scopes of metrics of so many points each; a point is `scope.metric.point`. */
function scopes(name: string, shape: readonly (readonly number[])[]): ScopeMetrics[] {
  return shape.map((metrics, scope) => ({
    scope: { name: `${name}${scope}` },
    metrics: metrics.map((points, metric) => ({
      descriptor: { name: `${metric}` } as never,
      aggregationTemporality: 1,
      dataPointType: 3,
      isMonotonic: true,
      dataPoints: Array.from({ length: points }, (_, point) => ({
        value: `${name}${scope}.${metric}.${point}`,
      })) as never[],
    })),
  }));
}

const pointsOf = (batch: Batch): string[] =>
  scopesOf(batch).flatMap(({ scope, metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      (dataPoints as { value: unknown }[]).map(({ value }) => {
        // Each point still stands under its own scope and metric.
        expect(value).to.match(new RegExp(`^${scope.name}\\.${descriptor.name}\\.`));
        return value as string;
      }),
    ),
  );

describe('splitBatch', () => {
  it('fills each piece in order, repeating scope and metric', () => {
    const pieces = splitBatch({ foreign: scopes('f', [[3]]), own: scopes('o', [[1, 0, 4], [2]]) }, 4);
    expect(pieces.map(pointsOf)).to.deep.equal([
      ['f0.0.0', 'f0.0.1', 'f0.0.2', 'o0.0.0'],
      ['o0.2.0', 'o0.2.1', 'o0.2.2', 'o0.2.3'],
      ['o1.0.0', 'o1.0.1'],
    ]);
    expect(pieces.map(({ foreign, own }) => [foreign.length, own.length])).to.deep.equal([
      [1, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('loses, repeats and moves no point, and no piece but the last has room', () => {
    const shape = fc.array(fc.array(fc.nat(7), { maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shape, shape, fc.integer({ min: 1, max: 9 }), (foreign, own, max) => {
        const whole = { foreign: scopes('f', foreign), own: scopes('o', own) };
        const pieces = splitBatch(whole, max).map(pointsOf);
        expect(pieces.flat()).to.deep.equal(pointsOf(whole));
        expect(pieces.slice(0, -1).every(({ length }) => length === max)).to.equal(true);
        expect(pieces.at(-1)?.length ?? 1).to.be.within(1, max);
        expect(pieces.length === 0).to.equal(isEmpty(whole));
      }),
    );
  });

  it('takes a hundred thousand metrics one by one without delay', function () {
    this.timeout(20_000);
    const whole = { foreign: [], own: scopes('o', [Array.from({ length: 100_000 }, () => 1)]) };
    expect(splitBatch(whole, 1)).to.have.length(100_000);
  });
});
