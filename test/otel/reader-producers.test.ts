import { diag } from '@opentelemetry/api';
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { ReaderProducers } from '../../lib/otel/reader-producers.js';
import { emptyResource } from '../../lib/producers/resource.js';

const answer = (name: string, resource: Resource = emptyResource()): CollectionResult => ({
  resourceMetrics: { resource, scopeMetrics: [{ scope: { name }, metrics: [] }] },
  errors: [],
});
const producer = (name: string, resource?: Resource): MetricProducer & { asked: number } => {
  const made = { asked: 0, collect: () => (made.asked++, Promise.resolve(answer(name, resource))) };
  return made;
};
const namesOf = ({ scopeMetrics }: { scopeMetrics: readonly { scope: { name: string } }[] }): string[] =>
  scopeMetrics.map(({ scope }) => scope.name);

describe('ReaderProducers', () => {
  it("should put the provider's first, and take one provider", async () => {
    const producers = new ReaderProducers([producer('a'), producer('b')], false);
    producers.register(producer('host'));
    expect(namesOf(await producers.collect(1000))).to.deep.equal(['host', 'a', 'b']);
    expect(namesOf(await producers.provide(1000))).to.deep.equal(['host', 'a', 'b']);
    expect(() => producers.register(producer('second')))
      .to.throw(MetricStoreError)
      .with.property('code', 'ALREADY_REGISTERED');
  });

  it("should remember the provider's resource when it is late", async () => {
    const resource = emptyResource();
    let isLate = false;
    const producers = new ReaderProducers([], false);
    producers.register({
      collect: () => (isLate ? new Promise(() => undefined) : Promise.resolve(answer('host', resource))),
    });
    expect((await producers.collect(1000)).resource).to.equal(resource);
    isLate = true;
    const late = await producers.collect(20);
    expect([late.resource, late.errors.length]).to.deep.equal([resource, 1]);
  });

  it('should not let a scrape that does not wait take an answer from an export', async () => {
    let letGo: () => void = () => undefined;
    const gone = new Promise<void>(resolve => (letGo = resolve));
    const producers = new ReaderProducers([{ collect: () => gone.then(() => answer('slow')) }], false);
    expect((await producers.provide(10)).errors).to.have.length(1);
    const collection = producers.collect(10_000);
    letGo();
    expect(namesOf(await collection)).to.deep.equal(['slow']);
  });

  it('should ask nobody for a scrape where that would take deltas, and say so once', async () => {
    const said: string[] = [];
    const ignore = (): void => undefined;
    const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, warn: (...parts: unknown[]) => said.push(parts.join(' ')) });
    const resource = emptyResource();
    const [host, other] = [producer('host', resource), producer('other')];
    try {
      const producers = new ReaderProducers([other], true);
      expect(await producers.provide(1000)).to.deep.equal({
        scopeMetrics: [],
        resource: undefined,
        errors: [],
      });
      producers.register(host);
      await producers.collect(1000);
      for (let scrape = 0; scrape < 3; scrape++)
        expect((await producers.provide(1000)).resource).to.equal(resource);
    } finally {
      diag.disable();
    }
    expect([host.asked, other.asked]).to.deep.equal([1, 1]);
    expect(said.filter(text => text.includes('delta temporality'))).to.have.length(1);
  });
});
