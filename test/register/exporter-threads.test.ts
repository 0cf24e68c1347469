// What the exporters send, and one that is not installed, is in register.test.ts. Here: one that takes no other along.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import { Environment } from '../../lib/register/environment.js';
import { startExporterThreads } from '../../lib/register/exporter-threads.js';
import { readSettings } from '../../lib/register/settings.js';
import { ask } from '../exposition/http-client.js';
import { captureWarnings } from '../faults/warnings.js';
import { freePort } from './child.js';
import { OtlpReceiver } from './otlp-receiver.js';

describe('startExporterThreads', () => {
  const { env } = process;
  let store: MetricStore;
  let said: string[];
  beforeEach(() => {
    store = createStore({ maxBytes: 2 ** 24 });
    said = captureWarnings();
  });
  afterEach(async () => {
    process.env = env;
    diag.disable();
    await store.shutdown();
  });

  const start = (values: Record<string, string>): ReturnType<typeof startExporterThreads> =>
    startExporterThreads(store, readSettings(new Environment(values)));

  it('should have each exporter in a thread of its own, so that one goes on without the other', async () => {
    const receiver = new OtlpReceiver();
    const OTEL_EXPORTER_OTLP_ENDPOINT = await receiver.listen();
    process.env = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT };
    const port = await freePort();
    const both = { OTEL_METRICS_EXPORTER: 'otlp,prometheus', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const keepers = start({ ...both, OTEL_EXPORTER_PROMETHEUS_PORT: port });
    expect(keepers).to.have.length(2);
    store.getMeter('m').createCounter('c').add(7);
    await Promise.all(keepers.map(keeper => keeper.call('flush')));
    expect(receiver.values('c')).to.deep.equal({ '': 7 });
    const { body } = await ask(keepers[0]?.url ?? keepers[1]?.url ?? '');
    expect(body.toString()).to.match(/^c_total\{.*\} 7$/m);
    // Its port is taken.
    const second = start({ ...both, OTEL_EXPORTER_PROMETHEUS_PORT: port });
    store.getMeter('m').createCounter('c').add(1);
    await Promise.allSettled(second.map(keeper => keeper.call('flush')));
    expect(receiver.values('c')).to.deep.equal({ '': 8 });
    expect(said.join()).to.include('EADDRINUSE');
    await Promise.allSettled([...keepers, ...second].map(keeper => keeper.shutdown()));
    await receiver.close();
  });
});
