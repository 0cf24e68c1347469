import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { MetricsConfigSetting } from '../../lib/cli/config/metrics-config-type.js';
import { metricsConfigSource, type MetricsConfigSource } from '../../lib/cli/metrics-config-source.js';
import { ApiClient } from '../../lib/kubernetes/api-client.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { statusFault, statusOf, json, TestApiServer } from '../kubernetes/test-api-server.js';
import { TestConfigMap } from '../kubernetes/test-config-map.js';

describe('metricsConfigSource', () => {
  let server: TestApiServer;
  let configMap: TestConfigMap;
  let client: ApiClient;
  let end: AbortController;
  let folder: string;
  const told: string[] = [];
  let onTold = (): void => undefined;

  beforeEach(async () => {
    server = await TestApiServer.start();
    configMap = new TestConfigMap(server);
    client = new ApiClient(proxyAccess(server.url), 'test');
    end = new AbortController();
    folder = await mkdtemp(join(tmpdir(), 'source-'));
    told.length = 0;
  });

  afterEach(async () => {
    end.abort();
    client.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  const tell = (text: string): void => {
    told.push(text);
    onTold();
  };
  const sourceOf = (setting: MetricsConfigSetting | undefined): MetricsConfigSource =>
    metricsConfigSource({
      ...{ setting, client, context: {}, lookMillis: 5 },
      onDelay: (key, why) => tell(`delay ${key}: ${why}`),
    });
  const run = (source: MetricsConfigSource): Promise<void> =>
    source.run(
      {
        take: metricsConfig => tell(`take ${JSON.stringify(metricsConfig)}`),
        failed: why => tell(`failed ${why}`),
      },
      end.signal,
    );
  /** Resolves once that was told. */
  const isTold = (pattern: RegExp): Promise<void> =>
    new Promise(resolve => {
      onTold = () => {
        if (told.some(text => pattern.test(text))) resolve();
      };
      onTold();
    });
  const refusal = async (reading: Promise<object>): Promise<string> => {
    const error: unknown = await reading.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    return (error as Error).message;
  };
  const ofCluster = { configMap: { namespace: 'argo', name: 'settings' } };

  it('should be what stands in the configuration, or nothing, and end with the signal', async () => {
    expect(await sourceOf(undefined).read(end.signal)).to.deep.equal({});
    const source = sourceOf({ inline: { metricsTTL: '1h' } });
    expect(await source.read(end.signal)).to.deep.equal({ metricsTTL: '1h' });
    const running = run(source);
    end.abort();
    await running;
    await run(source);
    expect([source.name, ...told]).to.deep.equal(['']);
  });

  it('should be what stands in a file, also after a change that was not good', async () => {
    const path = join(folder, 'a.yaml');
    await writeFile(path, 'metricsTTL: 1h');
    const source = sourceOf({ file: path });
    expect(await source.read(end.signal)).to.deep.equal({ metricsTTL: '1h' });
    const running = run(source);
    await writeFile(path, 'metricsTTL: [');
    await isTold(/^failed .*a\.yaml is neither YAML nor JSON/);
    await rm(path);
    await isTold(/^failed .*ENOENT.*a\.yaml/);
    await writeFile(path, 'metricsTTL: 2h');
    await isTold(/^take \{"metricsTTL":"2h"\}$/);
    end.abort();
    await running;
  });

  it('should be what stands in a ConfigMap, under either of its keys, and what becomes of it', async () => {
    configMap.write({ config: 'metricsConfig:\n  metricsTTL: 1h\nparallelism: 5' });
    const source = sourceOf(ofCluster);
    expect(source.name).to.equal('configmaps settings in namespace argo');
    expect(await source.read(end.signal)).to.deep.equal({ metricsTTL: '1h' });
    const running = run(source);
    configMap.write({ metricsConfig: 'metricsTTL: 2h' });
    await isTold(/^take \{"metricsTTL":"2h"\}$/);
    configMap.write({ metricsConfig: 'metricsTTL: [' });
    await isTold(/^failed configmaps settings in namespace argo is neither YAML nor JSON/);
    configMap.write({ parallelism: '5' });
    await isTold(/^take \{\}$/);
    configMap.write(undefined);
    await isTold(/^failed get of configmaps settings in namespace argo: 404 NotFound/);
    end.abort();
    await running;
  });

  it('should say verb, resource and name of what is missing or forbidden', async () => {
    expect(await refusal(sourceOf(ofCluster).read(end.signal))).to.equal(
      'get of configmaps settings in namespace argo: 404 NotFound it is NotFound',
    );
    configMap.faults.get.push(response =>
      json(response, 403, statusOf(403, 'Forbidden', {}, 'x cannot get it')),
    );
    expect(await refusal(sourceOf(ofCluster).read(end.signal))).to.equal(
      'get of configmaps settings in namespace argo: 403 Forbidden x cannot get it. Does this account have the verbs get and watch on it?',
    );
    configMap.write({ metricsConfig: '[]' });
    expect(await refusal(sourceOf(ofCluster).read(end.signal))).to.contain('holds no object');
  });

  it('should say that a server does not answer, or does not let it watch, and go on', async () => {
    configMap.write({ metricsConfig: 'metricsTTL: 1h' });
    configMap.faults.get.push(statusFault(503, 'ServiceUnavailable'));
    const source = sourceOf(ofCluster);
    expect(await source.read(end.signal)).to.deep.equal({ metricsTTL: '1h' });
    expect(told[0]).to.match(/^delay get 503: get of configmaps .*; tried again in 1 s$/);
    configMap.faults.watch.push(statusFault(403, 'Forbidden'));
    const running = run(source);
    await isTold(
      /^delay watch 403: watch of configmaps .* verbs get and watch on it\?; tried again in 10 s$/,
    );
    end.abort();
    await running;
    expect(told.filter(text => text.startsWith('failed'))).to.deep.equal([]);
  });

  it('should be nothing where it is told to end before it knows', async () => {
    configMap.faults.get.push(() => undefined);
    const asked = server.asked(() => true);
    const reading = sourceOf(ofCluster).read(end.signal);
    await asked;
    end.abort();
    expect(await reading).to.deep.equal({});
  });
});
