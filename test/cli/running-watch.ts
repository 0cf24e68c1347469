// The command `watch` in this process, as a test has it.
import { PassThrough, Readable } from 'node:stream';
import type { ExitCode } from '../../lib/cli/exit-code.js';
import { run } from '../../lib/cli/run.js';
import { ownRows } from './own-rows.js';
import type { TestObject } from '../kubernetes/test-api-server.js';

/** One that has ended and counts itself. */
export function watchedWorkflow(name: string, namespace: string, metric: object = {}): TestObject {
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const node = { id: name, name, type: 'Pod', phase: 'Succeeded', templateName: 'main', ...time };
  const labels = [{ key: 'namespace', value: '{{workflow.namespace}}' }];
  const metadata = { name, namespace, uid: `uid-${namespace}-${name}` };
  const runs = { name: 'runs', help: 'Runs', labels, counter: { value: '1' }, ...metric };
  return {
    ...{ kind: 'Workflow', metadata },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: {} }],
      metrics: { prometheus: [runs] },
    },
    status: { phase: 'Succeeded', ...time, nodes: { [name]: node } },
  } as TestObject;
}

/** A line of what it says of itself. */
const OWN = /^(?:# \w+ )?otel_argo_metrics_/;

/** The command while it runs. */
export class RunningWatch {
  readonly done: Promise<ExitCode>;
  readonly #end = new AbortController();
  readonly #stderr = new PassThrough();
  #said = '';

  /** Counters are shown as they are at once, unless something else is said. */
  constructor(argv: readonly string[], environment: Readonly<Record<string, string>> = {}, laterMillis = 0) {
    const env = {
      ...{ OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '0', OTEL_ARGO_METRICS_LOG_FORMAT: 'text' },
      ...environment,
    };
    this.#stderr.on('data', (piece: Buffer) => (this.#said += piece.toString()));
    this.done = run(['watch', '--listen', '127.0.0.1:0', ...argv], {
      ...{ stdin: Readable.from([]), stdout: new PassThrough(), stderr: this.#stderr, env },
      ...{ clock: { now: () => Date.now() + laterMillis }, signal: this.#end.signal },
    });
  }

  /** Of its metrics, once it has said it. */
  get url(): string {
    return /metrics at ([^\s"]+)/.exec(this.#said)?.[1] ?? '';
  }

  get said(): string {
    return this.#said;
  }

  /** Those of workflows, once they are there. */
  async metrics(): Promise<string> {
    return (await this.#lines()).filter(line => !OWN.test(line)).join('\n');
  }

  /** By name and labels, without the scope: what it says of itself. */
  async selfMetrics(): Promise<ReadonlyMap<string, number>> {
    return new Map(ownRows((await this.#lines()).join('\n')));
  }

  /** Status and text of `/healthz` or `/readyz`. */
  async answer(path: string): Promise<[number, string]> {
    const response = await fetch(new URL(path, this.url));
    return [response.status, await response.text()];
  }

  async #lines(): Promise<string[]> {
    return (await (await fetch(this.url)).text()).split('\n');
  }

  end(): Promise<ExitCode> {
    this.#end.abort();
    return this.done;
  }
}
