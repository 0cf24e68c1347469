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

/** The identifiers that stand at the beginning of the titles of tests in a source file. */
export function testedIds(text: string, id: RegExp): Set<string> {
  const titles = [
    ...text.matchAll(/\bit\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g),
  ].map(([, single, double, template]) => single ?? double ?? template ?? '');
  return new Set(
    titles.flatMap(title => {
      const [leading = ''] = /^(?:[A-Z]-?\d+ )+/.exec(title) ?? [];
      return leading.split(' ').filter(word => id.test(word));
    }),
  );
}
