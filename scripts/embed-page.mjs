// The page of the endpoint as a module: its three files as strings. Comments and blanks are left out, because they are sent to
// each visitor; names stay, so that who looks at it in a browser can read it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const page = join(dirname(fileURLToPath(import.meta.url)), '../lib/exposition/page');

function read(ending) {
  return readFileSync(join(page, `page.${ending}`), 'utf8');
}

function shorten(loader) {
  const options = {
    loader,
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    target: 'es2022',
  };
  return transformSync(read(loader), options).code;
}

/** The text of lib/exposition/page/page-files.ts. */
export function embedPage() {
  const texts = {
    PAGE_HTML: read('html').replace(/\n\s*/g, '\n'),
    PAGE_CSS: shorten('css'),
    PAGE_JS: shorten('js'),
  };
  const constants = Object.entries(texts).map(
    ([name, text]) => `export const ${name}: string = ${JSON.stringify(text)};\n`,
  );
  return `// The files of the page, embedded by scripts/build.mjs.\n${constants.join('')}`;
}
