// Goal: what is said to be there is there for `watch`, and of what is not, it is said what lacks. Method: the command itself, a server
// on loopback that refuses, real folders.
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { run } from '../../lib/cli/run.js';
import { checkWatch } from '../../lib/cli/watch-check.js';
import { begin, json, statusFault, statusOf, TestApiServer } from '../kubernetes/test-api-server.js';

describe(checkWatch.name, () => {
  let server: TestApiServer;
  let folder: string;

  beforeEach(async () => {
    server = await TestApiServer.start();
    folder = await mkdtemp(join(tmpdir(), 'otel-argo-metrics-'));
  });

  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function check(...argv: string[]): Promise<{ code: number; lines: string[]; error: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await run(['watch', '--check', '--server', server.url.href, ...argv], {
      ...{ stdin: Readable.from([]), stdout, stderr, env: {}, clock: { now: () => 0 } },
      signal: new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    return { code, lines: (await text(stdout)).split('\n').slice(0, -1), error: await text(stderr) };
  }

  it('should say that all is there, having tried a list and a watch of each namespace, and leave nothing', async () => {
    const { code, lines, error } = await check(
      '--namespace',
      'a',
      '--namespace',
      'b',
      '--instance-id',
      'mine',
    );
    expect([code, error]).to.deep.equal([0, '']);
    expect(lines).to.deep.equal([
      'ok     list workflows.argoproj.io of namespace a',
      'ok     watch workflows.argoproj.io of namespace a',
      'ok     list workflows.argoproj.io of namespace b',
      'ok     watch workflows.argoproj.io of namespace b',
    ]);
    expect(server.requests.map(({ kind, path }) => `${kind} ${path.slice(-11)}`).sort()).to.deep.equal([
      'list a/workflows',
      'list b/workflows',
      'watch a/workflows',
      'watch b/workflows',
    ]);
    for (const { query } of server.requests)
      expect(query.get('labelSelector')).to.equal('workflows.argoproj.io/controller-instanceid=mine');
  });

  it('should try the folder of the state, or the one that it would be made in', async () => {
    for (const dir of [folder, join(folder, 'not', 'there')]) {
      const { code, lines } = await check('--state', dir);
      expect([code, lines[2]]).to.deep.equal([0, `ok     state in ${dir}`]);
      expect(await readdir(folder)).to.deep.equal([]);
    }
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, lines } = await check('--state', file);
    expect([code, lines[2]]).to.deep.equal([1, `failed state in ${file}: ${file} is no folder`]);
  });

  it('should say that a folder cannot be written', async function () {
    if (process.getuid?.() === 0) return this.skip(); // Nothing is forbidden to root.
    await chmod(folder, 0o500);
    const { code, lines } = await check('--state', folder);
    expect(code).to.equal(1);
    expect(lines[2]).to.match(/^failed state in .*: EACCES/);
    await chmod(folder, 0o700);
  });

  it('should name the right that lacks', async () => {
    server.fault('watch', response =>
      json(response, 403, statusOf(403, 'Forbidden', {}, 'User "x" cannot watch')),
    );
    const one = await check('--namespace', 'a');
    expect([one.code, one.lines]).to.deep.equal([
      1,
      [
        'ok     list workflows.argoproj.io of namespace a',
        'failed watch workflows.argoproj.io of namespace a: 403 Forbidden User "x" cannot watch. What lacks is the verb watch on ' +
          'workflows.argoproj.io in a Role in namespace a that is bound to this account',
      ],
    ]);
    server.fault('list', statusFault(403, 'Forbidden'));
    const all = await check();
    expect(all.lines[0]).to.contain('the verb list on workflows.argoproj.io in a ClusterRole that is bound');
    expect(all.lines[1]).to.match(/^ok /);
  });

  const others: readonly (readonly [string, Parameters<TestApiServer['fault']>[1], RegExp])[] = [
    ['who asks is not known', statusFault(401, 'Unauthorized'), /: 401 Unauthorized it is Unauthorized$/],
    ['the CRDs are not there', statusFault(404, 'NotFound'), /Are the CRDs of Argo Workflows installed\?$/],
    ['the connection breaks', response => response.destroy(), /: the connection broke$/],
    ['it is no API server', response => response.end('<html>'), /is this an API server\?$/],
    ['it is no list', response => json(response, 200, { kind: 'Workflow' }), /no list of Kubernetes$/],
  ];
  for (const [why, fault, expected] of others)
    it(`should say that ${why}`, async () => {
      server.fault('list', fault);
      const { code, lines } = await check();
      expect(code).to.equal(1);
      expect(lines[0])
        .to.match(/^failed list /)
        .and.match(expected);
    });

  it('should not wait for something to come', async () => {
    let isClosed = false;
    const closed = new Promise<void>(resolve =>
      server.fault('watch', response => {
        begin(response);
        response.on('close', () => {
          isClosed = true;
          resolve();
        });
      }),
    );
    expect((await check()).code).to.equal(0);
    await closed;
    expect(isClosed).to.equal(true);
  });

  it('should try nothing where the configuration is wrong', async () => {
    const { code, lines } = await check('--namespace', 'No Name');
    expect([code, lines]).to.deep.equal([2, []]);
    expect(server.requests).to.deep.equal([]);
  });

  it('should read the file of metricsConfig', async () => {
    const file = join(folder, 'metrics.yaml');
    await writeFile(file, 'modifiers: {}\n');
    const { code, lines } = await check('--metrics-config', file);
    expect([code, lines[2]]).to.deep.equal([0, `ok     metricsConfig in ${file}`]);
    await rm(file);
    const missing = await check('--metrics-config', file);
    expect(missing.code).to.equal(1);
    expect(missing.lines[2]).to.match(/^failed metricsConfig in .*ENOENT/);
  });

  it('should get and watch the ConfigMap of metricsConfig, and say what lacks', async () => {
    const path = '/api/v1/namespaces/argo/configmaps/settings';
    const file = join(folder, 'watch.yaml');
    await writeFile(file, 'metricsConfig: { configMap: argo/settings }\n');
    const tried = async (status: number, body: unknown): Promise<string[]> => {
      server.route(path, response => json(response, status, body));
      return (await check('--config', file)).lines.slice(2);
    };
    server.route('/api/v1/namespaces/argo/configmaps', response => void begin(response));
    const metadata = { name: 'settings', resourceVersion: '7' };
    expect(await tried(200, { kind: 'ConfigMap', metadata, data: {} })).to.deep.equal([
      'ok     get configmaps settings of namespace argo',
      'ok     watch configmaps settings of namespace argo',
    ]);
    const forbidden = statusOf(403, 'Forbidden', {}, 'User "x" cannot get');
    expect((await tried(403, forbidden))[0]).to.equal(
      'failed get configmaps settings of namespace argo: 403 Forbidden User "x" cannot get. What lacks is the verb get on configmaps ' +
        'in a Role in namespace argo that is bound to this account',
    );
    expect((await tried(404, statusOf(404, 'NotFound', {}, 'not found')))[0]).to.match(
      /: 404 NotFound not found$/,
    );
    expect((await tried(500, statusOf(500, 'Oops', {}, 'it broke')))[0]).to.match(/: 500 Oops it broke$/);
    const wrong = { kind: 'ConfigMap', metadata, data: { metricsConfig: '- a\n' } };
    expect((await tried(200, wrong))[0]).to.match(/holds no object/);
  });
});
