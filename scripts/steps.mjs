// What the check scripts share: named steps that pass or fail, commands that end, and the closing line that CI adds up.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Long enough for an install on a slow network; a step that takes longer is wedged. */
const COMMAND_TIMEOUT_MILLIS = 300_000;

/** Runs steps one after the other. A failed step does not stop the next ones. */
export class Steps {
  #passed = 0;
  #failed = 0;

  /** Returns what `run` returned, or `undefined` when it failed. */
  async step(name, run) {
    const start = performance.now();
    try {
      const result = await run();
      this.#passed++;
      console.log(`  ✔ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      this.#failed++;
      console.log(`  ✖ ${name}\n${indent(error instanceof Error ? error.message : String(error))}`);
      return undefined;
    }
  }

  /** Counts what a command counted itself: its closing line. */
  add({ passed, failed }) {
    this.#passed += passed;
    this.#failed += failed;
  }

  /** Prints the closing line and decides the exit code. No step at all is a failure too. */
  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed > 0 || this.#passed === 0 ? 1 : 0;
  }
}

/** The counts of the last line `N passed, N failed` of an output, or `undefined`. */
export function closingCounts(output) {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return last && { passed: Number(last[1]), failed: Number(last[2]) };
}

/**
 * Runs a command without standard input and resolves with what it printed and its exit code; `print` gets its standard
 * output meanwhile. Rejects when it cannot be started or runs longer than `timeoutMillis`.
 */
export function run(command, args, options = {}) {
  const { cwd = ROOT, env = {}, timeoutMillis = COMMAND_TIMEOUT_MILLIS, print } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMillis,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
      print?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === null) return resolve({ code, stdout, stderr });
      const why = `${commandLine(command, args)} was ended by ${signal}; it may take ${timeoutMillis / 1000} s`;
      reject(new Error(`${why}\n${tail(stdout)}\n${tail(stderr)}`));
    });
  });
}

/** Like {@link run}, but anything else than exit code 0 is an error that shows the output. Resolves with stdout. */
export async function runOrThrow(command, args, options) {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0)
    throw new Error(`${commandLine(command, args)} exited with ${code}\n${tail(stdout)}\n${tail(stderr)}`);
  return stdout;
}

/** Packs the package as npm would publish it, build included, and resolves with the path of the tarball. */
export async function packInto(folder) {
  await runOrThrow('npm', ['pack', '--pack-destination', folder]);
  const [tarball, ...others] = readdirSync(folder).filter(name => name.endsWith('.tgz'));
  if (tarball === undefined || others.length > 0) throw new Error(`expected one tarball in ${folder}`);
  return join(folder, tarball);
}

/** Not all of it where hundreds of files are named. */
function commandLine(command, args) {
  const line = [command, ...args].join(' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function tail(text, lines = 40) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

function indent(text) {
  return text.replace(/^/gm, '      ');
}
