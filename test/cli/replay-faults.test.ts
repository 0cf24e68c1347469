// What people replayed and what came out wrong, each through the command itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { metricsOf } from '../argo/custom-store.js';
import { finished, running, workflowOf } from '../argo/workflow-fixture.js';
import type { WorkflowFields } from '../argo/workflow-fixture.js';
import { runInMemory } from './run-in-memory.js';

const DAY = '2026-01-01T';
const at = (time: string): string => `${DAY}${time}Z`;
const from = (startedAt: string, finishedAt?: string): Record<string, unknown> => ({
  startedAt: at(startedAt),
  finishedAt: finishedAt === undefined ? null : at(finishedAt),
});

/** Prometheus samples of what these states of a workflow lead to. */
async function replayed(argv: readonly string[], ...states: WorkflowFields[]): Promise<string[]> {
  const lines = states.map((fields, index) => {
    const object = workflowOf({ version: index + 1, ...fields });
    return JSON.stringify({ type: index === 0 ? 'ADDED' : 'MODIFIED', object });
  });
  const stdin = Readable.from([Buffer.from(lines.join('\n'))]);
  const { stdout, stderr } = await runInMemory(['replay', '-', ...argv], { stdin });
  expect(stderr).to.equal('');
  return stdout.split('\n').filter(line => line !== '' && !line.startsWith('#'));
}

const template = (metric: object, kind: object = { container: {} }): Record<string, unknown> => ({
  templates: [{ name: 'main', ...kind, metrics: metricsOf({ help: 'H', ...metric }) }],
});
const gauge = (value: string, realtime = true): object => ({ gauge: { realtime, value } });

describe('replay-realtime-when-ends', () => {
  const ends = async (metric: object, ...nodes: Parameters<typeof running>[1][]): Promise<string[]> => {
    const spec = template({ name: 'age', ...gauge('{{duration}}'), ...metric });
    const states = nodes.map(fields => ({
      spec,
      nodes: [running('n', fields)],
    }));
    return replayed(['--at', at('01:00:00')], ...states);
  };
  const over = { phase: 'Succeeded', ...from('00:00:00', '00:00:30') };

  it('should end a gauge with its node when `when` does not hold at the end', async () => {
    const when = '{{status}} == Running';
    expect(await ends({ when }, {}, over)).to.deep.equal(['argo_workflows_age 30']);
    expect(await ends({ when: '{{status}} == Pending' }, { phase: 'Pending' }, {}, over)).to.deep.equal([
      'argo_workflows_age 30',
    ]);
    expect(await ends({ when }, { phase: 'Pending' }, over)).to.deep.equal([]);
  });

  it('should end it as well when a label cannot be filled in any more', async () => {
    const spec = { labels: [{ key: 'node', value: "{{=asInt(status == 'Running' ? '7' : 'x')}}" }] };
    const states = [{}, over].map(fields => ({
      spec: template({ name: 'age', ...gauge('{{duration}}'), ...spec }),
      nodes: [running('n', fields)],
    }));
    const lines = states.map((fields, index) =>
      JSON.stringify({ type: 'MODIFIED', object: workflowOf({ version: index, ...fields }) }),
    );
    const stdin = Readable.from([Buffer.from(lines.join('\n'))]);
    const { stdout, stderr, exitCode } = await runInMemory(['replay', '-', '--at', at('01:00:00')], {
      stdin,
    });
    expect(stderr).to.contain('stdin:2: error').and.contain('EXPRESSION_FAILED');
    expect(stdout).to.contain('argo_workflows_age{node="7"} 30\n');
    expect(exitCode).to.equal(1);
  });
});

describe('replay-suspend-realtime', () => {
  it('should show how long a node has been waiting for somebody', async () => {
    const spec = template({ name: 'waiting', ...gauge('{{duration}}') }, { suspend: {} });
    const waiting = running('n', { type: 'Suspend', ...from('00:00:20') });
    expect(await replayed(['--at', at('00:02:00')], { spec, nodes: [waiting] })).to.deep.equal([
      'argo_workflows_waiting 100',
    ]);
    const answered = finished('n', { type: 'Suspend', ...from('00:00:20', '00:00:50') });
    expect(
      await replayed(['--at', at('00:02:00')], { spec, nodes: [waiting] }, { spec, nodes: [answered] }),
    ).to.deep.equal(['argo_workflows_waiting 30']);
  });
});

describe('replay-suspend-duration', () => {
  const count = { name: 'waits', labels: [{ key: 's', value: '{{status}}' }], counter: { value: '1' } };
  const ended = (suspend: object, fields: object): Promise<string[]> => {
    const spec = template(count, { suspend });
    const node = { type: 'Suspend', ...from('00:00:00', '00:00:31'), ...fields };
    return replayed(
      [],
      { spec, nodes: [running('n', { type: 'Suspend' })] },
      { spec, nodes: [finished('n', node)] },
    );
  };
  const once = (status: string): string[] => [`argo_workflows_waits{s="${status}"} 1`];

  it('should count what the controller ended', async () => {
    for (const duration of ['30', '31', '0.5m', '29s500ms', '{{inputs.parameters.wait}}', 30]) {
      const inputs = { parameters: [{ name: 'wait', value: '30s' }] };
      expect(await ended({ duration }, { inputs }), String(duration)).to.deep.equal(once('Succeeded'));
    }
    const stopped = { phase: 'Failed', message: "Stopped with strategy 'Terminate'" };
    expect(await ended({}, stopped)).to.deep.equal(once('Failed'));
    const late = { phase: 'Failed', message: 'Step exceeded its deadline' };
    expect(await ended({ duration: '1h' }, late)).to.deep.equal(once('Failed'));
  });

  it('should not count what a person ended', async () => {
    for (const duration of [undefined, '', '32', '1h', 'soon', '{{unknown}}'])
      expect(await ended({ duration }, {}), String(duration)).to.deep.equal([]);
    expect(await ended({ duration: '30' }, { message: 'Resumed by: map[User:me]' })).to.deep.equal([]);
    expect(await ended({}, { phase: 'Failed', message: 'rejected' })).to.deep.equal([]);
  });
});

describe('replay-workflow-duration-follows-at', () => {
  it('should give what ended the duration of that time, whenever the metrics are read', async () => {
    const spec = template({ name: 'since', ...gauge('{{workflow.duration}}', false) });
    const states = [
      { spec, nodes: [running('a')] },
      { spec, nodes: [finished('a', from('00:00:01', '00:00:09')), running('b', from('00:00:10'))] },
      {
        spec,
        phase: 'Succeeded',
        status: from('00:00:00', '00:01:00'),
        nodes: [finished('a', from('00:00:01', '00:00:09')), finished('b', from('00:00:10', '00:00:59'))],
      },
    ];
    for (const time of ['01:00:00', '02:00:00'])
      expect(await replayed(['--at', at(time)], ...states.slice(0, 2))).to.deep.equal([
        'argo_workflows_since 10',
      ]);
    expect(await replayed(['--at', at('00:00:09')], ...states.slice(0, 2))).to.deep.equal([
      'argo_workflows_since 9',
    ]);
    expect(await replayed([], ...states)).to.deep.equal(['argo_workflows_since 60']);
  });

  it('should give a daemon the time until it was ready', async () => {
    const spec = template({ name: 'up', ...gauge('{{duration}}', false) });
    const daemon = running('d', { daemoned: true });
    const states = { spec, nodes: [daemon, running('n', from('00:00:07'))] };
    expect(await replayed(['--at', at('05:00:00')], states)).to.deep.equal(['argo_workflows_up 7']);
  });

  it('should believe what the API server noted about writes', async () => {
    const spec = template({ name: 'since', ...gauge('{{workflow.duration}}', false) });
    const metadata = { managedFields: [{ time: at('00:00:12') }, { time: at('00:00:20') }, {}] };
    const state = { spec, metadata, nodes: [finished('a', from('00:00:01', '00:00:09'))] };
    expect(await replayed([], state)).to.deep.equal(['argo_workflows_since 20']);
  });
});

describe('replay-ttl-ignored', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'replay-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function withConfig(config: string, time: string, ...ends: string[]): Promise<string[]> {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, config);
    const spec = template({ name: 'runs', counter: { value: '1' } });
    const states = ends.map((end, index) => ({
      spec,
      uid: `uid-${index}`,
      nodes: [finished('n', from('00:00:00', end))],
    }));
    return replayed(['--config', path, '--at', at(time)], ...states);
  }

  it('should leave out what nobody touched for that long', async () => {
    expect(await withConfig('metricsTTL: 10m', '01:00:00', '00:00:09')).to.deep.equal([]);
    expect(await withConfig('metricsTTL: 10m', '00:10:00', '00:00:09')).to.deep.equal([
      'argo_workflows_runs 1',
    ]);
    expect(await withConfig('metricsTTL: 1h', '00:30:00', '00:00:09')).to.deep.equal([
      'argo_workflows_runs 1',
    ]);
    expect(await withConfig('modifiers: {runs: {ttl: 5s}}', '00:30:00', '00:00:09')).to.deep.equal([]);
    expect(
      await withConfig('{metricsTTL: 1s, modifiers: {runs: {ttl: 0s}}}', '00:30:00', '00:00:09'),
    ).to.deep.equal(['argo_workflows_runs 1']);
  });

  it('should begin anew with what comes after that long', async () => {
    const ends = ['00:00:09', '00:05:00', '00:40:00', '00:41:00'];
    expect(await withConfig('metricsTTL: 10m', '00:45:00', ...ends)).to.deep.equal(['argo_workflows_runs 2']);
    expect(await withConfig('metricsTTL: 1h', '00:45:00', ...ends)).to.deep.equal(['argo_workflows_runs 4']);
  });
});

describe('replay-list-json', () => {
  const spec = template({ name: 'set', ...gauge('{{workflow.name}}', false) });
  const workflow = (name: string, end: string): object =>
    workflowOf({
      spec,
      uid: name,
      phase: 'Succeeded',
      metadata: { name },
      status: from('00:00:00', end),
      nodes: [finished(name, from('00:00:00', end))],
    });
  const all = [workflow('1', '00:00:09'), workflow('2', '00:00:30'), workflow('3', '00:00:20')];
  const read = (text: string): ReturnType<typeof runInMemory> =>
    runInMemory(['replay', '-'], { stdin: Readable.from([Buffer.from(text)]) });

  it('should take a list in every form, its workflows by their times', async () => {
    const list = { apiVersion: 'v1', items: all, kind: 'List', metadata: { resourceVersion: '' } };
    const texts = [
      JSON.stringify(list, null, 4),
      JSON.stringify({ ...list, kind: 'WorkflowList' }),
      `\uFEFF${JSON.stringify(all, null, 2)}\r\n`,
      `[\n${all.map(each => JSON.stringify(each)).join(',\n')}\n]`,
    ];
    for (const text of texts) {
      const { stdout, stderr, exitCode } = await read(text);
      expect(stderr).to.equal('');
      expect(stdout).to.contain('\nargo_workflows_set 2\n');
      expect(exitCode).to.equal(0);
    }
  });

  it('should take single workflows and events, printed in any way, in their order', async () => {
    const pretty = (values: unknown[]): string =>
      values.map(value => JSON.stringify(value, null, 4)).join('\n');
    const events = all.map(object => ({ type: 'ADDED', object }));
    for (const text of [pretty(all), pretty(events), JSON.stringify(events)]) {
      const { stdout, stderr } = await read(text);
      expect(stderr).to.equal('');
      expect(stdout).to.contain('\nargo_workflows_set 3\n');
    }
    expect((await read(JSON.stringify(all[0], null, 2))).stdout).to.contain('\nargo_workflows_set 1\n');
    for (const nothing of ['[]', '{"items":[],"kind":"List"}', '{"kind":"WorkflowList","items":null}'])
      expect(await read(nothing)).to.deep.equal({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('should say one thing of a file of another kind', async () => {
    const lines = (line: string): string => `${line}\n`.repeat(300);
    const items = Array.from({ length: 50 }, (_, index) => ({
      kind: 'Workflow',
      metadata: { name: `w${index}` },
    }));
    const pods = Array.from({ length: 50 }, () => ({ kind: 'Pod', metadata: { name: 'p' } }));
    for (const text of [
      lines('- kind: Workflow'),
      lines('5'),
      JSON.stringify({ items }, null, 2),
      JSON.stringify({ items: pods }, null, 2),
    ]) {
      const { stderr, stdout, exitCode } = await read(text);
      expect(stderr.trimEnd().split('\n'), stderr).to.have.length(1);
      expect(stdout).to.equal('');
      expect(exitCode).to.equal(1);
    }
  });
});

describe('a hostile recording', () => {
  const run = async (text: string, ...argv: string[]): Promise<string> => {
    const stdin = Readable.from([Buffer.from(text)]);
    return (await runInMemory(['replay', '-', ...argv], { stdin })).stderr;
  };
  // eslint-disable-next-line no-control-regex -- what must not be there
  const steering = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/;

  it('should not steer the terminal, nor write lines of its own', async () => {
    const evil = '\x1b[2J\r\nstdin:1: error: forged\x9b1m\u2028\u202e';
    const broken = await run(`${evil} no JSON`);
    expect(broken)
      .to.match(/^stdin:1: error: not JSON/)
      .and.not.match(steering);
    const metric = (fields: object): object => ({ help: 'H', counter: { value: '1' }, ...fields });
    const spec = {
      metrics: metricsOf(metric({ name: evil }), metric({ name: 'm', when: `${evil} == {{${evil}}}` })),
      templates: [],
    };
    const nodes = [finished(evil), finished('wf')];
    const object = workflowOf({ spec, nodes, phase: 'Failed', metadata: { name: `wf${evil}` } });
    const said = await run(JSON.stringify({ type: 'ADDED', object }));
    expect(said).to.contain('NAME_INVALID').and.contain('TEMPLATE_NOT_FOUND').and.not.match(steering);
    expect(said.split('\n').filter(line => line.startsWith('stdin:1: error: forged'))).to.deep.equal([]);
  });

  it('should not do so by the name of a file, or by what a configuration holds', async () => {
    expect(await run('', '--config', '/nowhere\x1b[2J'))
      .to.contain('ENOENT')
      .and.not.match(steering);
  });
});
