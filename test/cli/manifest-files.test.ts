import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { readManifestTexts } from '../../lib/cli/manifest-files.js';

describe('readManifestTexts', () => {
  let folder: string;
  const read = async (paths: string[], stdin = Readable.from([])): Promise<string[]> => {
    const found: string[] = [];
    for await (const text of readManifestTexts(paths, stdin)) {
      found.push(`${text.file.replace(folder, '')} ${'text' in text ? text.text : `! ${text.unreadable}`}`);
    }
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
});
