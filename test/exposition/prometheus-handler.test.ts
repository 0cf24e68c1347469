import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { prometheusHandler, type PrometheusHandler } from '../../lib/exposition/prometheus-handler.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { ask, serve, type RunningServer } from './http-client.js';

describe('prometheusHandler', () => {
  let store: MetricStore;
  const servers: RunningServer[] = [];
  beforeEach(() => {
    store = createStore({ shared: false });
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()));
    await store.shutdown();
  });

  const start = async (handler: PrometheusHandler): Promise<string> => {
    const server = await serve(handler);
    servers.push(server);
    return server.url;
  };

  it('should answer with what was recorded before, in a server of the application', async () => {
    const url = await start(prometheusHandler({ store }));
    const counter = store.getMeter('').createCounter('jobs');
    for (let expected = 1; expected <= 3; expected++) {
      counter.add(1);
      const { status, body } = await ask(url);
      expect([status, body.toString()]).to.deep.equal([
        200,
        `# TYPE jobs_total counter\njobs_total ${expected}\n`,
      ]);
    }
  });

  it('should share the work of twenty that come at once', async () => {
    let collections = 0;
    let [asked, letGo]: [number, () => void] = [0, () => undefined];
    const allAsked = new Promise<void>(resolve => (letGo = resolve));
    const counter = store.getMeter('').createObservableCounter('collections');
    counter.addCallback(async result => {
      collections++;
      await allAsked;
      result.observe(collections);
    });
    const handler = prometheusHandler({ store, scrapesMax: 64 });
    const url = await start((request, response) => {
      handler(request, response);
      if (++asked === 20) letGo();
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(url)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array<number>(20).fill(200));
    expect(collections).to.equal(2);
  });

  it('should answer 500 when there is nothing but errors', async () => {
    store
      .getMeter('')
      .createObservableGauge('broken')
      .addCallback(() => {
        throw new Error('sensor is gone');
      });
    const { status, body } = await ask(await start(prometheusHandler({ store })));
    expect(status).to.equal(500);
    expect(body.toString()).to.contain('sensor is gone');
  });

  it('should not throw whatever it is called with, and say once what it wants', () => {
    const said: string[] = [];
    const ignore = (): void => undefined;
    const logger = { warn: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, error: (...parts: unknown[]) => said.push(parts.join(' ')) });
    try {
      const handler = prometheusHandler({ store }) as (...parts: unknown[]) => unknown;
      const revoked = Proxy.revocable({}, {});
      revoked.revoke();
      const rows: unknown[][] = [
        [],
        [undefined, null],
        [{}, {}],
        [1, 'x'],
        [new Request('http://localhost/metrics')],
        [{ raw: {} }, { raw: {}, send: ignore }],
        [revoked.proxy, revoked.proxy],
      ];
      for (const row of rows) expect(handler(...row)).to.equal(undefined);
    } finally {
      diag.disable();
    }
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('reply.raw').and.to.contain('collectPrometheus()');
  });

  it('should refuse what is not a store, options out of bounds and those of the endpoint', () => {
    const rows: [options: object, code: string, named: string][] = [
      [{ store: {} }, 'NOT_A_STORE_HANDLE', 'createStore'],
      [{ store, scrapesMax: 65 }, 'INVALID_OPTION', 'scrapesMax'],
      [{ store, gzipLevel: 10 }, 'INVALID_OPTION', 'gzipLevel'],
      [{ store, path: '/metrics' }, 'INVALID_OPTION', '"path"'],
      [{ store, allowedHosts: [] }, 'INVALID_OPTION', '"allowedHosts"'],
    ];
    for (const [options, code, named] of rows)
      expect(() => prometheusHandler(options as never), named)
        .to.throw(MetricStoreError, named)
        .with.property('code', code);
  });
});
