/** An expression that cannot be compiled: its text is wrong, or types in it do not go together. */
export class ExpressionSyntaxError extends Error {
  /** UTF-16 index into the expression. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

const PREFIX = '\n | ';

/** The message with line, column and a caret under the place, as expr-lang writes it. */
export function messageAt(source: string, position: number, message: string): string {
  const start = source.lastIndexOf('\n', position - 1) + 1;
  const end = source.indexOf('\n', start);
  const line = source.slice(start, end < 0 ? undefined : end);
  if (line === '') return message;
  const lineNumber = source.slice(0, start).split('\n').length;
  // Columns are counted in code points.
  const column = [...source.slice(start, position)].length;
  const caret = `${'.'.repeat(column)}^`;
  return `${message} (${lineNumber}:${column + 1})${PREFIX}${line.replaceAll('\t', ' ')}${PREFIX}${caret}`;
}
