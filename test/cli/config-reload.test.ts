// Goal: a configuration that changes is checked first, and what of it counts is said. Method: real files, looked at every few
// milliseconds, and the log that a user reads.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { ConfigReload } from '../../lib/cli/config-reload.js';
import { readWatchSources } from '../../lib/cli/watch-setup.js';
import { WatchLog } from '../../lib/cli/watch-log.js';
import { ApiClient } from '../../lib/kubernetes/api-client.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { TestApiServer } from '../kubernetes/test-api-server.js';

describe(ConfigReload.name, () => {
  let folder: string;
  let file: string;
  let end: AbortController;
  let client: ApiClient;
  let running: Promise<void> | undefined;
  let ask = (): void => undefined;
  let said = '';
  let onSaid = (): void => undefined;
  const configured: object[] = [];
  const outcomes: boolean[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reload-'));
    file = join(folder, 'watch.yaml');
    end = new AbortController();
    client = new ApiClient(proxyAccess(new URL('http://127.0.0.1:9')), 'test');
    said = '';
    running = undefined;
    configured.length = outcomes.length = 0;
  });

  afterEach(async () => {
    end.abort();
    await running;
    client.close();
    await rm(folder, { recursive: true });
  });

  const log = (): WatchLog => {
    const stderr = new PassThrough();
    stderr.on('data', (piece: Buffer) => {
      said += piece.toString().replaceAll(folder, 'FOLDER').replace(/^\S+ /gm, '');
      onSaid();
    });
    return new WatchLog({ stderr, clock: Date }, { format: 'text', level: 'info' });
  };
  const isSaid = (text: string): Promise<void> =>
    new Promise(resolve => {
      onSaid = () => {
        if (said.includes(text)) resolve();
      };
      onSaid();
    });
  /** At once: nobody finds it empty, or half of it. */
  async function put(path: string, text: string): Promise<void> {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }
  async function begin(text: string, flags = {}): Promise<ConfigReload> {
    await put(file, text);
    const options = { flags, configFile: file };
    const { config } = await readWatchSources(options, {});
    if (config === undefined) throw new Error('the test is wrong');
    const onHangup = (listener: () => void): (() => void) => {
      ask = listener;
      return () => undefined;
    };
    const context = { env: {}, signal: end.signal, onHangup };
    return ConfigReload.begin({ config, options, context, client, log: log(), lookMillis: 5 });
  }
  async function run(text: string, flags = {}): Promise<void> {
    const reload = await begin(text, flags);
    const customMetrics = { configure: (metricsConfig: object) => void configured.push(metricsConfig) };
    const metrics = { configReloaded: (isSuccess: boolean) => void outcomes.push(isSuccess) };
    running = reload.run({ customMetrics, metrics }, end.signal);
  }
  /** Long enough for several looks. */
  const looks = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 60));

  it('should say nothing while nothing changes, and what it was asked for', async () => {
    await run('metricsConfig: {metricsTTL: 1h}');
    await looks();
    expect(said).to.equal('');
    ask();
    await isSaid('info FOLDER/watch.yaml was read again\n');
    await put(file, '# a comment\nmetricsConfig: {metricsTTL: "1h"}');
    said = '';
    await isSaid('info FOLDER/watch.yaml was read again\n');
    expect(configured).to.deep.equal([]);
    expect(outcomes).to.include(true).and.not.include(false);
  });

  it('should apply what it can, and name what needs a restart', async () => {
    await run('metricsConfig: {modifiers: {a: {ttl: 1h}, b: {disabled: true}}}\n');
    await put(
      file,
      'metricsConfig: {metricsTTL: 2h, modifiers: {a: {histogramBuckets: [1]}, b: {disabled: true}}}\nlimits: {pageSize: 10}\nlog: {level: warn}',
    );
    await isSaid('needs a restart');
    expect(said).to.equal(
      'info FOLDER/watch.yaml: metricsConfig counts for what is recorded from now on: modifiers.a.ttl, modifiers.a.histogramBuckets, metricsTTL\n' +
        'warning FOLDER/watch.yaml: metrics that are there already need a restart for modifiers.a.ttl, metricsTTL\n' +
        'warning FOLDER/watch.yaml: metrics that are there already keep their buckets: modifiers.a.histogramBuckets\n' +
        'warning FOLDER/watch.yaml: needs a restart, until which the values of before count: limits.pageSize, log.level\n',
    );
    expect(configured).to.deep.equal([
      { metricsTTL: '2h', modifiers: { a: { histogramBuckets: [1] }, b: { disabled: true } } },
    ]);
    await put(file, '');
    await isSaid('recorded from now on: metricsTTL, modifiers.a.histogramBuckets, modifiers.b.disabled\n');
    expect(configured.at(-1)).to.deep.equal({});
  });

  it('should keep the one of before where a file is wrong, say where, and say so until a good one is there', async () => {
    const good = 'metricsConfig: {metricsTTL: 1h}';
    await run(good);
    await put(file, 'metricsConfig: {metricsTTL: soon}\nlimit: {pageSize: 1}');
    await isSaid('configuration of before is kept');
    expect(said).to.match(
      /^error FOLDER\/watch\.yaml:1:29: .*\[CONFIG_INVALID\]\nerror FOLDER\/watch\.yaml:2:1: unknown key "limit" \[FIELD_UNKNOWN\] Did you mean 'limits'\?\nerror FOLDER\/watch\.yaml: the configuration of before is kept\n$/,
    );
    await looks();
    expect(outcomes.at(-1)).to.equal(false);
    await rm(file);
    await isSaid('ENOENT');
    await put(file, good);
    await isSaid('was read again');
    expect(outcomes.at(-1)).to.equal(true);
    expect(configured).to.deep.equal([]);
  });

  it('should go on with a metricsConfig of a file, and leave the place of it for a restart', async () => {
    const metrics = join(folder, 'metrics.yaml');
    await put(metrics, 'metricsTTL: 1h');
    await run(`metricsConfig: ${metrics}\n`);
    await put(metrics, 'metricsTTL: soon');
    await isSaid('error FOLDER/metrics.yaml: metricsConfig.metricsTTL: ');
    await isSaid('error FOLDER/metrics.yaml: the metricsConfig of before is kept\n');
    expect(outcomes.at(-1)).to.equal(false);
    await put(metrics, 'metricsTTL: 1h\n');
    while (outcomes.at(-1) === false) await looks();
    expect(configured).to.deep.equal([]);
    await put(metrics, 'metricsTTL: 2h');
    await isSaid(
      'info FOLDER/metrics.yaml: metricsConfig counts for what is recorded from now on: metricsTTL\n',
    );
    await rm(metrics);
    await isSaid('ENOENT');
    expect(outcomes.at(-1)).to.equal(false);
    await put(file, 'metricsConfig: {metricsTTL: 3h}');
    await isSaid('needs a restart, until which the values of before count: metricsConfig\n');
    expect(configured).to.deep.equal([{ metricsTTL: '2h' }]);
  });

  it('should leave to a flag what the flag says', async () => {
    const metrics = join(folder, 'metrics.yaml');
    await put(metrics, 'metricsTTL: 1h');
    await run('metricsConfig: {}', { 'metrics-config': metrics });
    // Until both files were read once more: of what changes before that, and means the same, nobody hears.
    while (outcomes.length < 3) await looks();
    await put(file, 'metricsConfig: {metricsTTL: 2h}');
    await isSaid('was read again');
    expect(configured).to.deep.equal([]);
  });

  it('should end the client where there is nothing to begin with', async () => {
    const server = await TestApiServer.start();
    client = new ApiClient(proxyAccess(server.url), 'test');
    server.fault('list', response => response.writeHead(404).end());
    const begun: unknown = await begin('metricsConfig: {configMap: argo/settings}').catch(
      (error: unknown) => error,
    );
    expect((begun as Error).message).to.contain('get of configmaps settings in namespace argo: 404');
    await server.close();
  });
});
