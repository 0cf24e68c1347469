// Cuts a JSONPath into the texts of its steps, as the Go library that Argo uses does: quotes and parentheses protect what
// is inside of brackets.
import { PathError } from './jsonpath-steps.js';

export function tokenizePath(path: string): string[] {
  checkStart(path);
  const tokens = [path.slice(0, 1)];
  const counts = new Map<string, number>();
  const count = (character: string): number => counts.get(character) ?? 0;
  let token = '';
  const finish = (text: string, remainder: string): void => {
    tokens.push(text.replace(/^\./, ''));
    token = remainder;
  };
  for (const character of path.slice(1)) {
    if (token === '') for (const protecting of "'()") counts.set(protecting, 0);
    if (`'()[]`.includes(character)) counts.set(character, count(character) + 1);
    token += character;
    if (token === '.') continue;
    if (token === '..') {
      tokens.push('..');
      token = '';
      continue;
    }
    if (character === '[') {
      // A bracket ends a name before it; a bracket in brackets belongs to them.
      if (token !== '[' && token !== '.[' && token.indexOf('[') === token.length - 1)
        finish(token.slice(0, -1), '[');
      continue;
    }
    const isProtected = count("'") % 2 === 1 || count('(') !== count(')');
    if (isProtected) continue;
    if (token.includes('[')) {
      if (character === ']' && count('[') === count(']')) finish(token, '');
    } else if (character === '.') finish(token.slice(0, -1), '.');
  }
  if (token !== '') tokens.push(token.replace(/^\./, ''));
  return tokens;
}

function checkStart(path: string): void {
  const unexpected = (character: string, index: number): PathError =>
    new PathError(`unexpected token '${character}' at index ${index}`);
  if (path === '') throw unexpected('', 0);
  if (!/^[$@]/.test(path)) throw unexpected([...path][0] ?? '', 0);
  if (path.length > 1 && !/^.[.[]/.test(path)) throw unexpected(path.charAt(1), 1);
}
