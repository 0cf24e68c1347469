// The command as a user runs it, against two servers on loopback whose pages change while it looks.
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { createStore, CustomMetrics, startPrometheusEndpoint } from '../../lib/index.js';
import { PageServer, type ServedPage } from './page-server.js';
import { runInMemory, type Outcome, type Surroundings } from './run-in-memory.js';

const pageOf = (...samples: string[]): string =>
  [
    '# TYPE argo_workflows_runs_total counter',
    '# TYPE go_goroutines gauge',
    'go_goroutines 9',
    ...samples,
    '',
  ].join('\n');
const runs = (count: number, status = 'ok'): string =>
  `argo_workflows_runs_total{status="${status}"} ${count}`;

describe('compare', () => {
  const servers: PageServer[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  async function serve(...pages: ServedPage[]): Promise<PageServer> {
    const server = await PageServer.start(...pages);
    servers.push(server);
    return server;
  }

  async function compare(
    here: PageServer,
    there: PageServer,
    options: readonly string[] = [],
    surroundings: Surroundings = {},
  ): Promise<Outcome> {
    return runInMemory(['compare', '--with', there.url, here.url, '--for', '4ms', ...options], surroundings);
  }

  it('should say that all is equal, and what was compared', async () => {
    const here = await serve(pageOf(runs(3)), pageOf(runs(3)), pageOf(runs(5)));
    const there = await serve(pageOf(runs(103)), pageOf(runs(105)));
    const { stdout, stderr, exitCode } = await compare(here, there);
    expect(stdout).to.match(
      /^1 series of 1 metric in \d+ s\nhere: http.*\nthere: http.*\n\n1 {2}equal\n0 {2}unexplained\n$/,
    );
    expect([stderr, exitCode]).to.deep.equal(['', ExitCode.ok]);
  });

  it('should fail for what nobody explains, and for what only the controller has', async () => {
    const begin = pageOf(runs(3));
    const unexplained = await compare(
      await serve(begin, begin, pageOf(runs(5))),
      await serve(begin, pageOf(runs(4))),
    );
    expect(unexplained.stdout).to.contain(
      '1  unexplained\n    argo_workflows_runs_total{status="ok"}: came 2 here, 1 there\n',
    );
    expect(unexplained.exitCode).to.equal(ExitCode.failed);
    const missing = await compare(await serve(begin), await serve(begin, pageOf(runs(3), runs(2, 'bad'))));
    expect(missing.stdout).to.contain('1  only there: this would be missing after a migration');
    expect(missing.exitCode).to.equal(ExitCode.failed);
    const more = await compare(
      await serve(begin, begin, pageOf(runs(3), runs(2, 'bad'))),
      await serve(begin),
    );
    expect(more.stdout).to.contain('1  only here: ');
    expect(more.exitCode).to.equal(ExitCode.ok);
  });

  it('should say that the controller began again', async () => {
    const here = await serve(pageOf(runs(3)), pageOf(runs(3)), pageOf(runs(5)));
    const { stderr, exitCode } = await compare(here, await serve(pageOf(runs(9)), pageOf(runs(2))));
    expect(stderr).to.equal('otel-argo-metrics: note: 1 series of the controller began again at 0\n');
    expect(exitCode).to.equal(ExitCode.ok);
  });

  it('should compare only what is asked for, and print JSON', async () => {
    const page = pageOf(runs(3), 'argo_workflows_other 1', 'go_goroutines 9');
    const argv = ['--format', 'json', '--metric', '*_other', '--metric', 'go_*'];
    const { stdout } = await compare(await serve(page), await serve(page), argv);
    const { series } = JSON.parse(stdout) as { series: { metric: string; class: string }[] };
    expect(series.map(each => [each.metric, each.class])).to.deep.equal([
      ['argo_workflows_other', 'equal'],
      ['go_goroutines', 'equal'],
    ]);
  });

  it('should look at both in between, and bear it that one does not answer then', async () => {
    const gone: ServedPage = response => response.writeHead(503).end();
    const begin = pageOf(runs(3));
    const here = await serve(begin);
    const there = await serve(begin, gone, begin);
    const { stderr, exitCode } = await compare(here, there);
    expect(here.asked).to.be.greaterThan(4);
    expect(there.asked).to.be.greaterThan(2);
    expect(stderr).to.equal('otel-argo-metrics: note: 1 scrape in between did not come\n');
    expect(exitCode).to.equal(ExitCode.ok);
  });

  it('should ask again at the begin, and give up what does not come', async function () {
    this.timeout(10_000);
    const gone: ServedPage = response => response.writeHead(503).end();
    const page = pageOf(runs(3));
    expect((await compare(await serve(page), await serve(gone, page))).exitCode).to.equal(ExitCode.ok);
    const { stderr, exitCode } = await compare(await serve(page), await serve(gone));
    expect(stderr).to.match(/^otel-argo-metrics: http:\S+: answered 503\n$/);
    expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should say of a page that is none what it is, and where', async function () {
    this.timeout(10_000);
    const page = pageOf(runs(3));
    const html = await compare(await serve(page), await serve('<html>'));
    expect(html.stderr).to.match(/^otel-argo-metrics: http:\S+: line 1 is no Prometheus text/);
    const empty = await compare(await serve('\n'), await serve(page));
    expect(empty.stdout).to.contain('From before');
    const foreign = await compare(await serve('up 1\n'), await serve('up 1\n'));
    expect(foreign.stderr).to.contain('there is no custom metric on either side');
    for (const { exitCode } of [html, foreign]) expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should tell its secret to the controller alone', async () => {
    const page = pageOf(runs(3));
    const [here, there] = [await serve(page), await serve(page)];
    await compare(here, there, ['--header', 'Authorization: Bearer x']);
    expect([new Set(here.headers), new Set(there.headers)]).to.deep.equal([
      new Set(['']),
      new Set(['Bearer x']),
    ]);
  });

  it('should end early with what was seen', async () => {
    const end = new AbortController();
    const here = await serve(pageOf(runs(3)), pageOf(runs(3)), pageOf(runs(5)));
    const there = await serve(pageOf(runs(1)), pageOf(runs(3)));
    // By the third one all that it begins with has come.
    here.onRequest = number => number === 3 && setTimeout(() => end.abort(), 20);
    const { stdout, exitCode } = await compare(here, there, ['--for', '2s'], { signal: end.signal });
    expect(stdout).to.contain('1  equal\n');
    expect(exitCode).to.equal(ExitCode.ok);
  });

  it('should end early with what came before, where the last answers do not come', async function () {
    this.timeout(10_000);
    const end = new AbortController();
    const silent: ServedPage = () => undefined;
    const begin = pageOf(runs(3));
    const here = await serve(begin, begin, silent);
    here.onRequest = number => number === 3 && setTimeout(() => end.abort(), 20);
    const { stdout, exitCode } = await compare(here, await serve(begin, silent), ['--for', '2s'], {
      signal: end.signal,
    });
    expect(stdout).to.contain('1  equal\n');
    expect(exitCode).to.equal(ExitCode.ok);
  });

  it('should have nothing to say when it is interrupted before there is anything', async () => {
    const end = new AbortController();
    const here = await serve(() => end.abort());
    const { stdout, exitCode } = await compare(here, await serve('up 1\n'), [], { signal: end.signal });
    expect([stdout, exitCode]).to.deep.equal(['', ExitCode.interrupted]);
  });

  it('should show how far it is to who looks at a terminal', async () => {
    const page = pageOf(runs(3));
    const { stderr } = await compare(await serve(page), await serve(page), ['--for', '300ms'], {
      isTTY: true,
    });
    expect(stderr).to.match(/compared for 0:00 of 0:00: 1 series here, 1 there/);
  });

  it('should read what this package serves', async () => {
    const store = createStore({ shared: false });
    const metrics = new CustomMetrics({ store });
    metrics.compile({
      prometheus: [{ name: 'runs_total', help: 'H', counter: { value: '1' } }],
    });
    const endpoint = await startPrometheusEndpoint({ store, port: 0 });
    const there = await serve('# TYPE argo_workflows_runs_total counter\nargo_workflows_runs_total 0\n');
    try {
      const { stderr, exitCode } = await runInMemory([
        'compare',
        '--with',
        there.url,
        endpoint.url,
        '--for',
        '4ms',
      ]);
      expect([stderr, exitCode]).to.deep.equal(['', ExitCode.ok]);
    } finally {
      await endpoint.shutdown();
      await store.shutdown();
    }
  });
});
