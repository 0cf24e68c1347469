// Goal: the command from its start to its end. Method: the command itself, with a server on loopback in the place of kubectl proxy.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { run } from '../../lib/cli/run.js';
import { watch } from '../../lib/cli/watch.js';
import { begin, json, statusFault, TestApiServer } from '../kubernetes/test-api-server.js';
import { TestConfigMap } from '../kubernetes/test-config-map.js';
import { RunningWatch, watchedWorkflow } from './running-watch.js';

describe(watch.name, () => {
  let server: TestApiServer;

  beforeEach(async () => {
    server = await TestApiServer.start();
  });

  afterEach(() => server.close());

  const watchesOf = (path: string): Promise<unknown> =>
    server.asked(seen => seen.kind === 'watch' && seen.path.endsWith(path));

  it('should serve what it saw since it began, and end with 0', async () => {
    server.change('ADDED', watchedWorkflow('before', 'argo'));
    const begun = watchesOf('/workflows');
    const running = new RunningWatch(['--server', server.url.href]);
    await begun;
    server.change('ADDED', watchedWorkflow('a', 'argo'));
    server.change('ADDED', watchedWorkflow('b', 'argo'));
    await server.caughtUp();
    expect(await running.metrics()).to.equal(
      '# HELP argo_workflows_runs Runs\n# TYPE argo_workflows_runs counter\nargo_workflows_runs{namespace="argo"} 2\n',
    );
    expect(await running.end()).to.equal(ExitCode.ok);
    const [list] = server.requests;
    expect(list?.path).to.equal('/apis/argoproj.io/v1alpha1/workflows');
    expect(list?.query.get('labelSelector')).to.equal('!workflows.argoproj.io/controller-instanceid');
    expect(list?.headers['user-agent']).to.match(/^otel-argo-metrics\/\d+\.\d+\.\d+$/);
    expect(running.said).to.match(
      /^\S+ info watching workflows at http:\S+, metrics at http:\S+\n\S+ warning no state is kept: .*\n\S+ info all workflows of all namespaces are known; from now on they are watched\n$/,
    );
  });

  it('should parse nothing of a workflow that nobody asks for', async () => {
    const workflow = watchedWorkflow('a', 'argo');
    const metadata = { ...workflow.metadata, resourceVersion: '2000', managedFields: ['x'.repeat(3000)] };
    const line = JSON.stringify({ type: 'ADDED', object: { ...workflow, metadata } });
    server.fault('watch', response => {
      begin(response);
      response.write(`${line.replace(/"x+"/, text => text.slice(1, -1))}\n`);
    });
    const begun = watchesOf('/workflows');
    const running = new RunningWatch(['--server', server.url.href]);
    await begun;
    let metrics = '';
    while (metrics === '' && !running.said.includes('OBJECT_INVALID')) metrics = await running.metrics();
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(metrics).to.include('argo_workflows_runs{namespace="argo"} 1');
  });

  it('should list and watch each namespace by itself, and the workflows of one controller', async () => {
    const begun = Promise.all([watchesOf('/a/workflows'), watchesOf('/b/workflows')]);
    const argv = [
      '--server',
      server.url.href,
      '--namespace',
      'a',
      '--namespace',
      'b',
      '--instance-id',
      'mine',
    ];
    const running = new RunningWatch(argv);
    await begun;
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(
      server.requests.map(({ kind, path }) => `${kind} ${path.split('/').slice(4).join('/')}`).sort(),
    ).to.deep.equal([
      'list namespaces/a/workflows',
      'list namespaces/b/workflows',
      'watch namespaces/a/workflows',
      'watch namespaces/b/workflows',
    ]);
    for (const { query } of server.requests)
      expect(query.get('labelSelector')).to.equal('workflows.argoproj.io/controller-instanceid=mine');
  });

  it('should show a new counter as 0 first, by default, and limit labels, as a file says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'otel-argo-metrics-'));
    try {
      const file = join(folder, 'watch.yaml');
      await writeFile(
        file,
        'limits: {pageSize: 10}\nviews: [{instrumentName: argo_workflows_runs, labels: {namespace: {drop: true}}}]\n',
      );
      server.change('ADDED', watchedWorkflow('before', 'argo'));
      const begun = watchesOf('/workflows');
      const argv = ['--server', server.url.href, '--config', file];
      const running = new RunningWatch(argv, { OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '' });
      await begun;
      server.change('ADDED', watchedWorkflow('a', 'argo'));
      await server.caughtUp();
      expect((await running.metrics()).split('\n').at(-2)).to.equal('argo_workflows_runs 0');
      expect(await running.end()).to.equal(ExitCode.ok);
      expect(server.requests[0]?.query.get('limit')).to.equal('10');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('should say what it does itself, whatever Views, limits and names of the user are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watch-'));
    const file = join(folder, 'watch.yaml');
    await writeFile(
      file,
      'limits: {cardinalityLimit: 1}\nviews: [{instrumentName: "*_total", limit: 1, labels: {type: {drop: true}}}]\n',
    );
    server.change('ADDED', watchedWorkflow('before', 'argo'));
    const begun = watchesOf('/workflows');
    const argv = ['--server', server.url.href, '--config', file, '--state', join(folder, 'state')];
    // Those that are older than nothing are shown as they are.
    const running = new RunningWatch(argv, { OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '1h' });
    await begun;
    // A metric of that name, and one that is broken.
    server.change('ADDED', watchedWorkflow('a', 'argo', { name: 'otel_argo_metrics_relists_total' }));
    server.change('ADDED', watchedWorkflow('b', 'argo', { counter: { value: 'many' } }));
    await server.caughtUp();
    const own = await running.selfMetrics();
    expect(await running.metrics()).to.contain('\nargo_workflows_otel_argo_metrics_relists_total{');
    expect(await running.end()).to.equal(ExitCode.ok);
    const expected = {
      'events_total{type="ADDED"}': 2,
      'events_total{type="DELETED"}': 0,
      relists_total: 0,
      'workflows{state="finished"}': 3,
      'workflows{state="running"}': 0,
      emissions_total: 1,
      state_errors_total: 0,
    };
    expect(Object.fromEntries(Object.keys(expected).map(name => [name, own.get(name)]))).to.deep.equal(
      expected,
    );
    expect(own.get('diagnostics_total{code="VALUE_INVALID",template="b"}')).to.be.greaterThan(0);
    expect(own.get('state_bytes')).to.be.greaterThan(0);
    expect(own.get('state_age_seconds')).to.be.at.least(0);
    const streams = [...own.keys()].filter(name => name.startsWith('stream_series{'));
    expect(streams).to.have.length(1);
    await rm(folder, { recursive: true });
  });

  it('should be ready when all is known, and not before, and healthy all the time', async () => {
    let answer: () => void = () => undefined;
    server.fault('list', response => {
      answer = () => json(response, 200, { kind: 'XList', items: [], metadata: { resourceVersion: '1000' } });
    });
    const asked = server.asked(() => true);
    const running = new RunningWatch(['--server', server.url.href]);
    await asked;
    expect(await running.answer('/readyz')).to.deep.equal([
      503,
      'not all workflows of all namespaces are known yet\n',
    ]);
    expect(await running.answer('/healthz')).to.deep.equal([200, 'ok\n']);
    expect((await running.selfMetrics()).get('ready')).to.equal(0);
    expect((await running.selfMetrics()).get('watch_lag_seconds')).to.be.greaterThan(0);
    const begun = watchesOf('/workflows');
    answer();
    await begun;
    expect(await running.answer('/readyz')).to.deep.equal([200, 'ok\n']);
    expect((await running.selfMetrics()).get('ready')).to.equal(1);
    // A watch that is ended is begun again, and what it cannot show is listed.
    server.fault('watch', statusFault(410, 'Expired'));
    await server.caughtUp();
    await server.caughtUp();
    expect(await running.answer('/readyz')).to.deep.equal([200, 'ok\n']);
    const own = await running.selfMetrics();
    expect(own.get('relists_total')).to.equal(1);
    expect(own.get('reconnects_total{reason="gone"}')).to.equal(1);
    expect(own.get('reconnects_total{reason="ended"}')).to.be.at.least(1);
    const { url } = running;
    const post = await fetch(new URL('/healthz', url), { method: 'POST' });
    expect(post.status).to.equal(405);
    await running.end();
  });

  it('should obey a metricsConfig, and say what it cannot do with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watch-'));
    const file = join(folder, 'config.yaml');
    await writeFile(file, 'modifiers:\n  runs:\n    disabledAttributes: [namespace]\nsecure: true\n');
    const begun = watchesOf('/workflows');
    const running = new RunningWatch(['--server', server.url.href, '--metrics-config', file]);
    await begun;
    server.change('ADDED', watchedWorkflow('a', 'argo'));
    await server.caughtUp();
    expect(await running.metrics()).to.contain('\nargo_workflows_runs 1\n');
    await running.end();
    expect(running.said).to.contain(' warning ').and.contain('metricsConfig.secure');
    await rm(folder, { recursive: true });
  });

  it('should obey a metricsConfig of a ConfigMap, also what becomes of it', async () => {
    const configMap = new TestConfigMap(server);
    configMap.write({ metricsConfig: 'modifiers:\n  runs:\n    disabledAttributes: [namespace]\n' });
    const folder = await mkdtemp(join(tmpdir(), 'watch-'));
    const file = join(folder, 'config.yaml');
    await writeFile(file, 'metricsConfig:\n  configMap: argo/settings\n');
    const begun = watchesOf('/workflows');
    const configWatched = watchesOf('/configmaps');
    const running = new RunningWatch(['--server', server.url.href, '--config', file]);
    await Promise.all([begun, configWatched]);
    server.change('ADDED', watchedWorkflow('a', 'argo'));
    await server.caughtUp();
    expect(await running.metrics()).to.contain('\nargo_workflows_runs 1\n');
    configMap.write({ config: 'metricsConfig:\n  metricsTTL: 1h\n' });
    const read = server.asked(({ path }) => path.endsWith('/settings'));
    configMap.endWatches();
    await read;
    server.change('ADDED', watchedWorkflow('b', 'argo'));
    await server.caughtUp();
    const page = await running.metrics();
    expect(page)
      .to.contain('\nargo_workflows_runs 1\n')
      .and.contain('\nargo_workflows_runs{namespace="argo"} 1\n');
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(running.said).to.contain(
      ' info configmaps settings in namespace argo: metricsConfig counts for what is recorded from now on: modifiers.runs.disabledAttributes, metricsTTL\n',
    );
    await rm(folder, { recursive: true });
  });

  it('should end where the ConfigMap is missing, and say which', async () => {
    new TestConfigMap(server);
    const folder = await mkdtemp(join(tmpdir(), 'watch-'));
    const file = join(folder, 'config.yaml');
    await writeFile(file, 'metricsConfig:\n  configMap: argo/settings\n');
    const running = new RunningWatch(['--server', server.url.href, '--config', file]);
    expect(await running.done).to.equal(ExitCode.failed);
    expect(running.said).to.contain('get of configmaps settings in namespace argo: 404 NotFound');
    await rm(folder, { recursive: true });
  });

  it('should say what is wrong with a metric once for its template, and at the end how often it was left out', async () => {
    const begun = watchesOf('/workflows');
    const running = new RunningWatch(['--server', server.url.href]);
    await begun;
    for (let index = 0; index < 5; index++) {
      const made = watchedWorkflow(`etl-${index}`, 'argo', { counter: { value: 'many' } });
      server.change('ADDED', { ...made, metadata: { ...made.metadata, generateName: 'etl-' } } as ReturnType<
        typeof watchedWorkflow
      >);
    }
    await server.caughtUp();
    await running.end();
    const lines = running.said.split('\n').filter(line => line.includes(' error '));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/ error all namespaces: etl-\*: .*\(runs\).*\[VALUE_INVALID\]/);
    expect(running.said).to.match(/ info \d+ more messages like those before were left out\n$/);
  });

  it('should say what keeps it from watching, and end all the same when it is told to', async () => {
    const status = {
      kind: 'Status',
      message: 'workflows.argoproj.io is forbidden: User "x" cannot list',
      code: 403,
    };
    const asked = server.asked(() => true);
    server.fault('list', response => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...status, reason: 'Forbidden' }));
    });
    const running = new RunningWatch(['--server', server.url.href, '--namespace', 'argo']);
    await asked;
    // It is said once the answer is read.
    while (!running.said.includes('forbidden')) await new Promise(resolve => setImmediate(resolve));
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(running.said).to.contain(
      'warning list of workflows of namespace argo: 403 Forbidden workflows.argoproj.io is forbidden: User "x" cannot list. ' +
        'Does this account have the verbs list and watch on workflows.argoproj.io there?; tried again in 10 s\n',
    );
  });

  it('should say that a connection broke, and what came after it is counted', async () => {
    const begun = watchesOf('/workflows');
    const running = new RunningWatch(['--server', server.url.href]);
    await begun;
    server.change('ADDED', watchedWorkflow('a', 'argo'));
    await server.caughtUp('destroy');
    expect(await running.metrics()).to.contain('argo_workflows_runs{namespace="argo"} 1');
    await running.end();
    expect(running.said).to.contain(
      ' warning watch of workflows of all namespaces: the connection broke; tried again in 1 s\n',
    );
  });

  it('should end with 1 when the address is taken, no file is there, or nobody says which server', async () => {
    const taken = new RunningWatch(['--server', server.url.href, '--listen', `127.0.0.1:${server.port}`]);
    expect(await taken.done).to.equal(ExitCode.failed);
    expect(taken.said).to.match(/^otel-argo-metrics: .*\[ENDPOINT_FAILED\]\n$/);
    const noFile = new RunningWatch(['--server', server.url.href, '--metrics-config', '/nowhere/config']);
    expect(await noFile.done).to.equal(ExitCode.failed);
    expect(noFile.said).to.contain('/nowhere/config');
    const nowhere = new RunningWatch([]);
    expect(await nowhere.done).to.equal(ExitCode.failed);
    expect(nowhere.said).to.contain('which API server?');
    expect(server.requests).to.deep.equal([]);
  });

  it('should end at once when it was told to before it began', async () => {
    const controller = new AbortController();
    controller.abort();
    const exitCode = await run(['watch', '--listen', '127.0.0.1:0', '--server', server.url.href], {
      ...{ stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough().resume(), env: {} },
      ...{ clock: { now: () => 0 }, signal: controller.signal },
    });
    expect(exitCode).to.equal(ExitCode.ok);
    expect(server.requests).to.deep.equal([]);
  });
});
