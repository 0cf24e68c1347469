import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ExitCode } from '../../lib/cli/exit-code.js';
import { run } from '../../lib/cli/run.js';

export interface Outcome {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: Readable;
  readonly isTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: { now(): number };
  readonly signal?: AbortSignal;
}

/** Runs the command line as a process would, without one. */
export async function runInMemory(
  argv: readonly string[],
  surroundings: Surroundings = {},
): Promise<Outcome> {
  const stdout = Object.assign(new PassThrough(), { isTTY: surroundings.isTTY ?? false });
  const stderr = Object.assign(new PassThrough(), { isTTY: surroundings.isTTY ?? false });
  const output = [stdout, stderr].map(async stream => (await buffer(stream)).toString());
  const exitCode = await run(argv, {
    stdin: surroundings.stdin ?? Readable.from([]),
    stdout,
    stderr,
    clock: surroundings.clock ?? { now: () => Date.now() },
    env: surroundings.env ?? {},
    signal: surroundings.signal ?? new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [written = '', complained = ''] = await Promise.all(output);
  return { exitCode, stdout: written, stderr: complained };
}
