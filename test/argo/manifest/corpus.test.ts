// Goal: `lint` says what the real decoder and the real controller say, at its place, and nothing else. Method: manifests of
// the shapes that people write, sound and broken, each with the findings it must have beside it: `NAME.txt` holds a line
// `LINE:COLUMN SEVERITY CODE` for each finding, in the order of the file, or the one word `sound`.
import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/manifest/manifest-linter.js';
import { listFiles, readText } from '../../support/source-tree.js';

const FOLDER = 'test/argo/manifest/corpus';
const SOUND = 'sound';

const manifests = listFiles(FOLDER).filter(path => /\.(?:ya?ml|json)$/.test(path));

function expectedOf(path: string): string[] {
  return readText(path.replace(/\.\w+$/, '.txt'))
    .trim()
    .split('\n');
}

function findingsOf(path: string): string[] {
  const { findings } = new ManifestLinter().lint(path, readText(path));
  const lines = findings.map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
  return lines.length === 0 ? [SOUND] : lines;
}

describe('the corpus of manifests', () => {
  for (const path of manifests) {
    it(`lints ${path.slice(FOLDER.length + 1)} as expected`, () => {
      expect(findingsOf(path)).to.deep.equal(expectedOf(path));
    });
  }

  it('has manifests without a finding, at least half as many as all', () => {
    const sound = manifests.filter(path => expectedOf(path)[0] === SOUND);
    expect(sound.length * 2).to.be.at.least(manifests.length);
  });
});
