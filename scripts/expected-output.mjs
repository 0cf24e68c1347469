// What a program prints against what was committed. `<number>` stands for any number, `<any>` for the rest of a line, and a
// line of `<lines>` for any lines, as few as can be.

/** Throws with the first line that differs. */
export function compareOutput(actual, expected) {
  const [actualLines, expectedLines] = [actual.trimEnd().split('\n'), expected.trimEnd().split('\n')];
  let line = 0;
  let isOpen = false;
  for (const pattern of expectedLines) {
    if (pattern === '<lines>') {
      isOpen = true;
      continue;
    }
    const found = isOpen
      ? actualLines.findIndex((text, index) => index >= line && matches(text, pattern))
      : line;
    if (found < 0 || actualLines[found] === undefined || !matches(actualLines[found], pattern))
      throw new Error(
        `line ${line + 1}${isOpen ? ' or later' : ''}\n  expected: ${pattern}\n  printed:  ${actualLines[line] ?? 'nothing'}`,
      );
    line = found + 1;
    isOpen = false;
  }
  if (!isOpen && line < actualLines.length)
    throw new Error(`line ${line + 1}\n  expected: nothing\n  printed:  ${actualLines[line]}`);
}

function matches(line, pattern) {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const wild = escaped.replaceAll('<number>', '[-+]?[0-9][0-9_,.e+-]*').replaceAll('<any>', '.*');
  return new RegExp(`^${wild}$`).test(line);
}
