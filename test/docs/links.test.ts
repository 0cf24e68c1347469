// Goal: no link of the documents leads nowhere. Method: look for the file, and in it for the heading.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { ROOT, listFiles, readText } from '../support/source-tree.js';

const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'deploy/README.md', 'lib/README.md'],
  ...listFiles('docs').filter(path => path.endsWith('.md')),
];

const withoutCode = (markdown: string): string => markdown.replaceAll(/^```.*?^```$/gms, '');

/** As GitHub and npm name them. */
function headingsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Links that lead nowhere, of a document that stands at a path. */
function brokenLinks(path: string, markdown: string): string[] {
  const links = withoutCode(markdown).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]+))?\)/g);
  return [...links].flatMap(([link, file = '', heading]) => {
    const target = file === '' ? path : posix.join(posix.dirname(path), file);
    if (!existsSync(join(ROOT, target))) return [`${path}: ${link}`];
    const text = target === path ? markdown : heading === undefined ? '' : readText(target);
    return heading === undefined || headingsOf(text).includes(heading) ? [] : [`${path}: ${link}`];
  });
}

describe('links of the documents', () => {
  it('should lead to files and headings that exist', () => {
    expect(DOCUMENTS.flatMap(path => brokenLinks(path, readText(path)))).to.deep.equal([]);
  });

  it('should be seen when they do not', () => {
    const markdown =
      '# One thing\n[a](#one-thing) [b](#another) [c](limits.md) [d](no.md)\n```\n[e](no.md)\n```\n';
    expect(brokenLinks('docs/limits.md', markdown)).to.deep.equal([
      'docs/limits.md: ](#another)',
      'docs/limits.md: ](no.md)',
    ]);
  });
});
