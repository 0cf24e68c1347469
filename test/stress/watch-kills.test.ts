// Goal: the command that is killed at any moment, again and again, while workflows come and go, shows in the end what there was,
// and nothing that anybody was shown is taken back. Method: the built command as a process, a server on loopback in the place of
// kubectl proxy, SIGKILL; the server's history is gone now and then.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { freePort } from '../register/child.js';
import { TestApiServer, type TestObject } from '../kubernetes/test-api-server.js';

const COMMAND = join(ROOT, 'dist/esm/bin.js');
/** `npm run test:stress` kills more often. */
const KILLS = Number(process.env['STRESS_STATE_KILLS'] ?? 4);
/** A process that is not there, or stands still, for so long will not come. */
const PATIENCE_MILLIS = 60_000;

const NODES = 3;
const COUNTER = { name: 'runs', help: 'Runs', counter: { value: '1' } };
const LEVEL = { name: 'level', help: 'Level', gauge: { value: '2', operation: 'Add' } };
const STEPS = { name: 'steps', help: 'Steps', labels: [{ key: 'w', value: 'x' }], counter: { value: '1' } };

/** With so many of its nodes done; with all of them it has ended too. */
function workflow(name: string, done: number): TestObject {
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const nodeOf = (id: string, type: string, templateName: string, hasEnded: boolean): object => {
    const ended = hasEnded
      ? { phase: 'Succeeded', ...time }
      : { phase: 'Running', startedAt: time.startedAt };
    return { id, name: id, displayName: id, type, templateName, ...ended };
  };
  const ids = Array.from({ length: NODES }, (_, index) => `${name}-${index}`);
  const nodes = {
    [name]: nodeOf(name, 'DAG', 'all', done === NODES),
    ...Object.fromEntries(ids.map((id, index) => [id, nodeOf(id, 'Pod', 'main', index < done)])),
  };
  const phase =
    done === NODES ? { phase: 'Succeeded', ...time } : { phase: 'Running', startedAt: time.startedAt };
  return {
    ...{ kind: 'Workflow', metadata: { name, namespace: 'argo', uid: `uid-${name}` } },
    spec: {
      entrypoint: 'all',
      templates: [
        { name: 'all', dag: { tasks: [] } },
        { name: 'main', container: {}, metrics: { prometheus: [STEPS, LEVEL] } },
      ],
      metrics: { prometheus: [COUNTER] },
    },
    status: { ...phase, nodes },
  } as TestObject;
}

describe('the command watch that is killed', () => {
  let folder: string;
  let server: TestApiServer;
  let child: ChildProcess | undefined;
  let port: string;
  let said = '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
    server = await TestApiServer.start();
    port = await freePort();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await server.close();
    rmSync(folder, { recursive: true });
  });

  function start(): void {
    said = '';
    const args = ['watch', '--server', server.url.href, '--state', folder, '--listen', `127.0.0.1:${port}`];
    // What is shown as 0 for a while would hide what is lost.
    const env = { ...process.env, OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '0' };
    child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  }

  /** By name; undefined while nobody answers. */
  async function shown(): Promise<Record<string, number> | undefined> {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      if (response.status !== 200) return undefined;
      const rows = [...(await response.text()).matchAll(/^argo_workflows_(\w+)\S* (\S+)$/gm)];
      return Object.fromEntries(rows.map(([, name = '', value]) => [name, Number(value)]));
    } catch {
      return undefined;
    }
  }

  async function until(
    isReached: (values: Record<string, number>) => boolean,
  ): Promise<Record<string, number>> {
    for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end; await pause(10)) {
      const values = await shown();
      if (values !== undefined && isReached(values)) return values;
    }
    throw new Error(`not reached; last ${JSON.stringify(await shown())}; it said: ${said}`);
  }

  it(`should show in the end all that was, after ${KILLS} kills, and never less than before`, async function () {
    this.timeout(PATIENCE_MILLIS + KILLS * 5000);
    // The first list is a baseline.
    const begun = server.asked(({ kind }) => kind === 'watch');
    start();
    await begun;
    let [runs, steps] = [0, 0];
    let before: Record<string, number> = {};
    const expectNoLess = (values: Record<string, number>): void => {
      for (const [name, value] of Object.entries(before)) expect(values[name], name).to.be.at.least(value);
      before = values;
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const names = ['a', 'b', 'c', 'd'].map(each => `${each}-${kill}`);
      for (let done = 0; done <= NODES; done++)
        for (const name of names) {
          server.change(done === 0 ? 'ADDED' : 'MODIFIED', workflow(name, done));
          if (kill % 2 === 0) await pause((kill * 7 + done) % 5);
        }
      runs += names.length;
      steps += names.length * NODES;
      const values = await shown();
      if (values !== undefined) expectNoLess(values);
      // Some of them in the middle of it, and some when all is there.
      if (kill % 3 === 0) expectNoLess(await until(({ runs: reached }) => reached === runs));
      const exited = once(child!, 'exit');
      child?.kill('SIGKILL');
      await exited;
      if (kill % 4 === 1) server.change('DELETED', workflow(`a-${kill}`, NODES));
      else if (kill % 4 === 2) server.compact();
      start();
      expectNoLess(await until(() => true));
    }
    const last = await until(({ runs: reached }) => reached === runs);
    expectNoLess(last);
    expect(last).to.deep.equal({ runs, steps, level: 2 * steps });
    const exited = once(child!, 'exit');
    child?.kill('SIGTERM');
    expect(await exited).to.deep.equal([0, null]);
  });
});
