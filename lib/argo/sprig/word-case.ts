// Words of identifiers, as the Go library `xstrings` finds them: snake_case, kebab-case and PascalCase.
import { spend } from '../budget/evaluation-limits.js';
import { isUpper, lowerCharacter, upperCharacter } from '../go/text/go-case.js';
import { isSpace } from '../go/text/go-text.js';

type WordKind = 'none' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/** What the library counts as Chinese, Japanese and Korean. */
const IDEOGRAPH = /[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]/u;

/** Steps of finding the kind of a character. */
const CHARACTER_COST = 25;

const END: Word = { kind: 'none', text: '' };

/** `HTTPServer2xx` becomes `http_server_2xx`. */
export function delimitWords(text: string, connector: string): string {
  const words = splitWords(text);
  let index = 0;
  let out = '';
  const take = (): Word => words[index++] ?? END;
  const isLast = (): boolean => index >= words.length;
  const write = (word: Word): void => {
    out += lowerWord(word, connector);
  };
  // Digits belong to letters that follow them in lower case, and to no others.
  const takeLetters = (word: Word): Word => {
    let next = word;
    for (; next.kind === 'alphabet' || next.kind === 'number'; next = take()) write(next);
    if (!endsWord(next) && next.kind !== 'none') out += connector;
    return next;
  };

  let word = take();
  while (!isLast()) {
    if (word.kind !== 'connector') write(word);
    const previous = word;
    word = take();
    if (previous.kind === 'number') word = takeLetters(word);
    else if (previous.kind === 'connector') write(previous);
    else if (previous.kind !== 'punctuation')
      if (word.kind !== 'number') {
        if (!endsWord(word)) out += connector;
      } else if (!isLast()) {
        const digits = word;
        word = take();
        if (word.kind === 'alphabet') {
          out += connector;
          write(digits);
          word = takeLetters(word);
        } else {
          write(digits);
          if (!endsWord(word)) out += connector;
        }
      }
  }
  write(word);
  return out;
}

function endsWord({ kind }: Word): boolean {
  return kind === 'connector' || kind === 'punctuation';
}

function lowerWord({ kind, text }: Word, connector: string): string {
  if (kind !== 'upper' && kind !== 'connector') return text;
  return [...text]
    .map(character => {
      if (isConnector(character)) return connector;
      return isUpper(character) ? lowerCharacter(character) : character;
    })
    .join('');
}

function splitWords(text: string): Word[] {
  spend(text.length * CHARACTER_COST);
  const characters = [...text];
  const words: Word[] = [];
  for (let start = 0; start < characters.length;) {
    const { kind, end } = wordAt(characters, start);
    words.push({ kind, text: characters.slice(start, end).join('') });
    start = end;
  }
  return words;
}

function wordAt(characters: readonly string[], start: number): { kind: WordKind; end: number } {
  const kind = kindOf(characters[start] ?? '');
  if (kind === 'upper') return { kind, end: endOfUpper(characters, start + 1) };
  const belongs = (character: string): boolean => kindOf(character) === kind;
  return { kind, end: endOfRun(characters, start + 1, belongs) };
}

/** `HTTPStatus` is `HTTP` and `Status`: the last capital before a small letter begins the next word. */
function endOfUpper(characters: readonly string[], start: number): number {
  const isCapital = (character: string): boolean => kindOf(character) === 'upper';
  const isSmall = (character: string): boolean => kindOf(character) === 'alphabet';
  if (!isCapital(characters[start] ?? '')) return endOfRun(characters, start, isSmall);
  const end = endOfRun(characters, start + 1, isCapital);
  return isSmall(characters[end] ?? '') ? end - 1 : end;
}

function endOfRun(
  characters: readonly string[],
  start: number,
  belongs: (character: string) => boolean,
): number {
  let end = start;
  while (end < characters.length && belongs(characters[end] ?? '')) end++;
  return end;
}

/** The kinds of ASCII, which is nearly all that identifiers have: the classes of Unicode are slow to ask for. */
const ASCII_KINDS: readonly WordKind[] = Array.from({ length: 128 }, (_, unit) =>
  unicodeKindOf(String.fromCharCode(unit)),
);

function kindOf(character: string): WordKind {
  const unit = character.charCodeAt(0);
  return (unit < 128 ? ASCII_KINDS[unit] : undefined) ?? unicodeKindOf(character);
}

function unicodeKindOf(character: string): WordKind {
  if (isConnector(character)) return 'connector';
  if (/^\p{P}$/u.test(character)) return 'punctuation';
  if (isUpper(character)) return 'upper';
  if (/^\p{L}$/u.test(character)) return IDEOGRAPH.test(character) ? 'other' : 'alphabet';
  if (/^\p{N}$/u.test(character)) return 'number';
  return character === '' ? 'none' : 'other';
}

function isConnector(character: string): boolean {
  return character === '-' || character === '_' || isSpace(character);
}

/** `http_server` becomes `HttpServer`. Connectors at the start stay, and of several in a row all but one. */
export function pascalCase(text: string): string {
  spend(text.length * 2);
  const characters = [...text];
  const start = characters.findIndex(character => !isConnector(character));
  // The library writes the last character twice here, and so the real controller does.
  if (start < 0) return text + (characters.at(-1) ?? '');
  let out = characters.slice(0, start).join('');
  let isInCapitals = isUpper(characters[start] ?? '');
  let previous = upperCharacter(characters[start] ?? '');
  for (const character of characters.slice(start + 1)) {
    let current = character;
    if (isConnector(previous)) {
      if (isConnector(current)) {
        out += previous;
        continue;
      }
      isInCapitals = isUpper(current);
      current = upperCharacter(current);
    } else {
      if (isInCapitals)
        if (isUpper(current)) current = lowerCharacter(current);
        else isInCapitals = false;
      out += previous;
    }
    previous = current;
  }
  return out + previous;
}
