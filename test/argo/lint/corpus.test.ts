// Goal: `lint` says what the real decoder and the real controller say, at its place, and nothing else. Method: manifests of
// the shapes that people write, sound and broken, each with the findings it must have beside it: `NAME.txt` holds a line
// `LINE:COLUMN SEVERITY CODE` for each finding, in the order of the file, or the one word `sound`.
import { expect } from 'chai';
import fc from 'fast-check';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import { listFiles, readText } from '../../support/source-tree.js';

const FOLDER = 'test/argo/lint/corpus';
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
  for (const path of manifests)
    it(`finds in ${path.slice(FOLDER.length + 1)} what stands beside it`, () => {
      expect(findingsOf(path)).to.deep.equal(expectedOf(path));
    });

  it('has manifests without a finding, at least half as many as all', () => {
    const sound = manifests.filter(path => expectedOf(path)[0] === SOUND);
    expect(sound.length * 2).to.be.at.least(manifests.length);
  });

  it('is linted without harm when any part of it is lost, doubled or exchanged', () => {
    const texts = manifests.map(readText);
    const edit = fc.record({
      text: fc.nat(texts.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(40),
      other: fc.constantFrom(
        '',
        ' ',
        '\n',
        '  ',
        '"',
        '{',
        '}}',
        '{{',
        '|',
        '- ',
        ': ',
        '*metrics',
        '&a ',
        '\u0000',
        '😀',
        '5',
        '# ',
      ),
    });
    fc.assert(
      fc.property(edit, fc.integer({ min: 1, max: 4 }), ({ text, at, length, other }, times) => {
        let edited = texts[text] ?? '';
        for (let time = 0; time < times; time++) {
          const start = Math.floor((edited.length * (at + time / 7)) % edited.length || 0);
          edited = edited.slice(0, start) + other + edited.slice(start + length);
        }
        const lines = edited.split('\n');
        for (const { line, column, length: marked, lineText, message } of new ManifestLinter().lint(
          'f',
          edited,
        ).findings) {
          expect(line).to.be.within(1, lines.length);
          expect(lineText).to.equal((lines[line - 1] ?? '').replace(/\r$/, ''));
          expect(column).to.be.within(1, lineText.length + 1);
          expect(column - 1 + marked).to.be.at.most(lineText.length + 1);
          expect(message.length).to.be.below(650);
        }
      }),
      { numRuns: Number(process.env['GENERATED_INPUTS'] ?? 500) },
    );
  });
});
