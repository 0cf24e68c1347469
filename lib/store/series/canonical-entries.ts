// The attributes of a canonical text one by one, each name and value parsed alone. JSON.parse of the whole is faster, but in
// V8 13.6 and 14.6 (Node 24 and 26), once it has seen objects of a kind, it takes of a name with an escape the first
// characters as they stand in the text: `{"\"":1,"\",":2}` then has a name `\"` in place of `",`.

/** @throws SyntaxError for what is no canonical text */
export function* canonicalEntries(text: string): Generator<[name: string, value: unknown], void, undefined> {
  let at = 1;
  while (text[at] === '"') {
    const nameEnd = endOfText(text, at);
    const valueEnd = endOfValue(text, nameEnd + 1);
    yield [JSON.parse(text.slice(at, nameEnd)) as string, JSON.parse(text.slice(nameEnd + 1, valueEnd))];
    at = valueEnd + 1;
  }
  if (text !== '{}' && (at !== text.length || !text.endsWith('}')))
    throw new SyntaxError('this is no canonical text of attributes');
}

/** Behind the closing quote. */
function endOfText(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfText(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at) - 1;
    else if (character === '[' || character === '{') depth++;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === ']' || character === '}') depth--;
  }
  return text.length;
}
