/** Throws when a rule is broken; otherwise returns the names of the functions that have a section. */
export function checkKernel(bytes: Uint8Array): string[];
