// A copy of the tree in which a source file may be changed and tested. What a change needs to be built is built: the kernel,
// or the one file of dist/ that the threads of the tests load, and the bundles that have it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { bundle } from '../bundle.mjs';
import { checkKernel } from '../check-kernel.mjs';
import { compileKernel } from '../compile-kernel.mjs';
import { ROOT, run } from '../steps.mjs';

const KERNEL = 'lib/memory/kernel-binary.ts';
const TRANSPILE = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  verbatimModuleSyntax: true,
};

/** Time for a run of tests that never ran before, and for the model. A change that makes them hang was noticed. */
const STAGE_TIMEOUT_MILLIS = 540_000;
/** Time for one test. Longer than any of them takes on a busy machine. */
const TEST_TIMEOUT_MILLIS = 60_000;

/** Whether a command was ended because it took too long, and not, say, never started. */
const isEnd = error => error.message.includes(' was ended by ');

export class Workshop {
  folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  #original;

  constructor() {
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    for (const path of [
      ...files.split('\0').filter(Boolean),
      KERNEL,
      'lib/exposition/rows/kernel-binary.ts',
      'dist',
    ]) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      cpSync(join(ROOT, path), join(this.folder, path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts a text in the place of a source file. Returns why it cannot be shipped, `same` when it is shipped unchanged. */
  async apply(path, text) {
    writeFileSync(join(this.folder, path), text);
    if (!path.endsWith('.as.ts')) {
      this.#transpile(path, text);
      return this.#bundle();
    }
    this.#original ??= await compileKernel();
    let changed;
    try {
      changed = await compileKernel((name, source) => (name === path ? text : source));
    } catch {
      return 'does not compile';
    }
    if (Buffer.compare(this.#original, changed) === 0) return 'same';
    try {
      checkKernel(changed);
    } catch (error) {
      return `the build refuses it: ${error.message}`;
    }
    const embedded = `export const KERNEL_BASE64: string =\n  '${Buffer.from(changed).toString('base64')}';\n`;
    writeFileSync(join(this.folder, KERNEL), embedded);
    this.#transpile(KERNEL, embedded);
    return this.#bundle();
  }

  restore(path) {
    for (const name of path.endsWith('.as.ts') ? [path, KERNEL] : [path]) {
      const text = readFileSync(join(ROOT, name), 'utf8');
      writeFileSync(join(this.folder, name), text);
      if (!name.endsWith('.as.ts')) this.#transpile(name, text);
    }
    this.#bundle();
  }

  /** For the tests that load the package as its users do. */
  #bundle() {
    try {
      bundle(join(this.folder, 'dist'));
    } catch (error) {
      return `the bundler refuses it: ${error.message}`;
    }
    return undefined;
  }

  #transpile(path, text) {
    const { outputText } = ts.transpileModule(text, { compilerOptions: TRANSPILE, fileName: path });
    writeFileSync(join(this.folder, path.replace(/^lib\//, 'dist/').replace(/\.ts$/, '.js')), outputText);
  }

  /** Runs tests until the first one fails. Returns what failed, or `undefined`. */
  async firstFailure(files, timeoutMillis = STAGE_TIMEOUT_MILLIS) {
    const args = [
      'node_modules/mocha/bin/mocha.js',
      '--no-color',
      '--bail',
      '--timeout',
      String(TEST_TIMEOUT_MILLIS),
      ...files,
    ];
    try {
      const { code, stdout } = await this.#run(args, timeoutMillis);
      if (code === 0) return undefined;
      return stdout.match(/^ +1\) (?!.*\bhook\b)(.+)$/m)?.[1] ?? `mocha ends with ${code}`;
    } catch (error) {
      if (isEnd(error)) return 'hangs';
      throw error;
    }
  }

  /** Explores scenarios of the model with the changed steps. Text that it no longer recognises is no violation, nor is a lack of time. */
  async firstViolation(scenarios) {
    try {
      const { stdout } = await this.#run(['--import', 'tsx', 'test/model/main.ts', ...scenarios]);
      return stdout.match(/^FAILS +(.+)$/m)?.[1];
    } catch (error) {
      if (isEnd(error)) return undefined;
      throw error;
    }
  }

  #run(args, timeoutMillis = STAGE_TIMEOUT_MILLIS) {
    // Fewer random runs than the tests make by themselves.
    const env = { STORE_RUNS: '100' };
    return run(process.execPath, args, { cwd: this.folder, env, timeoutMillis });
  }
}
