import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { emptyResource } from '../../lib/producers/resource.js';
import { BATCHES_MAX, REFUSALS_MAX, UnsentDeltas } from '../../lib/otel/unsent-deltas.js';

const batch = (): ResourceMetrics => ({
  resource: emptyResource(),
  scopeMetrics: [{ scope: { name: 'm' }, metrics: [] }],
});

describe('UnsentDeltas', () => {
  let said: string[];
  beforeEach(() => (said = []));
  const newUnsent = (): UnsentDeltas => new UnsentDeltas(reason => said.push(reason));

  it('hands out the oldest first, each once, and nothing that is empty', () => {
    const unsent = newUnsent();
    const [first, second] = [batch(), batch()];
    for (const added of [first, second, first, { ...first, scopeMetrics: [] }]) unsent.add(added);
    expect(unsent.oldestFirst()).to.deep.equal([first, second]);
    unsent.delete(first);
    expect(unsent.oldestFirst()).to.deep.equal([second]);
    expect(said).to.deep.equal([]);
  });

  it('gives up the oldest when there are too many, and says so', () => {
    const unsent = newUnsent();
    const batches = Array.from({ length: BATCHES_MAX + 1 }, batch);
    for (const added of batches) unsent.add(added);
    expect(unsent.oldestFirst()).to.deep.equal(batches.slice(1));
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/16 exports/);
  });

  it('gives up what is refused again and again, and no other', () => {
    const unsent = newUnsent();
    const [poison, other] = [batch(), batch()];
    unsent.add(poison);
    unsent.add(other);
    for (let refusal = 1; refusal < REFUSALS_MAX; refusal++) {
      unsent.countRefusal(poison);
      expect(unsent.oldestFirst()).to.include(poison);
    }
    unsent.countRefusal(poison);
    expect(unsent.oldestFirst()).to.deep.equal([other]);
    expect(said).to.have.length(1);
  });

  it('does not take back what arrived late', () => {
    const unsent = newUnsent();
    const late = batch();
    unsent.add(late);
    unsent.delete(late);
    unsent.countRefusal(late);
    expect(unsent.oldestFirst()).to.deep.equal([]);
  });
});
