import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { readManifestTexts } from '../../lib/cli/manifest-files.js';
import { runInMemory } from './run-in-memory.js';

describe('readManifestTexts', () => {
  let folder: string;
  const read = async (
    paths: string[],
    stdin = Readable.from([]),
    isIgnored?: (path: string) => boolean,
  ): Promise<string[]> => {
    const found: string[] = [];
    for await (const text of readManifestTexts({ paths, stdin, ...(isIgnored && { isIgnored }) }))
      found.push(`${text.file.replace(folder, '')} ${'text' in text ? text.text : `! ${text.unreadable}`}`);
    return found;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    for (const name of ['sub', 'node_modules', '.git', 'empty']) mkdirSync(join(folder, name));
    const files = {
      'b.yml': 'b',
      'a.yaml': 'a',
      'sub/c.json': '{"apiVersion": "argoproj.io/v1alpha1"}',
      'sub/other.json': '{}',
      'note.txt': 'n',
      'node_modules/d.yaml': 'd',
      '.git/e.yaml': 'e',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('should read what is in a folder by name, and JSON only if it is for Argo', async () => {
    expect(await read([folder])).to.deep.equal([
      '/a.yaml a',
      '/b.yml b',
      '/sub/c.json {"apiVersion": "argoproj.io/v1alpha1"}',
    ]);
  });

  it('should read any file that is named, once', async () => {
    const note = join(folder, 'note.txt');
    expect(await read([note, note, join(folder, 'sub/other.json')])).to.deep.equal([
      '/note.txt n',
      '/sub/other.json {}',
    ]);
  });

  it('should read the standard input, cut inside of a character', async () => {
    const bytes = Buffer.from('é');
    expect(await read(['-'], Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]))).to.deep.equal([
      'stdin é',
    ]);
  });

  it('should say why a file cannot be read, and go on', async () => {
    expect(await read([join(folder, 'none'), join(folder, 'empty'), join(folder, 'a.yaml')])).to.deep.equal([
      '/none ! ENOENT: no such file or directory',
      '/empty ! no YAML or JSON file is in this folder',
      '/a.yaml a',
    ]);
  });

  it('should take other names of the standard input for it, once', async () => {
    expect(await read(['/dev/stdin', '-'], Readable.from(['a']))).to.deep.equal(['stdin a']);
  });

  it('should leave out what is ignored, folders and named files too', async () => {
    const isIgnored = (path: string): boolean => path.endsWith('/sub') || path.endsWith('a.yaml');
    expect(await read([folder, join(folder, 'a.yaml')], undefined, isIgnored)).to.deep.equal(['/b.yml b']);
    const all = (path: string): boolean => path !== folder;
    expect(await read([folder], undefined, all)).to.deep.equal([]);
  });

  it('should not follow links to folders, nor links that lead nowhere or in a circle', async () => {
    const links = join(folder, 'links');
    mkdirSync(links);
    symlinkSync(folder, join(links, 'up.yaml'));
    symlinkSync('around.yaml', join(links, 'around.yaml'));
    symlinkSync('../b.yml', join(links, 'good.yml'));
    const found = await read([links]);
    rmSync(links, { recursive: true });
    expect(found).to.deep.equal([
      '/links/around.yaml ! ELOOP: too many symbolic links encountered',
      '/links/good.yml b',
      '/links/up.yaml ! a link to a folder, not a regular file',
    ]);
  });
});

describe('faults: lint-folder-fifo', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'manifests-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('should refuse what is no regular file, in folders and by name, without opening it', async () => {
    const names = ['pipe.yaml', 'zero.yaml', 'socket.yaml'];
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    const server = createServer().listen(join(folder, 'socket.yaml'));
    await once(server, 'listening');
    writeFileSync(join(folder, 'sound.yaml'), 'kind: Workflow\n');
    const { stdout, exitCode } = await runInMemory(['lint', folder]);
    expect(exitCode).to.equal(ExitCode.failed);
    for (const [name, kind] of [
      ['pipe.yaml', 'a pipe'],
      ['zero.yaml', 'a device'],
      ['socket.yaml', 'a socket'],
    ] as const)
      expect(stdout).to.contain(
        `${join(folder, name)}:1:1: error FILE_UNREADABLE: ${kind}, not a regular file`,
      );
    expect(stdout).to.match(/^3 errors, 0 warnings in 0 metrics of 4 files$/m);
    const named = await runInMemory(['lint', ...names.map(name => join(folder, name)), '/dev/zero']);
    expect(named.stdout.match(/FILE_UNREADABLE/g)).to.have.length(4);
    server.close();
  });

  it('should read no more of the standard input than the bound', async () => {
    const endless = new Readable({ read: () => endless.push(Buffer.alloc(1024 * 1024)) });
    const { stdout, exitCode } = await runInMemory(['lint', '/dev/stdin'], { stdin: endless });
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stdout).to.match(/^stdin:1:1: error FILE_UNREADABLE: larger than \d+ bytes$/m);
  });

  it('should read UTF-16 as Go does, and say so when it cannot', async () => {
    const text =
      'kind: Workflow\nspec: {metrics: {prometheus: [{name: a.b, help: h, counter: {value: "1"}}]}}\n';
    writeFileSync(join(folder, 'marked.yaml'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    writeFileSync(join(folder, 'unmarked.yaml'), Buffer.from(text, 'utf16le'));
    const { stdout } = await runInMemory(['lint', folder]);
    expect(stdout).to.match(/unmarked\.yaml:1:1: error FILE_UNREADABLE: UTF-16 without a byte order mark/);
    expect(stdout).to.match(/(?<!un)marked\.yaml:2:38: error NAME_INVALID/);
    expect(stdout).to.match(/ in 1 metric of 2 files$/m);
  });
});
