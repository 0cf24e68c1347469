// What a MeterProvider of the SDK and its reader say to each other; what becomes of it in the collector thread is in
// test/collector/collector-reader.test.ts.
import { AggregationType, InstrumentType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { isMetricStoreError } from '../../lib/index.js';
import { HostReader, type HostConnection } from '../../lib/otel/host-reader.js';

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'fine';
  } catch (error) {
    return isMetricStoreError(error) ? error.code : String(error);
  }
}

describe('HostReader', () => {
  let events: string[];
  beforeEach(() => (events = []));

  const connect = (more: Partial<HostConnection> = {}): HostReader =>
    new HostReader({
      isOpen: true,
      aggregations: undefined,
      timeoutMillis: 1000,
      tell: isThere => void events.push(isThere ? 'there' : 'gone'),
      flush: async () => void events.push('flush'),
      offer: undefined,
      ...more,
    });

  it('should be cumulative, with the aggregations that the exporter wishes for', () => {
    const aggregations = { HISTOGRAM: { type: AggregationType.EXPONENTIAL_HISTOGRAM } };
    for (const reader of [connect(), connect({ aggregations })])
      for (const type of Object.values(InstrumentType)) {
        expect(reader.selectAggregationTemporality(type)).to.equal(1);
        expect(reader.selectCardinalityLimit(type)).to.equal(2000);
      }
    expect(connect().selectAggregation(InstrumentType.HISTOGRAM)).to.deep.equal({ type: 0 });
    const reader = connect({ aggregations });
    expect(reader.selectAggregation(InstrumentType.HISTOGRAM)).to.deep.equal({ type: 5 });
    expect(reader.selectAggregation(InstrumentType.COUNTER)).to.deep.equal({ type: 0 });
  });

  it('should say when there is a provider, flush when it is flushed, and once more before it goes', async () => {
    const provider = new MeterProvider({ readers: [connect()] });
    expect(events).to.deep.equal(['there']);
    await provider.forceFlush();
    expect(events).to.deep.equal(['there', 'flush']);
    await provider.shutdown();
    expect(events).to.deep.equal(['there', 'flush', 'flush', 'gone']);
  });

  it('should be gone after its shutdown whatever the flush does, and reject as it does', async () => {
    const reader = connect({ flush: () => Promise.reject(new Error('down')) });
    const provider = new MeterProvider({ readers: [reader] });
    expect(await codeOf(() => provider.shutdown())).to.equal('Error: down');
    expect(events).to.deep.equal(['there', 'gone']);
    expect((await reader.produce(10)).metrics).to.equal(undefined);
    expect(await codeOf(() => reader.collect())).to.equal('READER_SHUT_DOWN');
    expect(await codeOf(() => reader.forceFlush())).to.equal('fine');
  });

  it('should have nothing to flush where there is no provider, or no collector thread any more', async () => {
    await connect().shutdown();
    const closed = new MeterProvider({ readers: [connect({ isOpen: false })] });
    await closed.shutdown();
    expect(events).to.deep.equal(['gone', 'there', 'gone']);
  });

  it('should keep to the time of who flushes', async () => {
    const reader = connect({ flush: () => new Promise(() => undefined) });
    const provider = new MeterProvider({ readers: [reader] });
    expect(await codeOf(() => provider.forceFlush({ timeoutMillis: 10 }))).to.equal('EXPORT_TIMEOUT');
    expect(await codeOf(() => provider.shutdown({ timeoutMillis: 10 }))).to.equal('EXPORT_TIMEOUT');
    expect(await codeOf(() => connect().forceFlush({ timeoutMillis: -1 }))).to.equal('INVALID_OPTION');
  });

  it('should be of one provider', async () => {
    const reader = connect();
    new MeterProvider({ readers: [reader] });
    expect(await codeOf(() => new MeterProvider({ readers: [reader] }))).to.equal('ALREADY_REGISTERED');
    const ended = connect();
    await ended.shutdown();
    expect(await codeOf(() => new MeterProvider({ readers: [ended] }))).to.equal('READER_SHUT_DOWN');
  });

  it('should give what the provider has by itself, and nothing without one', async () => {
    const reader = connect();
    expect((await reader.collect()).resourceMetrics.scopeMetrics).to.deep.equal([]);
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('m').createCounter('c').add(3);
    const { resourceMetrics } = await reader.collect({ timeoutMillis: 100 });
    const [metric] = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    expect(metric?.dataPoints[0]?.value).to.equal(3);
  });

  it('should offer what there is when the process has nothing left to do, unless it was shut down', async () => {
    const before = process.listenerCount('beforeExit');
    const offer = async (): Promise<void> => void events.push('offer');
    const provider = new MeterProvider({ readers: [connect({ offer })] });
    const [listener] = process.rawListeners('beforeExit').slice(before);
    (listener as () => void)();
    expect(events).to.deep.equal(['there', 'offer']);
    await provider.shutdown();
    await new MeterProvider({ readers: [connect({ offer })] }).shutdown();
    expect(process.listenerCount('beforeExit')).to.equal(before);
  });
});
