// Where this code is when it runs. Of the two names that Node has for that, bundlers leave the one of the module that they
// write, whichever kind they read: the other one is undefined then, or not declared at all.

/** The folder of the file that this code runs from: in a bundle, that of the bundle. Undefined where nobody says. */
export function codeFolder(): string | undefined {
  // In this order: a program that is an argument of Node (-e) has a global __dirname, which ESM sees too.
  const folder = import.meta.dirname as string | undefined;
  return folder ?? (typeof __dirname === 'string' ? __dirname : undefined);
}
