// Goal: a manifest means here what it means to Argo. Method: what Go's YAML made of the same texts, recorded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';
import { ROOT } from '../../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: unknown;
  readonly error?: string;
  readonly strictError?: string;
}

const recorded = JSON.parse(readFileSync(join(ROOT, 'test/argo/manifest/golden/go-yaml.json'), 'utf8')) as {
  documents: Row[];
};

/** The problems that make Go refuse a document. */
function refusals(text: string): string[] {
  return readManifests(text)
    .problems.filter(({ code }) => code === 'YAML_INVALID')
    .map(({ message }) => message);
}

describe('readManifests', () => {
  it('should have rows to compare with', () => {
    expect(recorded.documents.length).to.be.greaterThan(150);
  });

  for (const { input, value, error, strictError } of recorded.documents)
    it(`should read ${JSON.stringify(input)} as Go does`, () => {
      if (error !== undefined) {
        expect(refusals(input), error).to.not.be.empty;
        return;
      }
      const { documents, problems: refused } = readManifests(input);
      const problems = [...refused, ...(documents[0]?.problems ?? [])];
      // Go makes null of an empty text; here it is no document at all.
      expect(documents[0]?.value ?? null).to.deep.equal(value);
      expect(problems.map(({ code }) => code)).to.deep.equal(strictError ? ['YAML_KEY_DUPLICATED'] : []);
    });
});

describe('documents of a file', () => {
  const values = (text: string): unknown[] => readManifests(text).documents.map(({ value }) => value);

  it('should read each, with comments, separators and carriage returns around', () => {
    expect(values('# a\n---\na: 1\n---\n---\n# nothing\n--- {b: 2}\n...\n')).to.deep.equal([
      { a: 1 },
      { b: 2 },
    ]);
    expect(values('a: 1\r\n---\r\nb: yes\r\n')).to.deep.equal([{ a: 1 }, { b: true }]);
    expect(values('a: |\n  ---\n  b\n')).to.deep.equal([{ a: '---\nb\n' }]);
  });

  it('should read the others when one is broken, and say where', () => {
    const text = 'a: 1\n---\nb: [1\n---\nc: 3\n';
    expect(values(text)).to.deep.equal([{ a: 1 }, { c: 3 }]);
    const { problems } = readManifests(text);
    expect(problems.map(({ code }) => code)).to.deep.equal(['YAML_INVALID']);
    expect(problems[0]?.offset).to.be.within(text.indexOf('b:'), text.indexOf('---\nc'));
  });

  it('should find the values of a later document in the file', () => {
    const text = 'a: 1\n---\nb:\n  - c: {d: x}\n';
    const span = readManifests(text).documents[1]?.locate('b[0].c.d');
    expect(span).to.deep.equal({ offset: text.indexOf('x'), length: 1 });
  });
});

describe('a manifest in a text of another', () => {
  it('should be read with its places in the file', () => {
    const text =
      'kind: ConfigMap\ndata:\n  \'a.yaml\': |-\n    kind: X\n    b:\n      - c\n    ---\n    d: [e\n  f: "g: \\"h\\""\n';
    const [document] = readManifests(text).documents;
    const { documents, problems } = document?.readEmbedded('data["a.yaml"]') ?? {
      documents: [],
      problems: [],
    };
    expect(documents.map(({ value }) => value)).to.deep.equal([{ kind: 'X', b: ['c'] }]);
    expect(documents[0]?.locate('b[0]')).to.deep.equal({ offset: text.indexOf('- c') + 2, length: 1 });
    expect(problems[0]?.offset).to.be.within(text.indexOf('d: [e'), text.indexOf('  f: '));
    const quoted = document?.readEmbedded('data.f').documents[0];
    expect(quoted?.value).to.deep.equal({ g: 'h' });
    expect(quoted?.locate('g').offset).to.equal(text.indexOf('\\"h'));
  });

  it('should be nothing where there is no text', () => {
    const [document] = readManifests('a: {b: 1}\n').documents;
    for (const path of ['a', 'a.c', 'a.b.c'])
      expect(document?.readEmbedded(path)).to.deep.equal({ documents: [], problems: [] });
  });
});

describe('signs that Go refuses', () => {
  const isRefused = (text: string): boolean => readManifests(text).problems.length > 0;

  it('should be said with their place, once a document', () => {
    const { problems, documents } = readManifests('a: 1\n---\nb: x\u0000\u0001\n---\nc: \u009B\n');
    expect(problems.map(({ offset, message }) => `${offset} ${message}`)).to.deep.equal([
      '13 control characters are not allowed',
      '23 control characters are not allowed',
    ]);
    expect(documents).to.have.length(1);
  });

  it('should be those of Go, in quotes, plain texts, blocks and comments', () => {
    const places = (sign: string): string[] => [
      `a: "x${sign}y"\n`,
      `a: x${sign}y\n`,
      `a: |\n  x${sign}y\n`,
      `# x${sign}y\na: 1\n`,
    ];
    for (const sign of ['\u007F', '\u0007', '\uFFFE', '\uFFFF', '\u009B', '\u000B', '\u001B'])
      expect(places(sign).map(isRefused), JSON.stringify(sign)).to.deep.equal([true, true, true, true]);
    for (const sign of ['\uFEFF', '\uE000', '😀', '\t'])
      expect(places(sign).map(isRefused), JSON.stringify(sign)).to.deep.equal([false, false, false, false]);
    // They end a line, and what follows is no key.
    for (const sign of ['\u0085', '\u2028'])
      expect(places(sign).map(isRefused), JSON.stringify(sign)).to.deep.equal([false, true, true, true]);
  });

  it('should be fewer in JSON', () => {
    expect(isRefused('{"a": "\u007F\uFEFF\u2028\u0085"}')).to.equal(false);
    expect(isRefused('{"a": "\u0001"}')).to.equal(true);
  });
});

describe('hostile manifests', () => {
  it('should refuse documents that are too large, unread', () => {
    const { documents, problems } = readManifests(`a: 1\n---\nb: ${'x'.repeat(4 * 1024 * 1024)}\n`);
    expect(documents).to.have.length(1);
    expect(problems.map(({ code }) => code)).to.deep.equal(['MANIFEST_TOO_LARGE']);
  });

  it('should refuse to expand little text to very much', () => {
    const levels = Array.from({ length: 30 }, (_, n) =>
      n === 0
        ? 'a0: &a0 [x, x]'
        : `a${n}: &a${n} [${Array(9)
            .fill(`*a${n - 1}`)
            .join(', ')}]`,
    );
    expect(refusals(levels.join('\n'))).to.deep.equal(['document contains excessive aliasing']);
    const merges = levels.map((_, n) =>
      n === 0
        ? 'a0: &a0 {x: 1}'
        : `a${n}: &a${n} {b: {<<: [${Array(9)
            .fill(`*a${n - 1}`)
            .join(', ')}]}}`,
    );
    expect(refusals(merges.join('\n'))).to.deep.equal(['document contains excessive aliasing']);
  });

  it('should refuse what nests without end', () => {
    expect(refusals(`a: ${'['.repeat(100_000)}`)).to.not.be.empty;
    expect(refusals('a: '.concat('{a: '.repeat(300), '1', '}'.repeat(300)))).to.deep.equal([
      'nested deeper than 200 levels',
    ]);
    expect(refusals('a: &a {<<: *a}')).to.deep.equal(["anchor 'a' value contains itself"]);
    expect(readManifests('a: &a {<<: *a}\nb: 1').documents).to.deep.equal([]);
  });

  it('should say where blocks nest too deeply, and read the other documents', () => {
    const nested = (depth: number): string =>
      Array.from({ length: depth }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    for (const deep of [
      nested(1300),
      nested(900),
      '- '.repeat(20_000),
      '? '.repeat(1300),
      '{"a":'.repeat(5000),
    ]) {
      const { documents, problems } = readManifests(`b: 1\n---\n${deep}`);
      expect(documents.map(({ value }) => value)).to.deep.equal([{ b: 1 }]);
      expect(problems.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([
        'YAML_INVALID nested too deeply, or with brackets that are not closed',
      ]);
      expect(problems[0]?.offset).to.be.greaterThan(400);
    }
  });

  it('should neither throw on any text nor lose itself in a path', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        ':',
        ' ',
        '\n',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '&a ',
        '*a',
        '<<: ',
        '"',
        "'",
        '|',
        '>',
        '#',
        '!!int ',
        '---',
        '...',
        '\t',
        '1',
        '?',
      ],
    );
    const text = fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join(''));
    fc.assert(
      fc.property(text, input => {
        const { documents, problems } = readManifests(input);
        for (const document of documents) {
          const { offset, length } = document.locate('a[0].a.a', 3);
          expect(offset + length).to.be.at.most(input.length + 1);
        }
        for (const { offset } of problems) expect(offset).to.be.within(0, input.length);
      }),
      { numRuns: 3000 },
    );
  });
});
