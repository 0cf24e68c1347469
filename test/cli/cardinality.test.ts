import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { collectPrometheusText, createStore, startPrometheusEndpoint } from '../../lib/index.js';
import { runInMemory, type Outcome } from './run-in-memory.js';

const CLOCK = { now: () => 1_764_090_000_000 };

const onText = (text: string | Uint8Array, ...options: string[]): Promise<Outcome> =>
  runInMemory(['cardinality', '-', ...options], { stdin: Readable.from([Buffer.from(text)]), clock: CLOCK });

const TEXT = `# TYPE http_requests counter
http_requests_total{pod="a",code="200"} 1
http_requests_total{pod="b",code="200"} 1
http_requests_total{pod="c",code="500"} 1
up 1
# EOF
`;

interface Shown {
  readonly series: number;
  readonly metrics: readonly {
    name: string;
    series: number;
    labels: readonly { key: string; seriesWithout: number; distinct: number }[];
  }[];
}

describe('cardinality', () => {
  it('should print which labels make the series', async () => {
    expect(await onText(TEXT)).to.deep.equal({
      exitCode: ExitCode.ok,
      stdout: `4 series of 2 metrics

3  http_requests  counter
    pod   3 values, 2 series without it: a (1), b (1), c (1)
    code  2 values, 3 series without it: 200 (2), 500 (1)
1  up  unknown
`,
      stderr: '',
    });
  });

  it('should print JSON with the names of the report of a store', async () => {
    const { stdout, exitCode } = await onText(TEXT, '--json', '--top', '1', '--metric', 'HTTP_*');
    expect(exitCode).to.equal(ExitCode.ok);
    expect(JSON.parse(stdout)).to.deep.equal({
      ...{ version: 1, at: CLOCK.now(), series: 3 },
      metrics: [
        {
          ...{ name: 'http_requests', type: 'counter', series: 3, hasOverflow: false },
          labels: [
            {
              key: 'pod',
              distinct: 3,
              exact: true,
              seriesWithout: 2,
              top: [{ value: 'a', series: 1, atLeast: false }],
            },
            {
              key: 'code',
              distinct: 2,
              exact: true,
              seriesWithout: 3,
              top: [{ value: '200', series: 2, atLeast: false }],
            },
          ],
        },
      ],
    });
  });

  it('should fail when a metric has more series than allowed, among those that are meant', async () => {
    const outcome = await onText(TEXT, '--max-series', '2');
    expect(outcome.exitCode).to.equal(ExitCode.failed);
    expect(outcome.stderr).to.equal('otel-argo-metrics: http_requests has 3 series, at most 2 allowed\n');
    expect(outcome.stdout).to.contain('4 series of 2 metrics');
    expect((await onText(TEXT, '--max-series', '3')).exitCode).to.equal(ExitCode.ok);
    expect((await onText(TEXT, '--max-series', '2', '--metric', 'up')).exitCode).to.equal(ExitCode.ok);
  });

  it('should fail when a bound is for a metric that is not there, and say so without a bound', async () => {
    expect(await onText(TEXT, '--metric', 'down', '--max-series', '2')).to.deep.include({
      exitCode: ExitCode.failed,
      stderr: 'otel-argo-metrics: no metric down\n',
    });
    expect(await onText(TEXT, '--metric', 'down')).to.deep.include({
      exitCode: ExitCode.ok,
      stderr: 'otel-argo-metrics: note: no metric down\n',
    });
  });

  it('should count a series once that has two samples, and say that there are such', async () => {
    const twice = `${TEXT}http_requests_total{code="200",pod="a"} 7 1764090000000\n${TEXT}`;
    const { stdout, stderr, exitCode } = await onText(twice, '--max-series', '3');
    expect(exitCode).to.equal(ExitCode.ok);
    expect(stderr).to.equal(
      'otel-argo-metrics: note: 5 samples with the name and the labels of another: each series counts once\n',
    );
    expect(stdout).to.equal((await onText(TEXT)).stdout);
  });

  it('should say of a file that looks like OpenMetrics when its end is missing', async () => {
    const note =
      'otel-argo-metrics: note: this looks like OpenMetrics, but the last line is not "# EOF": is something missing?\n';
    const open = '# TYPE jobs counter\njobs_total{a="x"} 1\n';
    expect((await onText(open)).stderr).to.equal(note);
    for (const ended of [`${open}# EOF`, `${open}# EOF\n\n`, '# TYPE jobs_total counter\njobs_total 1\n'])
      expect((await onText(ended)).stderr, ended).to.equal('');
    expect((await onText(`${open}# EOF\nup 1\n`)).stderr).to.equal(note);
  });

  const refused: readonly (readonly [string[], string])[] = [
    [[], 'cardinality needs a URL, a file, or "-"'],
    [['a', 'b'], 'what is "b"'],
    [['http://'], '"http://" is no URL'],
    [['http://me:secret@host/'], "say --header 'Authorization"],
    [['-', '--top', '0'], '--top is "0"'],
    [['-', '--top', '-1'], '--top is "-1"'],
    [['-', '--max-series', 'few'], '--max-series is "few"'],
    [['-', '--metric', ''], '--metric needs a name'],
    [['-', '--timeout', '10'], '--timeout is "10", expected a time such as 10s'],
    [['-', '--timeout', '0s'], '--timeout is "0s"'],
    [['-', '--header', 'secret'], "not of the form 'Name: value'"],
    [['-', '--header', 'a: secret\nb: c'], 'no header may have'],
    [['-', '--quiet'], 'cardinality has no option --quiet'],
  ];
  for (const [argv, reason] of refused)
    it(`should refuse ${JSON.stringify(argv)}`, async () => {
      const { exitCode, stderr } = await runInMemory(['cardinality', ...argv]);
      expect(exitCode).to.equal(ExitCode.usage);
      expect(stderr).to.contain(reason).and.not.contain('secret');
    });

  it('should agree with the report of the store that the page is of', async () => {
    const store = createStore();
    const meter = store.getMeter('m');
    for (let index = 0; index < 300; index++) {
      meter.createCounter('jobs').add(1, { pod: `p${index}`, phase: `x${index % 3}` });
      meter.createHistogram('seconds').record(index, { queue: `q${index % 5}` });
    }
    const endpoint = await startPrometheusEndpoint({ store, port: 0, targetInfo: false });
    try {
      const { stdout, stderr } = await runInMemory(['cardinality', endpoint.url, '--json']);
      expect(stderr).to.equal('');
      const found = (JSON.parse(stdout) as Shown).metrics;
      const { metrics } = await store.cardinalityReport();
      const shown = (list: Shown['metrics']): unknown =>
        list.map(({ series, labels }) => [
          series,
          labels
            .filter(({ key }) => key !== 'otel_scope_name')
            .map(({ key, distinct, seriesWithout }) => [key, distinct, seriesWithout]),
        ]);
      expect(shown(found)).to.deep.equal(shown(metrics));
      expect(found.map(({ name }) => name)).to.deep.equal(['jobs_total', 'seconds']);
    } finally {
      await endpoint.shutdown();
      await store.shutdown();
    }
  });

  it('should read every text that this library writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'binary' })), {
          minLength: 1,
          maxLength: 8,
        }),
        async sets => {
          const store = createStore({ maxBytes: 2 ** 22 });
          const counter = store.getMeter('m').createCounter('c');
          for (const attributes of sets) counter.add(1, attributes);
          let text = '';
          for await (const part of collectPrometheusText({ store })) text += part;
          await store.shutdown();
          expect(await onText(text)).to.include({ exitCode: ExitCode.ok, stderr: '' });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('should come to an end with any bytes', async () => {
    const piece = fc.oneof(
      fc.uint8Array(),
      fc
        .constantFrom('up 1\n', '# TYPE a histogram\n', 'a_count{x="', '"} 1\n', '\n', '{', '# TYPE ', '\\')
        .map(text => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async pieces => {
        const { exitCode } = await runInMemory(['cardinality', '-'], { stdin: Readable.from(pieces) });
        expect([ExitCode.ok, ExitCode.failed]).to.include(exitCode);
      }),
    );
  });

  it('should stop when the user wants it to', async () => {
    const { exitCode } = await runInMemory(['cardinality', '-'], {
      stdin: new Readable({ read: () => undefined }),
      signal: AbortSignal.timeout(20),
    });
    expect(exitCode).to.equal(ExitCode.interrupted);
  });
});
