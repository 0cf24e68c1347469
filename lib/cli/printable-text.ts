// What manifests, recordings and names of files say must not steer the terminal, or look like a line of ours.

const STEERING = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** One line: what would end it, or steer the terminal, is escaped. */
export function printable(text: string): string {
  return text.replace(STEERING, character => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** As {@link printable}, for a message of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** As {@link printable}, but every character stays one, because marks are counted along it. */
export function printableLine(text: string): string {
  return text.replace(STEERING, character => (character === '\t' ? character : '\uFFFD'));
}
