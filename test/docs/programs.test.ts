// Goal: what the documents show works. Method: put each of their files into an empty folder that has the built package, as
// a reader would, and run the programs as printed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkProgram, codeBlocks, pageOf, programsOf, writeFiles } from '../../scripts/documents.mjs';
import { ROOT, listFiles, readText } from '../support/source-tree.js';
import { WorkflowApi } from './workflow-api.js';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...listFiles('docs').filter(path => path.endsWith('.md'))];
/** Needs a cluster, and has a test of its own. */
const WATCHER = 'watch.mjs';
const README = readText('README.md');

/** Processes on a loaded machine. A program that hangs is ended earlier. */
const TEST_TIMEOUT_MILLIS = 150_000;

const folders: string[] = [];

/** An empty folder in which somebody installed the package and its peers, with the files of a document. */
function folderWith(markdown: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
  folders.push(folder);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/otel-argo-metrics'), 'junction');
  for (const name of ['@opentelemetry', 'prom-client'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
  writeFiles(markdown, folder);
  return folder;
}

/** What the document says that a command prints. */
function textAfter(markdown: string, command: string): string {
  const blocks = codeBlocks(markdown);
  const index = blocks.findIndex(({ code }) => code.includes(command));
  expect(blocks[index + 1]?.language, command).to.equal('text');
  return blocks[index + 1]?.code ?? '';
}

function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

describe('programs of the documents', function () {
  this.timeout(TEST_TIMEOUT_MILLIS);
  after(removeFolders);
  for (const path of DOCUMENTS) {
    const markdown = readText(path);
    const programs = programsOf(markdown).filter(({ name }) => name !== WATCHER);
    if (programs.length === 0) continue;
    let folder: string;
    before(() => {
      folder = folderWith(markdown);
    });
    for (const program of programs)
      if (program.kind !== 'worker')
        it(`${path}: ${program.name}`, async () => {
          await checkProgram(folder, program);
        });
  }

  it('should have something to run, and to compare with', () => {
    const programs = programsOf(README);
    expect(programs.map(({ name }) => name)).to.include.members([
      'app.mjs',
      'main.mjs',
      'worker.mjs',
      WATCHER,
    ]);
    expect(programs.find(({ name }) => name === 'main.mjs')?.shows)
      .to.include('Failed')
      .and.to.include('Succeeded');
    expect(programs.filter(({ kind, shows }) => kind === 'server' && shows === undefined)).to.deep.equal(
      programs.filter(({ name }) => name === WATCHER),
    );
  });

  it('should notice a program that shows something else, and one that fails', async () => {
    const folder = folderWith(
      '```js\n// a.mjs\nconsole.log(1);\n```\n\n```js\n// b.mjs\nthrow new Error("no");\n```\n',
    );
    const reason = (shows: string, name: string): Promise<string> =>
      checkProgram(folder, { name, kind: 'program', shows }).then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await reason('1\n', 'a.mjs')).to.equal('');
    expect(await reason('2\n', 'a.mjs')).to.include('should print\n2\n');
    expect(await reason('', 'b.mjs')).to.include('no');
  });
});

/** What `lint` prints, findings and the closing line. */
function lint(folder: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/esm/bin.js'), 'lint', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}

describe('docs/argo.md', () => {
  after(removeFolders);

  it('should show a manifest that lint has nothing to say about', () => {
    const printed = lint(folderWith(readText('docs/argo.md')), 'report.yaml');
    expect(printed).to.equal('0 errors, 0 warnings in 3 metrics of 1 file\n');
  });

  it('should show what lint says of labels', () => {
    const markdown = readText('docs/argo.md');
    const shown = textAfter(markdown, 'lint --labels nightly.yaml');
    expect(shown).to.equal(lint(folderWith(markdown), '--labels', 'nightly.yaml'));
    expect(shown).to.include(' grows: ').and.to.include(' at most ').and.to.include(' unknown: ');
  });
});

describe('README', function () {
  this.timeout(TEST_TIMEOUT_MILLIS);
  after(removeFolders);
  it('should show what lint says of its manifest', () => {
    const shown = textAfter(README, 'lint nightly.yaml');
    expect(shown).to.equal(lint(folderWith(README), 'nightly.yaml'));
    expect(shown).to.match(/\n0 errors, 2 warnings in 1 metric of 1 file\n$/);
  });

  it('should name the two commands that CI runs', () => {
    const ci = readText('.ci/run');
    expect(README).to.include('npm ci && npm start').and.to.include('npm cit');
    expect(ci).to.include('npm cit').and.to.include('npm start');
  });

  it('should have a watcher that counts each workflow once, over gaps and restarts, and nothing that was there before', async () => {
    const folder = folderWith(README);
    const api = await WorkflowApi.start();
    try {
      api.finish('before-the-watcher');
      const watch = (runs: number): Promise<string> =>
        pageOf(folder, WATCHER, {
          args: [api.url],
          isWanted: page => {
            if (api.watchers > 0 && api.finished < 2) api.finish('while-it-watches');
            if (api.finished === 2 && page.includes('} 1\n')) api.breakOff(() => api.finish('in-a-gap'));
            return api.finished === 3 && page.includes(`status="Succeeded"} ${runs}\n`);
          },
        });
      expect(await watch(2)).to.include('argo_workflows_runs_total{status="Succeeded"} 2\n');
      // Now three are finished. A watcher that starts anew has seen none of them begin.
      const again = pageOf(folder, WATCHER, {
        args: [api.url],
        isWanted: page => {
          if (api.watchers > 0 && api.finished < 4) api.finish('after-a-restart');
          return page.includes('status="Succeeded"}');
        },
      });
      expect(await again).to.include('argo_workflows_runs_total{status="Succeeded"} 1\n');
    } finally {
      await api.shutdown();
    }
  });
});
