/** The rows of the Markdown table whose first column matches, as trimmed cells. */
export function tableRows(text: string, firstCell: RegExp): string[][] {
  return text
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    )
    .filter(([first = '']) => firstCell.test(first));
}

/** The identifiers that titles of tests begin with, in a source file: `'V-001 V-002 a View …'`. */
export function testedIds(text: string): Set<string> {
  const beginnings = text.matchAll(/['"`]((?:(?:[A-Z]-\d{3}|B\d\d) )+)/g);
  return new Set([...beginnings].flatMap(([, ids = '']) => ids.trim().split(' ')));
}
