// Goal: what a cluster has is linted as files are, whatever goes wrong on the way. Method: the command as a user runs it,
// against a server on loopback.
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { clusterTexts, type ClusterText } from '../../lib/cli/lint-cluster.js';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { ApiClient } from '../../lib/kubernetes/api-client.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { busy, expired, forbidden, ListingServer, notFound } from './listing-server.js';
import { runInMemory, type Outcome, type Surroundings } from './run-in-memory.js';

const metricsOf = (label: string, help = 'Runs'): object => ({
  metrics: {
    prometheus: [
      { name: 'runs_total', help, labels: [{ key: 'of', value: label }], counter: { value: '1' } },
    ],
  },
});

function objectOf(name: string, spec: object, metadata: object = {}): object {
  return {
    metadata: { name, namespace: 'argo', uid: `uid-${name}`, ...metadata },
    spec,
    status: { phase: 'x' },
  };
}

describe('lint --cluster', () => {
  let server: ListingServer;

  beforeEach(async () => {
    server = await ListingServer.start();
  });

  afterEach(() => server.close());

  const lint = (options: readonly string[] = [], surroundings: Surroundings = {}): Promise<Outcome> =>
    runInMemory(['lint', '--cluster', '--server', server.url, ...options], surroundings);

  it('should say which object is meant, and where in it', async () => {
    server.has('workflowtemplates', objectOf('nightly', metricsOf('{{workflow.name}}')));
    const { stdout, stderr, exitCode } = await lint();
    expect(stderr).to.equal('');
    const [place, source, mark, hint, , counts] = stdout.split('\n');
    expect(place).to.equal(
      'WorkflowTemplate argo/nightly spec.metrics.prometheus[0].labels[0].value: warning CARDINALITY_HAZARD: ' +
        "label 'of' is built from workflow.name: every workflow adds a series",
    );
    expect([source, mark]).to.deep.equal([
      '    | "value": "{{workflow.name}}"',
      '    |          ^^^^^^^^^^^^^^^^^^^',
    ]);
    expect(hint).to.contain('hint:');
    expect(counts).to.equal('0 errors, 1 warning in 1 metric of 1 object');
    expect(exitCode).to.equal(ExitCode.ok);
  });

  it('should look into all kinds, in all pages of them, and at nothing that the controller writes', async () => {
    const bad = metricsOf('{{nothing}}');
    server.has('clusterworkflowtemplates', objectOf('c', bad, { namespace: undefined }));
    const many = Array.from({ length: 250 }, (_, index) => objectOf(`t${index}`, { templates: [] }));
    server.has('workflowtemplates', ...many, objectOf('last', bad));
    server.has('cronworkflows', objectOf('cron', { workflowSpec: bad }));
    server.has('workflows', objectOf('w', { entrypoint: 'a' }, { labels: { metrics: 'x' } }));
    const { stdout, exitCode } = await lint();
    expect(exitCode).to.equal(ExitCode.failed);
    const places = stdout.match(/^\S+ \S+(?= spec.*error)/gm);
    expect(places).to.deep.equal([
      'ClusterWorkflowTemplate c',
      'WorkflowTemplate argo/last',
      'CronWorkflow argo/cron',
    ]);
    expect(stdout).to.match(/in 3 metrics of 254 objects\n$/);
    expect(server.asked.filter(path => path.startsWith('workflowtemplates'))).to.deep.equal([
      'workflowtemplates',
      'workflowtemplates …',
      'workflowtemplates …',
    ]);
  });

  it('should ask for the namespaces that are named, and for templates of the cluster', async () => {
    server.has('namespaces/a/workflowtemplates', objectOf('t', metricsOf('{{nothing}}')));
    server.answers('clusterworkflowtemplates', forbidden);
    const { stdout, exitCode } = await lint(['--namespace', 'a', '--namespace', 'b', '--namespace', 'a']);
    expect(server.asked).to.deep.equal([
      'clusterworkflowtemplates',
      ...['namespaces/a/workflowtemplates', 'namespaces/b/workflowtemplates'],
      ...['namespaces/a/cronworkflows', 'namespaces/b/cronworkflows'],
      ...['namespaces/a/workflows', 'namespaces/b/workflows'],
    ]);
    expect(stdout).to.match(/^all ClusterWorkflowTemplates: note FILE_UNREADABLE: 403 Forbidden/);
    expect(exitCode, 'of the template').to.equal(ExitCode.failed);
    server.has('namespaces/a/workflowtemplates');
    server.answers('clusterworkflowtemplates', forbidden, forbidden);
    expect((await lint(['--namespace', 'a'])).exitCode).to.equal(ExitCode.ok);
    expect((await lint(['--namespace', 'a', '--strict'])).exitCode).to.equal(ExitCode.failed);
  });

  it('should say what it may not see, or what is not there, and go on with the others', async () => {
    server.answers('workflowtemplates', forbidden);
    server.answers('cronworkflows', notFound);
    server.has('workflows', objectOf('w', metricsOf('a')));
    const { stdout, exitCode } = await lint();
    expect(stdout).to.match(
      /^all WorkflowTemplates: error FILE_UNREADABLE: 403 Forbidden .*Does this account have the verb list on workflowtemplates\.argoproj\.io there\?$/m,
    );
    expect(stdout).to.match(/^all CronWorkflows: error FILE_UNREADABLE: 404 .*Are the CRDs of Argo/m);
    expect(stdout).to.match(/2 errors, 0 warnings in 1 metric of 1 object\n$/);
    expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should tell a mistake once of all workflows that one thing made', async () => {
    const labels = { 'workflows.argoproj.io/cron-workflow': 'nightly' };
    const runs = [1, 2, 3].map(run =>
      objectOf(`nightly-${run}`, { ...metricsOf('{{workflow.name}}'), priority: run }, { labels }),
    );
    const equal = objectOf('nightly-4', { ...metricsOf('{{workflow.name}}'), priority: 1 }, { labels });
    const other = objectOf('other', metricsOf('{{workflow.name}}'));
    server.has('workflows', ...runs, equal, other);
    const { stdout, stderr } = await lint();
    expect(stdout.match(/^Workflow \S+/gm)).to.deep.equal(['Workflow argo/nightly-1', 'Workflow argo/other']);
    expect(stderr).to.equal(
      'otel-argo-metrics: note: 2 findings of workflows that were made from the same are not repeated\n',
    );
    expect(stdout).to.match(/in 4 metrics of 5 objects\n$/);
  });

  it('should name the other object where two say different things of one metric', async () => {
    server.has(
      'workflowtemplates',
      objectOf('a', metricsOf('x', 'One')),
      objectOf('b', metricsOf('x', 'Other')),
    );
    const { stdout } = await lint();
    expect(stdout).to.match(
      /^WorkflowTemplate argo\/b spec\S+: warning HELP_CONFLICT: [^]*WorkflowTemplate argo\/a/m,
    );
    expect(stdout).to.not.match(/argo\/a:\d/);
  });

  it('should give programs the object in the place of a file', async () => {
    server.has('workflowtemplates', objectOf('t', metricsOf('{{workflow.name}}')));
    const json = JSON.parse((await lint(['--format', 'json', '--labels'])).stdout) as {
      findings: object[];
      labels: object[];
    };
    expect(json).to.include({ objectCount: 1, warningCount: 1 }).and.not.have.property('fileCount');
    expect(json.findings[0])
      .to.include({ object: 'WorkflowTemplate argo/t', code: 'CARDINALITY_HAZARD' })
      .and.not.have.any.keys('file', 'line');
    expect(json.labels[0]).to.include({ object: 'WorkflowTemplate argo/t', verdict: 'growing' });
    expect((await lint(['--labels'])).stdout).to.match(
      /^WorkflowTemplate argo\/t: label 'of' of runs_total grows/,
    );
    expect((await lint(['--format', 'github'])).stdout).to.match(
      /^::warning title=CARDINALITY_HAZARD::WorkflowTemplate argo\/t spec\S+: label/,
    );
    const sarif = JSON.parse((await lint(['--format', 'sarif'])).stdout) as {
      runs: { results: { locations: unknown }[] }[];
    };
    expect(sarif.runs[0]?.results[0]?.locations).to.deep.equal([
      {
        logicalLocations: [
          {
            fullyQualifiedName: 'WorkflowTemplate argo/t spec.metrics.prometheus[0].labels[0].value',
            kind: 'resource',
          },
        ],
      },
    ]);
  });

  it('should say that there is no metric, and stop when the user wants it to', async () => {
    server.has('workflows', objectOf('w', { entrypoint: 'a' }));
    const { stderr, exitCode } = await lint(['--fail-on-empty']);
    expect([stderr, exitCode]).to.deep.equal(['otel-argo-metrics: no metric in 1 object\n', ExitCode.failed]);
    const end = new AbortController();
    server.answers('clusterworkflowtemplates', () => end.abort());
    expect((await lint([], { signal: end.signal })).exitCode).to.equal(ExitCode.interrupted);
  });

  it('should show how far it is to who looks at a terminal', async () => {
    server.has('workflows', objectOf('w', { entrypoint: 'a' }));
    expect((await lint([], { isTTY: true })).stderr).to.contain('1 Workflow read');
  });

  it('should say of a server that is none what it is', async () => {
    const nobody = await ListingServer.start();
    const { url } = nobody;
    await nobody.close();
    for (const kind of ['clusterworkflowtemplates', 'workflowtemplates', 'cronworkflows', 'workflows'])
      server.answers(kind, response => response.end('<html>'));
    const { stdout, exitCode } = await lint();
    expect(stdout.match(/FILE_UNREADABLE: the answer is without a type, not JSON/g)).to.have.length(4);
    expect(exitCode).to.equal(ExitCode.failed);
    const pauses: number[] = [];
    const read = await textsOf(url, millis => void pauses.push(millis));
    expect(read.map(text => ('unreadable' in text ? text.unreadable : ''))).to.match(/ECONNREFUSED/);
    expect(pauses).to.have.length(16);
  });
});

async function textsOf(
  url: string,
  onPause: (millis: number) => void = () => undefined,
): Promise<ClusterText[]> {
  const client = new ApiClient(proxyAccess(new URL(url)), 'test');
  const texts: ClusterText[] = [];
  const pause = (millis: number): Promise<void> => Promise.resolve(onPause(millis));
  const { signal } = new AbortController();
  const onProgress = (): undefined => undefined;
  for await (const text of clusterTexts({ client, namespaces: [], signal, onProgress, pause }))
    texts.push(text);
  client.close();
  return texts;
}

describe('clusterTexts', () => {
  let server: ListingServer;

  beforeEach(async () => {
    server = await ListingServer.start();
  });

  afterEach(() => server.close());

  const many = Array.from({ length: 150 }, (_, index) => objectOf(`w${index}`, { entrypoint: 'a' }));

  it('should ask again where that may help, and give each object once', async () => {
    server.has('workflows', ...many);
    const broken = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"kind":"WorkflowList","items":[');
      response.write(`${JSON.stringify(many[0])},`, () => response.destroy());
    };
    server.answers('workflows', busy, broken);
    const pauses: number[] = [];
    const texts = await textsOf(server.url, millis => void pauses.push(millis));
    expect(texts.map(({ file }) => file)).to.deep.equal(many.map((_, index) => `Workflow argo/w${index}`));
    expect(pauses).to.have.length(2);
  });

  it('should begin a list again whose history is gone, and give it up in the end', async () => {
    server.has('workflows', ...many);
    server.answers('workflows', expired);
    expect(await textsOf(server.url)).to.have.length(150);
    server.answers('workflows', expired, expired, expired);
    const [text] = await textsOf(server.url);
    expect(text).to.include({ file: 'all Workflows', unreadable: '410 Expired it is Expired' });
  });

  it('should take a token that leads nowhere for no list', async () => {
    const loop = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"kind":"WorkflowList","items":[],"metadata":{"continue":"a"}}');
    };
    server.answers('workflows', loop, loop, loop);
    expect((await textsOf(server.url))[0]).to.deep.include({ file: 'all Workflows' });
  });

  it('should say of an object that cannot be read that it cannot', async () => {
    server.has('workflows', { metadata: { name: 'without' } });
    expect(await textsOf(server.url)).to.deep.equal([
      { file: 'Workflow', unreadable: 'it has no uid', origin: 'Workflow' },
    ]);
  });
});
