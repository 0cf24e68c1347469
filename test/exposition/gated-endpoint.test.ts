import { expect } from 'chai';
import { startGatedEndpoint, type PrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { ask } from './http-client.js';

describe(startGatedEndpoint.name, () => {
  const store = createStore({ shared: false });
  const place = { store, host: '127.0.0.1', port: 0 };
  let endpoint: PrometheusEndpoint;
  let problem: string | undefined;
  const checks = new Map([
    ['/healthz', () => problem],
    ['/metrics', () => 'never asked'],
  ]);

  const at = async (path: string, method = 'GET'): Promise<[number | undefined, string]> => {
    const { status, body } = await ask(new URL(path, endpoint.url).href, { method });
    return [status, body.toString()];
  };

  afterEach(() => endpoint.shutdown());
  after(() => store.shutdown());

  it('should answer its checks before anything may be collected', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>(resolve => (open = resolve));
    endpoint = await startGatedEndpoint(place, { opened, checks });
    problem = undefined;
    let isCollected = false;
    const scrape = at('/metrics').then(answer => {
      isCollected = true;
      return answer;
    });
    expect(await at('/healthz')).to.deep.equal([200, 'ok\n']);
    problem = 'it stands still';
    expect(await at('/healthz?verbose')).to.deep.equal([503, 'it stands still\n']);
    expect(await at('/healthz', 'HEAD')).to.deep.equal([503, '']);
    expect((await at('/healthz', 'PUT'))[0]).to.equal(405);
    expect(isCollected).to.equal(false);
    open();
    expect((await scrape)[0]).to.equal(200);
  });

  it('should answer them, and no scrape, while nothing may be shown', async () => {
    endpoint = await startGatedEndpoint(place, {
      ...{ opened: Promise.resolve(), checks },
      mayBeShown: () => Promise.resolve(false),
    });
    problem = undefined;
    expect((await at('/metrics'))[0]).to.equal(500);
    expect(await at('/healthz')).to.deep.equal([200, 'ok\n']);
  });

  it('should answer them beside the page, and without one', async () => {
    endpoint = await startGatedEndpoint(place, { opened: Promise.resolve(), checks });
    expect((await at('/'))[0]).to.equal(200);
    await endpoint.shutdown();
    endpoint = await startGatedEndpoint({ ...place, page: false }, { opened: Promise.resolve(), checks });
    expect((await at('/'))[0]).to.equal(404);
    expect(await at('/healthz')).to.deep.equal([200, 'ok\n']);
  });
});
